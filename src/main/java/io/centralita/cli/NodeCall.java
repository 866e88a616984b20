package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A request to the node that the options name. */
final class NodeCall {
  static final JsonMapper JSON = JsonMapper.builder().build();

  @Mixin private NodeOptions node = new NodeOptions();

  /** What reads an answer as it comes. */
  interface Reader<T> {
    T read(InputStream answer) throws IOException;
  }

  JsonNode get(Shell shell, String pathAndQuery) throws IOException {
    return send(shell, "GET", pathAndQuery, null, null);
  }

  /** Any request below {@code /api/v1}. */
  JsonNode send(
      Shell shell, String method, String path, @Nullable String contentType, @Nullable String body)
      throws IOException {
    return with(shell, api -> JSON.readTree(api.send(method, "/api/v1" + path, contentType, body)));
  }

  /** A POST whose answer takes long, and comes in pieces. */
  <T> T follow(Shell shell, String path, Reader<T> reader) throws IOException {
    return with(
        shell,
        api -> {
          try (var answer = api.follow("/api/v1" + path)) {
            return reader.read(answer);
          }
        });
  }

  private <T> T with(Shell shell, NodeOptions.Call<T> call) throws IOException {
    try {
      return node.with(shell, call);
    } catch (JsonProcessingException e) {
      throw new CommandFailure("the node's answer is not what this program understands", e);
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
