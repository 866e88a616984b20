package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A request about proxies to the node that the options name. */
final class ProxiesCall {
  static final JsonMapper JSON = JsonMapper.builder().build();

  @Mixin private NodeOptions node = new NodeOptions();

  JsonNode get(Shell shell, String pathAndQuery) throws IOException {
    return send(shell, "GET", pathAndQuery, null, null);
  }

  JsonNode post(Shell shell, String path, Map<String, ?> body) throws IOException {
    return send(shell, "POST", path, "application/json", JSON.writeValueAsString(body));
  }

  JsonNode patch(Shell shell, String path, Map<String, ?> body) throws IOException {
    return send(shell, "PATCH", path, "application/json", JSON.writeValueAsString(body));
  }

  /**
   * Any request below {@code /api/v1/proxies}.
   *
   * @return the answer; missing where it has no body
   */
  JsonNode send(
      Shell shell, String method, String path, @Nullable String contentType, @Nullable String body)
      throws IOException {
    try {
      return node.with(
          shell,
          api -> JSON.readTree(api.send(method, "/api/v1/proxies" + path, contentType, body)));
    } catch (JsonProcessingException e) {
      throw new CommandFailure("the node's answer is not what this program understands", e);
    }
  }

  /** A line of the list: number, state, address, and what there is to say. */
  static String line(JsonNode proxy) {
    return "%4d  %-9s  %-32s  %-12s  %s"
        .formatted(
            proxy.path("id").asLong(),
            proxy.path("state").asText(),
            address(proxy),
            proxy.path("user").asText("shared"),
            proxy.path("reason").asText());
  }

  static String address(JsonNode proxy) {
    var least = proxy.path("port_min").asInt();
    var most = proxy.path("port_max").asInt();
    return proxy.path("ip").asText() + ":" + (least == most ? least : least + "-" + most);
  }
}
