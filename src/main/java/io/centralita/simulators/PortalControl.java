package io.centralita.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** The HTTP face of a running simulator's settings and counts, under {@code /_simulator/}. */
final class PortalControl {
  static final String PREFIX = "/_simulator/";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final PortalSimulator portal;

  PortalControl(PortalSimulator portal) {
    this.portal = portal;
  }

  void handle(HttpServerRequest request, String what) {
    var method = request.method();
    if (what.equals("faults") && method.equals(HttpMethod.GET)) {
      answer(request, 200, portal.faults());
    } else if (what.equals("faults") && method.equals(HttpMethod.PUT)) {
      request.body().onSuccess(body -> change(request, body.toString()));
    } else if (what.equals("stats") && method.equals(HttpMethod.GET)) {
      answer(request, 200, portal.stats());
    } else if (what.equals("stats") && method.equals(HttpMethod.DELETE)) {
      portal.resetStats();
      request.response().setStatusCode(204).end();
    } else if (what.equals("calls") && method.equals(HttpMethod.GET)) {
      answer(request, 200, portal.calls());
    } else {
      refuse(request, 404, "no such control");
    }
  }

  /** What the body does not name stays as it is. */
  private void change(HttpServerRequest request, String body) {
    try {
      JsonNode merged = JSON.valueToTree(portal.faults());
      merged = JSON.readerForUpdating(merged).readValue(body);
      var faults = JSON.treeToValue(merged, Faults.class);
      portal.faults(faults);
      answer(request, 200, faults);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      refuse(request, 400, String.valueOf(e.getMessage()));
    }
  }

  private static void refuse(HttpServerRequest request, int status, String why) {
    answer(request, status, JSON.createObjectNode().put("message", why));
  }

  private static void answer(HttpServerRequest request, int status, Object value) {
    try {
      var body = JSON.writeValueAsString(value);
      request
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "application/json")
          .end(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a control answer cannot be written as JSON", e);
    }
  }
}
