package io.centralita.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** The HTTP face of a running simulator's settings and counts, under {@code /_simulator/}. */
final class Control<F> {
  static final String PREFIX = "/_simulator/";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** A simulator that can be controlled; {@code F} says how it behaves. */
  interface Controlled<F> {
    F faults();

    void faults(F faults);

    /** The counts, as an object to be written as JSON. */
    Object stats();

    void resetStats();

    /** What was asked of each number, as an object to be written as JSON. */
    Object calls();
  }

  private final Controlled<F> simulator;
  private final Class<F> type;

  Control(Controlled<F> simulator, Class<F> type) {
    this.simulator = simulator;
    this.type = type;
  }

  void handle(HttpServerRequest request, String what) {
    var method = request.method();
    if (what.equals("faults") && method.equals(HttpMethod.GET)) {
      answer(request, 200, simulator.faults());
    } else if (what.equals("faults") && method.equals(HttpMethod.PUT)) {
      request.body().onSuccess(body -> change(request, body.toString()));
    } else if (what.equals("stats") && method.equals(HttpMethod.GET)) {
      answer(request, 200, simulator.stats());
    } else if (what.equals("stats") && method.equals(HttpMethod.DELETE)) {
      simulator.resetStats();
      request.response().setStatusCode(204).end();
    } else if (what.equals("calls") && method.equals(HttpMethod.GET)) {
      answer(request, 200, simulator.calls());
    } else {
      refuse(request, 404, "no such control");
    }
  }

  /** What the body does not name stays as it is. */
  private void change(HttpServerRequest request, String body) {
    try {
      if (!(JSON.readTree(body) instanceof ObjectNode changes)) {
        throw new IllegalArgumentException("expected a JSON object");
      }
      ObjectNode merged = JSON.valueToTree(simulator.faults());
      changes.properties().forEach(change -> merge(merged, change.getKey(), change.getValue()));
      var faults = JSON.treeToValue(merged, type);
      simulator.faults(faults);
      answer(request, 200, faults);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      refuse(request, 400, String.valueOf(e.getMessage()));
    }
  }

  private static void merge(ObjectNode into, String name, JsonNode value) {
    if (into.get(name) instanceof ObjectNode before && value instanceof ObjectNode changes) {
      before.setAll(changes);
    } else {
      into.set(name, value);
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
