package io.centralita.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.outside.Headers;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Evidence.Status;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Carrier and kind of line by Twilio Lookup, version 2: {@code GET
 * /v2/PhoneNumbers/{number}?Fields=line_type_intelligence}, one number a call.
 */
final class TwilioLookup implements Validator {
  private static final int NO_SUCH_NUMBER = 404;
  private static final int NO_SUCH_RESOURCE = 20404; // Twilio's code of that 404

  private final Source.Twilio twilio;
  private final Headers headers;
  private final Duration timeout;
  private final OutsideClient client;
  private final InstantSource clock;

  TwilioLookup(Source.Twilio twilio, Duration timeout, OutsideClient client, InstantSource clock) {
    var credentials = twilio.account() + ":" + twilio.token();
    this.twilio = twilio;
    this.headers =
        Headers.of(
            "Accept",
            "application/json",
            "Authorization",
            "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    this.timeout = timeout;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public String method() {
    return "twilio";
  }

  @Override
  public int largestBatch() {
    return 1;
  }

  @Override
  public CompletionStage<Reply> check(List<Long> phones) {
    var phone = phones.getFirst();
    var uri =
        URI.create(
            twilio.url() + "/v2/PhoneNumbers/%2B" + phone + "?Fields=line_type_intelligence");
    return Replies.of(
        client.send(Request.get(uri, headers, timeout)),
        clock,
        response -> answered(response, phone));
  }

  private static Reply answered(Response response, long phone) {
    return switch (response.status()) {
      case 200 -> found(Replies.json(response), phone);
      case NO_SUCH_NUMBER ->
          Replies.json(response).path("code").asInt() == NO_SUCH_RESOURCE
              ? new Reply.Answered(Map.of(phone, Verdict.of(Status.NOT_FOUND)))
              : Replies.unexpected(response);
      default -> Replies.unexpected(response);
    };
  }

  private static Reply found(JsonNode answer, long phone) {
    if (!answer.isObject()) {
      return new Reply.Broken("its answer is no JSON object");
    }
    var line = answer.path("line_type_intelligence");
    if (!PhoneNumbers.e164(phone).equals(answer.path("phone_number").textValue())
        || !answer.path("valid").isBoolean()
        || (answer.path("valid").booleanValue() && !line.isObject())) {
      return new Reply.Answered(Map.of()); // of another number, or without what was asked for
    }
    if (!answer.path("valid").booleanValue()) {
      return new Reply.Answered(Map.of(phone, Verdict.of(Status.NOT_FOUND)));
    }
    var error = line.path("error_code");
    var verdict =
        error.isNull() || error.isMissingNode()
            ? Verdict.of(Status.ACTIVE).with(details(line))
            : Verdict.of(Status.ERROR).because("no kind of line: " + error.asText());
    return new Reply.Answered(Map.of(phone, verdict));
  }

  private static LineDetails details(JsonNode line) {
    return new LineDetails(
        lineType(line.path("type").asText()),
        LineDetails.given(line.path("carrier_name")),
        LineDetails.given(line.path("mobile_country_code")),
        LineDetails.given(line.path("mobile_network_code")));
  }

  private static @Nullable String lineType(String type) {
    return switch (type) {
      case "mobile" -> LineDetails.MOBILE;
      case "landline" -> LineDetails.FIXED;
      case "fixedVoip", "nonFixedVoip" -> LineDetails.VOIP;
      case "tollFree" -> LineDetails.TOLL_FREE;
      case "", "null", "unknown" -> null;
      default -> LineDetails.OTHER;
    };
  }
}
