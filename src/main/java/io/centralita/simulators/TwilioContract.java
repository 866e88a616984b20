package io.centralita.simulators;

import io.centralita.phone.PhoneNumbers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Twilio Lookup: {@code GET /v2/PhoneNumbers/{number}?Fields=line_type_intelligence}. */
record TwilioContract(long seed) implements ValidatorContract {
  static final String PATH = "/v2/PhoneNumbers/";

  private static final String BASIC = "Basic ";

  private static final ValidatorReply UNAUTHORIZED = error(401, 20003, "Authenticate");
  private static final ValidatorReply TOO_MANY = error(429, 20429, "Too many requests");
  private static final ValidatorReply INTERNAL = error(500, 20500, "Internal server error");

  private record Failure(int code, String message, String moreInfo, int status) {}

  private record LineType(
      String type,
      String carrierName,
      @Nullable String mobileCountryCode,
      @Nullable String mobileNetworkCode,
      @Nullable Integer errorCode) {}

  private record Lookup(
      @Nullable String callingCountryCode,
      @Nullable String countryCode,
      String phoneNumber,
      @Nullable String nationalFormat,
      boolean valid,
      List<String> validationErrors,
      @Nullable LineType lineTypeIntelligence) {}

  /** HTTP Basic with the token as the password of any account. */
  @Override
  public boolean admits(@Nullable String authorization, String token) {
    if (authorization == null || !authorization.startsWith(BASIC)) {
      return false;
    }
    try {
      var plain = Base64.getDecoder().decode(authorization.substring(BASIC.length()));
      var credentials = new String(plain, StandardCharsets.UTF_8);
      return credentials.indexOf(':') > 0
          && credentials.substring(credentials.indexOf(':') + 1).equals(token);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** A number that is none is answered too, with what is wrong with it. */
  @Override
  public Question question(
      HttpServerRequest request, String number, Buffer body, ValidatorFaults faults) {
    var digits = E164.digits(number);
    if (digits == E164.NONE) {
      return new Refused(invalid(number, "NOT_A_NUMBER"));
    } else if (!E164.known(digits)) {
      return new Refused(invalid(number, "INVALID_COUNTRY_CODE"));
    }
    return new Asked(List.of(digits), "line_type_intelligence".equals(request.getParam("Fields")));
  }

  @Override
  public ValidatorReply answer(
      Asked asked, ValidatorFaults.@Nullable Kind fault, ValidatorMood mood) {
    var number = asked.first();
    return switch (fault) {
      case WRONG_TYPES ->
          ValidatorReply.json(
              200,
              Map.of("phone_number", number, "valid", "yes", "line_type_intelligence", "mobile"));
      case LEFT_OUT -> ValidatorReply.json(200, lookup(number, false));
      case STRANGER -> ValidatorReply.json(200, lookup(number + 1, asked.withDetails()));
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
    return ValidatorReply.answer(200, lookup(asked.first(), asked.withDetails()), asked.numbers());
  }

  private Lookup lookup(long number, boolean withLineType) {
    return new Lookup(
        E164.callingCode(number),
        E164.country(number),
        PhoneNumbers.e164(number),
        E164.atHome(number),
        true,
        List.of(),
        withLineType ? lineType(ValidatorTruth.lineOf(number, seed)) : null);
  }

  private static LineType lineType(ValidatorTruth.Line line) {
    var mobile = line.kind() == ValidatorTruth.LineKind.MOBILE;
    return new LineType(
        type(line),
        line.carrier().name(),
        mobile ? line.carrier().mobileCountryCode() : null,
        mobile ? line.carrier().mobileNetworkCode() : null,
        null);
  }

  private static String type(ValidatorTruth.Line line) {
    return switch (line.kind()) {
      case MOBILE -> "mobile";
      case FIXED -> "landline";
      case FIXED_VOIP -> "fixedVoip";
      case NON_FIXED_VOIP -> "nonFixedVoip";
      case TOLL_FREE -> "tollFree";
    };
  }

  private static ValidatorReply invalid(String number, String why) {
    return ValidatorReply.json(
        200, new Lookup(null, null, number, null, false, List.of(why), null));
  }

  private static ValidatorReply error(int status, int code, String message) {
    var about = "https://www.twilio.com/docs/errors/" + code;
    return ValidatorReply.json(status, new Failure(code, message, about, status));
  }
}
