package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command for operators takes, and how it talks to the node. */
final class OpsOptions {
  static final String OPS = "/api/v1/ops/";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Mixin private NodeOptions node = new NodeOptions();

  @Option(names = "--json", description = "Print the node's answer as it is, for programs.")
  private boolean json;

  /** Reads, and prints the answer as JSON or as the table does it. */
  int show(Shell shell, String path, Consumer<JsonNode> table) throws IOException {
    try (var api = new Api(node.url(shell.environment()), node.key(shell.environment()))) {
      return print(shell, reached(api, () -> api.get(OPS + path)), table);
    }
  }

  /** Tells the node to do something, once however often it is sent, and prints what it did. */
  int tell(Shell shell, String path, ObjectNode body) throws IOException {
    try (var api = new Api(node.url(shell.environment()), node.key(shell.environment()))) {
      var key = UUID.randomUUID().toString();
      var answer = reached(api, () -> api.post(OPS + path, body.toString(), key));
      return print(
          shell,
          answer,
          done ->
              shell.say(
                  (done.path("dry_run").asBoolean() ? "it would: " : "")
                      + done.path("effect").asText()));
    }
  }

  static ObjectNode body() {
    return JsonNodeFactory.instance.objectNode();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private int print(Shell shell, String answer, Consumer<JsonNode> table) throws IOException {
    if (json) {
      shell.say(answer);
    } else {
      table.accept(JSON.readTree(answer));
    }
    return 0;
  }

  private interface Call {
    String send() throws IOException;
  }

  private static String reached(Api api, Call call) throws IOException {
    try {
      return call.send();
    } catch (ConnectException e) {
      throw NodeOptions.silent(api.node(), e);
    }
  }
}
