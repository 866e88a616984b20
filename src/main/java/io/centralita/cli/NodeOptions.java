package io.centralita.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node a command talks to, and by which key. */
final class NodeOptions {

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The node. Default: http://CENTRALITA_HTTP_HOST:CENTRALITA_HTTP_PORT.")
  private @Nullable String url;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "The API key. Better given as CENTRALITA_KEY: a command line can be seen by others."
              + " Default: CENTRALITA_ADMIN_KEY, or the key generated in the data directory.")
  private @Nullable String key;

  URI url(Map<String, String> environment) {
    var text =
        url != null
            ? url
            : "http://"
                + environment.getOrDefault("CENTRALITA_HTTP_HOST", "127.0.0.1")
                + ":"
                + environment.getOrDefault("CENTRALITA_HTTP_PORT", "8800");
    try {
      var uri = new URI(text.replaceAll("/+$", ""));
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new CommandFailure("--url: " + text + " is not a URL", e);
    }
    throw new CommandFailure("--url: expected http://host:port, not " + text);
  }

  String key(Map<String, String> environment) {
    return Optional.ofNullable(key)
        .or(() -> Optional.ofNullable(environment.get("CENTRALITA_KEY")))
        .or(() -> Optional.ofNullable(environment.get("CENTRALITA_ADMIN_KEY")))
        .or(() -> Optional.ofNullable(environment.get("CENTRALITA_ADMIN_KEY_FILE")).map(this::read))
        .or(() -> generated(environment))
        .map(String::strip)
        .filter(found -> !found.isEmpty())
        .orElseThrow(
            () ->
                new CommandFailure(
                    "no key: give one with CENTRALITA_KEY or --key. A node of your own keeps its"
                        + " first one in .centralita/secrets/admin-key; run this where it was"
                        + " started, or set CENTRALITA_DATA_DIR."));
  }

  private Optional<String> generated(Map<String, String> environment) {
    var file =
        Path.of(environment.getOrDefault("CENTRALITA_DATA_DIR", ".centralita"))
            .resolve("secrets")
            .resolve("admin-key");
    return Files.exists(file) ? Optional.of(read(file.toString())) : Optional.empty();
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new CommandFailure("the key in " + file + " cannot be read", e);
    }
  }
}
