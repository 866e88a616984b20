package io.centralita.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
      description =
          "The node, as http://host:port. Default: what CENTRALITA_HTTP_HOST and"
              + " CENTRALITA_HTTP_PORT say.")
  private @Nullable String url;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "The API key. Better given as CENTRALITA_KEY: a command line can be seen by others."
              + " Default: CENTRALITA_ADMIN_KEY, or the key generated in the data directory.")
  private @Nullable String key;

  /** What is done with a node. */
  interface Call<T> {
    T with(Api api) throws IOException;
  }

  /** Does it with the node that the options name. */
  <T> T with(Shell shell, Call<T> call) throws IOException {
    var url = url(shell.environment());
    try (var api = new Api(url, key(shell.environment()))) {
      return call.with(api);
    } catch (ConnectException e) {
      throw silent(url, e);
    }
  }

  /** What is said where nobody answers. */
  static CommandFailure silent(URI url, ConnectException failure) {
    return new CommandFailure(
        "no node answers at "
            + url
            + ": start one with ./centralita serve, or name another with --url",
        failure);
  }

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
      throw notAUrl(text, e);
    }
    throw notAUrl(text, null);
  }

  private Misuse notAUrl(String text, @Nullable Exception cause) {
    var where = url == null ? "CENTRALITA_HTTP_HOST and CENTRALITA_HTTP_PORT" : "--url";
    var message = where + ": expected http://host:port, not " + text;
    return cause == null ? new Misuse(message) : new Misuse(message, cause);
  }

  String key(Map<String, String> environment) {
    return said(key)
        .or(() -> said(environment.get("CENTRALITA_KEY")))
        .or(() -> said(environment.get("CENTRALITA_ADMIN_KEY")))
        .or(
            () ->
                said(environment.get("CENTRALITA_ADMIN_KEY_FILE"))
                    .flatMap(file -> said(read(file, " (CENTRALITA_ADMIN_KEY_FILE)"))))
        .or(() -> generated(environment).flatMap(NodeOptions::said))
        .orElseThrow(
            () ->
                new CommandFailure(
                    "no key: give one with CENTRALITA_KEY or --key. A node of your own keeps its"
                        + " first one in .centralita/secrets/admin-key; run this where it was"
                        + " started, or set CENTRALITA_DATA_DIR."));
  }

  /** What is empty is as good as not given: so Compose passes on a variable that is not set. */
  private static Optional<String> said(@Nullable String text) {
    return Optional.ofNullable(text).map(String::strip).filter(said -> !said.isEmpty());
  }

  private Optional<String> generated(Map<String, String> environment) {
    var file =
        Path.of(environment.getOrDefault("CENTRALITA_DATA_DIR", ".centralita"))
            .resolve("secrets")
            .resolve("admin-key");
    return Files.exists(file) ? Optional.of(read(file.toString(), "")) : Optional.empty();
  }

  /**
   * @param saidBy what named the file
   */
  private static String read(String file, String saidBy) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new CommandFailure("the key in " + file + " cannot be read" + saidBy, e);
    }
  }
}
