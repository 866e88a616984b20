package io.centralita.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.outside.Headers;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Evidence.Status;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Carrier and kind of line by Telnyx Number Lookup: {@code GET
 * /v2/number_lookup/{number}?type=carrier}, one number a call.
 */
final class TelnyxLookup implements Validator {
  private static final int NO_SUCH_NUMBER = 422;

  private final Source.Telnyx telnyx;
  private final Headers headers;
  private final Duration timeout;
  private final OutsideClient client;
  private final InstantSource clock;

  TelnyxLookup(Source.Telnyx telnyx, Duration timeout, OutsideClient client, InstantSource clock) {
    this.telnyx = telnyx;
    this.headers =
        Headers.of("Accept", "application/json", "Authorization", "Bearer " + telnyx.key());
    this.timeout = timeout;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public String method() {
    return "telnyx";
  }

  @Override
  public int largestBatch() {
    return 1;
  }

  @Override
  public CompletionStage<Reply> check(List<Long> phones) {
    var phone = phones.getFirst();
    var uri = URI.create(telnyx.url() + "/v2/number_lookup/%2B" + phone + "?type=carrier");
    return Replies.of(
        client.send(Request.get(uri, headers, timeout)),
        clock,
        response -> answered(response, phone));
  }

  private static Reply answered(Response response, long phone) {
    return switch (response.status()) {
      case 200 -> found(Replies.json(response).path("data"), phone);
      case NO_SUCH_NUMBER ->
          Replies.json(response).path("errors").isArray()
              ? new Reply.Answered(Map.of(phone, Verdict.of(Status.NOT_FOUND)))
              : Replies.unexpected(response);
      default -> Replies.unexpected(response);
    };
  }

  private static Reply found(JsonNode data, long phone) {
    if (!data.isObject()) {
      return new Reply.Broken("its answer is no JSON with data");
    }
    var carrier = data.path("carrier");
    if (!PhoneNumbers.e164(phone).equals(data.path("phone_number").textValue())
        || !data.path("valid_number").isBoolean()
        || (data.path("valid_number").booleanValue() && !carrier.isObject())) {
      return new Reply.Answered(Map.of()); // of another number, or without what was asked for
    }
    if (!data.path("valid_number").booleanValue()) {
      return new Reply.Answered(Map.of(phone, Verdict.of(Status.NOT_FOUND)));
    }
    var error = LineDetails.given(carrier.path("error_code"));
    var verdict =
        error == null
            ? Verdict.of(Status.ACTIVE).with(details(carrier))
            : Verdict.of(Status.ERROR).because("no carrier: " + error);
    return new Reply.Answered(Map.of(phone, verdict));
  }

  private static LineDetails details(JsonNode carrier) {
    return new LineDetails(
        lineType(carrier.path("type").asText()),
        LineDetails.given(carrier.path("name")),
        LineDetails.given(carrier.path("mobile_country_code")),
        LineDetails.given(carrier.path("mobile_network_code")));
  }

  private static @Nullable String lineType(String type) {
    return switch (type) {
      case "mobile" -> LineDetails.MOBILE;
      case "fixed line" -> LineDetails.FIXED;
      case "voip" -> LineDetails.VOIP;
      case "toll free" -> LineDetails.TOLL_FREE;
      case "" -> null;
      default -> LineDetails.OTHER;
    };
  }
}
