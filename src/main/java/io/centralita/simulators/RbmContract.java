package io.centralita.simulators;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What RCS Business Messaging can send to a phone: {@code GET
 * /v1/phones/{number}/capabilities?requestId=…&agentId=…}.
 */
record RbmContract(long seed) implements ValidatorContract {
  static final String PATH = "/v1/phones/";
  static final String END = "/capabilities";

  private static final List<String> FEATURES =
      List.of(
          "RICHCARD_STANDALONE",
          "RICHCARD_CAROUSEL",
          "ACTION_CREATE_CALENDAR_EVENT",
          "ACTION_DIAL",
          "ACTION_OPEN_URL",
          "ACTION_SHARE_LOCATION",
          "ACTION_VIEW_LOCATION");

  private static final ValidatorReply UNAUTHORIZED =
      error(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED");
  private static final ValidatorReply TOO_MANY =
      error(429, "Quota exceeded.", "RESOURCE_EXHAUSTED");
  private static final ValidatorReply INTERNAL =
      error(500, "Internal error encountered.", "INTERNAL");
  private static final ValidatorReply BAD_NUMBER =
      error(400, "The phone number is not valid.", "INVALID_ARGUMENT");
  private static final ValidatorReply INCOMPLETE =
      error(400, "requestId and agentId are required.", "INVALID_ARGUMENT");

  private record Failure(int code, String message, String status) {}

  private record Failed(Failure error) {}

  private record Capabilities(List<String> features) {}

  @Override
  public Question question(
      HttpServerRequest request, String number, Buffer body, ValidatorFaults faults) {
    var digits = E164.digits(number);
    if (digits == E164.NONE) {
      return new Refused(BAD_NUMBER);
    } else if (request.getParam("requestId") == null || request.getParam("agentId") == null) {
      return new Refused(INCOMPLETE);
    }
    return new Asked(List.of(digits), true);
  }

  @Override
  public ValidatorReply answer(
      Asked asked, ValidatorFaults.@Nullable Kind fault, ValidatorMood mood) {
    return switch (fault) {
      case WRONG_TYPES -> ValidatorReply.json(200, Map.of("features", "RICHCARD_STANDALONE"));
      case LEFT_OUT -> ValidatorReply.json(200, Map.of());
      case null -> truth(asked);
      case SERVER_ERROR, HTML, CUT, HANG, TWICE, STRANGER -> truth(asked);
    };
  }

  @Override
  public ValidatorReply unauthorized() {
    return UNAUTHORIZED;
  }

  @Override
  public ValidatorReply tooMany() {
    return TOO_MANY;
  }

  @Override
  public ValidatorReply serverError() {
    return INTERNAL;
  }

  private ValidatorReply truth(Asked asked) {
    return ValidatorTruth.hasRcs(asked.first(), seed)
        ? ValidatorReply.answer(200, new Capabilities(FEATURES), asked.numbers())
        : ValidatorReply.answer(
            404,
            failed(404, "The phone number is not reachable over RCS.", "NOT_FOUND"),
            asked.numbers());
  }

  private static Failed failed(int code, String message, String status) {
    return new Failed(new Failure(code, message, status));
  }

  private static ValidatorReply error(int code, String message, String status) {
    return ValidatorReply.json(code, failed(code, message, status));
  }
}
