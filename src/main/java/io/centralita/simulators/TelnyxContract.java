package io.centralita.simulators;

import io.centralita.phone.PhoneNumbers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Telnyx Number Lookup: {@code GET /v2/number_lookup/{number}?type=carrier}. */
record TelnyxContract(long seed) implements ValidatorContract {
  static final String PATH = "/v2/number_lookup/";

  private static final ValidatorReply UNAUTHORIZED =
      error(401, "10009", "Authentication failed", "The API key is not known.");
  private static final ValidatorReply TOO_MANY =
      error(429, "10011", "Too many requests", "The rate limit was exceeded.");
  private static final ValidatorReply INTERNAL =
      error(500, "10007", "Unexpected error", "An unexpected error occurred.");
  private static final ValidatorReply BAD_NUMBER =
      error(422, "10016", "Phone number must be in +E.164 format", "The number is not valid.");

  private record Failure(String code, String title, String detail) {}

  private record Failures(List<Failure> errors) {}

  private record Carrier(
      String name,
      String normalizedCarrier,
      String type,
      String mobileCountryCode,
      String mobileNetworkCode,
      @Nullable String errorCode) {}

  private record Portability(
      String lrn,
      String portedStatus,
      String portedDate,
      String ocn,
      String lineType,
      String spid,
      String spidCarrierName,
      String spidCarrierType,
      String city,
      String state) {}

  private record Lookup(
      String recordType,
      String countryCode,
      String nationalFormat,
      String phoneNumber,
      boolean validNumber,
      @Nullable String fraud,
      @Nullable Carrier carrier,
      Portability portability) {}

  private record Data(Object data) {}

  @Override
  public Question question(
      HttpServerRequest request, String number, Buffer body, ValidatorFaults faults) {
    var digits = E164.digits(number);
    return digits != E164.NONE && E164.known(digits)
        ? new Asked(List.of(digits), "carrier".equals(request.getParam("type")))
        : new Refused(BAD_NUMBER);
  }

  @Override
  public ValidatorReply answer(
      Asked asked, ValidatorFaults.@Nullable Kind fault, ValidatorMood mood) {
    var number = asked.first();
    return switch (fault) {
      case WRONG_TYPES ->
          ValidatorReply.json(
              200,
              new Data(Map.of("phone_number", number, "valid_number", "yes", "carrier", "mobile")));
      case LEFT_OUT -> ValidatorReply.json(200, new Data(lookup(number, false)));
      case STRANGER -> ValidatorReply.json(200, new Data(lookup(number + 1, asked.withDetails())));
      case null -> truth(asked);
      case SERVER_ERROR, HTML, CUT, HANG, TWICE -> truth(asked);
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
    return ValidatorReply.answer(
        200, new Data(lookup(asked.first(), asked.withDetails())), asked.numbers());
  }

  private Lookup lookup(long number, boolean withCarrier) {
    var line = ValidatorTruth.lineOf(number, seed);
    return new Lookup(
        "number_lookup",
        E164.country(number),
        E164.atHome(number),
        PhoneNumbers.e164(number),
        true,
        null,
        withCarrier ? carrier(line) : null,
        new Portability("", "N", "", "", type(line), "", "", "", "", ""));
  }

  private static Carrier carrier(ValidatorTruth.Line line) {
    var mobile = line.kind() == ValidatorTruth.LineKind.MOBILE;
    return new Carrier(
        line.carrier().name(),
        line.carrier().brand(),
        type(line),
        mobile ? line.carrier().mobileCountryCode() : "",
        mobile ? line.carrier().mobileNetworkCode() : "",
        null);
  }

  private static String type(ValidatorTruth.Line line) {
    return switch (line.kind()) {
      case MOBILE -> "mobile";
      case FIXED -> "fixed line";
      case FIXED_VOIP, NON_FIXED_VOIP -> "voip";
      case TOLL_FREE -> "toll free";
    };
  }

  private static ValidatorReply error(int status, String code, String title, String detail) {
    return ValidatorReply.json(status, new Failures(List.of(new Failure(code, title, detail))));
  }
}
