package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;

/** A node's answer that says no: an RFC 9457 problem, as a sentence that names the fields. */
final class Refusal extends CommandFailure {
  private static final long serialVersionUID = 1L;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final int status;

  private Refusal(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status. */
  int status() {
    return status;
  }

  /** Whether the same request may be accepted a little later. */
  boolean isPassing() {
    return status == 503 || status == 429 || status == 502 || status == 504;
  }

  static Refusal of(int status, String body) {
    return new Refusal(status, sentence(status, body) + " (HTTP " + status + ")");
  }

  private static String sentence(int status, String body) {
    JsonNode problem;
    try {
      problem = JSON.readTree(body);
    } catch (JsonProcessingException _) {
      problem = JSON.createObjectNode(); // a proxy between us answers in HTML
    }
    var fields = new ArrayList<String>();
    for (var error : problem.path("errors")) {
      fields.add(error.path("field").asText() + ": " + error.path("reason").asText());
    }
    if (!fields.isEmpty()) {
      return "the node refused it: " + String.join("; ", fields);
    }
    var detail = problem.path("detail").asText();
    if (status == 401) {
      return "the key is missing, wrong or revoked: give one with --key or CENTRALITA_KEY";
    }
    // A node always says why; a proxy before it, or another program, does not.
    if (!detail.isEmpty()) {
      return detail;
    }
    return status >= 500
        ? "the node does not answer, something before it does"
        : "what answers there is no node of Centralita: see --url";
  }
}
