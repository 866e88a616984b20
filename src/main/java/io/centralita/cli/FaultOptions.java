package io.centralita.cli;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How a simulator is to misbehave. */
final class FaultOptions {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

  /** Milliseconds, both included. */
  record Latency(int least, int most) {}

  @Option(
      names = "--latency",
      paramLabel = "MS",
      description = "How long each answer takes, such as 50 or 20-80 (milliseconds). Default: 0.")
  private String latency = "0";

  @Option(
      names = "--faults",
      paramLabel = "KIND=SHARE",
      split = ",",
      description =
          "Which share of the requests meets which fault, such as serverError=0.01,cut=0.005."
              + " An unknown kind tells which there are.")
  private Map<String, Double> faults = new LinkedHashMap<>();

  Latency latency() {
    var range = RANGE.matcher(latency);
    if (!range.matches()) {
      throw new Misuse("--latency: expected milliseconds such as 50 or 20-80");
    }
    var least = Integer.parseInt(range.group(1));
    var most = range.group(2) == null ? least : Integer.parseInt(range.group(2));
    if (most < least) {
      throw new Misuse("--latency: " + latency + " is not a range");
    }
    return new Latency(least, most);
  }

  /** The shares by the simulator's own kinds, which are written serverError or SERVER_ERROR. */
  <K extends Enum<K>> Map<K, Double> shares(Class<K> kinds) {
    var byName =
        Arrays.stream(kinds.getEnumConstants())
            .collect(Collectors.toMap(kind -> plain(kind.name()), kind -> kind));
    var shares = new HashMap<K, Double>();
    faults.forEach(
        (name, share) -> {
          var kind = byName.get(plain(name));
          if (kind == null) {
            throw new Misuse("--faults: there is no " + name + "; there are " + names(kinds));
          }
          shares.put(kind, share("--faults " + name, share));
        });
    if (shares.values().stream().mapToDouble(Double::doubleValue).sum() > 1) {
      throw new Misuse("--faults: the shares add up to more than 1");
    }
    return shares;
  }

  /** The part of a whole that an option gives, if it is one. */
  static double share(String option, double value) {
    if (!(value >= 0 && value <= 1)) { // nor NaN
      throw new Misuse(option + ": expected a share from 0 to 1");
    }
    return value;
  }

  private static String plain(String name) {
    return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  private static <K extends Enum<K>> String names(Class<K> kinds) {
    return Arrays.stream(kinds.getEnumConstants())
        .map(kind -> camel(kind.name()))
        .collect(Collectors.joining(", "));
  }

  private static String camel(String name) {
    var words = name.toLowerCase(Locale.ROOT).split("_", -1);
    var camel = new StringBuilder(words[0]);
    for (var i = 1; i < words.length; i++) {
      camel.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return camel.toString();
  }
}
