package io.centralita;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Reads settings one at a time. A bad one stops the start with a sentence that names it as whoever
 * set it knows it: the environment's variable, else the path in the configuration.
 */
final class SettingReader {

  /** A setting that cannot be meant. */
  static final class BadSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadSetting(String name, String reason) {
      super(name + ": " + reason);
    }
  }

  private static final String VARIABLE = "env var ";

  private final Config config;

  SettingReader(Config config) {
    this.config = config;
  }

  String text(String path) {
    return read(path, Config::getString, "text");
  }

  boolean flag(String path) {
    return read(path, Config::getBoolean, "true or false");
  }

  int number(String path, int least, int most) {
    var expected = "a whole number from " + least + " to " + most;
    var number = read(path, Config::getInt, expected);
    if (number < least || number > most) {
      throw bad(path, "expected " + expected + ", not " + number);
    }
    return number;
  }

  int port(String path) {
    return number(path, 0, 65_535);
  }

  /** A size in bytes, at least one. */
  long bytes(String path) {
    var expected = "a size above nothing, such as 32MiB";
    var bytes = read(path, Config::getBytes, expected);
    if (bytes < 1) {
      throw bad(path, "expected " + expected);
    }
    return bytes;
  }

  /** A time longer than none. */
  Duration duration(String path) {
    var expected = "a time above nothing, such as 500ms or 2s";
    var duration = read(path, Config::getDuration, expected);
    if (!duration.isPositive()) {
      throw bad(path, "expected " + expected);
    }
    return duration;
  }

  /** An http or https URL. */
  URI url(String path) {
    try {
      var uri = new URI(text(path));
      var scheme = uri.getScheme();
      if (("http".equals(scheme) || "https".equals(scheme)) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw bad(path, "not a URL: " + e.getReason());
    }
    throw bad(path, "expected http://… or https://…");
  }

  /** Times longer than none, one after another. */
  List<Duration> durations(String path) {
    var expected = "times above nothing, such as [5s, 5m]";
    var durations = read(path, Config::getDurationList, expected);
    if (!durations.stream().allMatch(Duration::isPositive)) {
      throw bad(path, "expected " + expected);
    }
    return List.copyOf(durations);
  }

  /** The exception for a setting whose value is wrong. */
  BadSetting bad(String path, String reason) {
    return new BadSetting(name(path), reason);
  }

  private <T> T read(String path, BiFunction<Config, String, T> as, String expected) {
    try {
      return as.apply(config, path);
    } catch (ConfigException.Missing | ConfigException.WrongType | ConfigException.BadValue e) {
      throw new BadSetting(name(path), "expected " + expected + given(path));
    }
  }

  private String given(String path) {
    return config.hasPath(path) ? ", not '" + config.getValue(path).unwrapped() + "'" : "";
  }

  private String name(String path) {
    var origin = config.hasPath(path) ? config.getValue(path).origin().description() : "";
    return origin.startsWith(VARIABLE) ? origin.substring(VARIABLE.length()) : "centralita." + path;
  }
}
