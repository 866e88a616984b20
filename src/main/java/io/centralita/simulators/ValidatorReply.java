package io.centralita.simulators;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.centralita.http.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/**
 * A validator's answer.
 *
 * @param answered the numbers of which it tells the truth
 */
record ValidatorReply(int status, CharSequence type, Buffer body, List<Long> answered) {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence PROBLEM =
      HttpHeaders.createOptimized("application/problem+json");

  /** A page with status 200, as a load balancer sends it. */
  static final ValidatorReply PAGE =
      new ValidatorReply(
          200,
          PortalReply.MAINTENANCE.type(),
          PortalReply.MAINTENANCE.plain().content(),
          List.of());

  ValidatorReply {
    answered = List.copyOf(answered);
  }

  static ValidatorReply json(int status, Object value) {
    return answer(status, value, List.of());
  }

  static ValidatorReply answer(int status, Object value, List<Long> answered) {
    return new ValidatorReply(status, JSON, bytes(value), answered);
  }

  static ValidatorReply problem(int status, Object value) {
    return new ValidatorReply(status, PROBLEM, bytes(value), List.of());
  }

  private static Buffer bytes(Object value) {
    try {
      return Buffer.buffer(Json.MAPPER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer cannot be written as JSON", e);
    }
  }
}
