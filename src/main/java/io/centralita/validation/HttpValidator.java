package io.centralita.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.http.Json;
import io.centralita.outside.Headers;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Evidence.Status;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A validator service that the customer runs: {@code POST {base}/check} with {@code {"numbers":
 * ["+52…"]}}, answered by a result for each. What it says of a number is taken only where it makes
 * sense; of a number that nobody asked for, or again of the same one, it is not.
 */
final class HttpValidator implements Validator {

  private static final int LONGEST_DETAILS = 4_000;

  private static final Set<Status> SAID =
      Set.of(Status.ACTIVE, Status.INACTIVE, Status.NOT_FOUND, Status.ERROR, Status.RATE_LIMITED);

  private record Question(List<String> numbers) {}

  private final URI check;
  private final Headers headers;
  private final int largestBatch;
  private final Duration timeout;
  private final OutsideClient client;
  private final InstantSource clock;

  HttpValidator(
      Source.Service service,
      int largestBatch,
      Duration timeout,
      OutsideClient client,
      InstantSource clock) {
    this.check = URI.create(service.url() + "/check");
    var plain = Headers.of("Content-Type", "application/json", "Accept", "application/json");
    this.headers =
        service.token().isEmpty()
            ? plain
            : plain.with("Authorization", "Bearer " + service.token());
    this.largestBatch = largestBatch;
    this.timeout = timeout;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public String method() {
    return "service";
  }

  @Override
  public int largestBatch() {
    return largestBatch;
  }

  @Override
  public CompletionStage<Reply> check(List<Long> phones) {
    byte[] body;
    try {
      body =
          Json.MAPPER.writeValueAsBytes(
              new Question(phones.stream().map(PhoneNumbers::e164).toList()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a question cannot be written", e);
    }
    return Replies.of(
        client.send(Request.post(check, headers, body, timeout)),
        clock,
        response ->
            response.status() == 200 ? answered(response, phones) : Replies.unexpected(response));
  }

  private static Reply answered(Response response, List<Long> phones) {
    var results = Replies.json(response).path("results");
    if (!results.isArray()) {
      return new Reply.Broken("its answer is no JSON with results");
    }
    var asked = new HashSet<>(phones);
    var verdicts = new HashMap<Long, Verdict>();
    for (var result : results) {
      var number = result.path("number");
      var phone = number.isTextual() ? PhoneNumbers.read(number.textValue()) : -1;
      if (asked.contains(phone)) {
        verdict(result).ifPresent(verdict -> verdicts.putIfAbsent(phone, verdict));
      }
    }
    return new Reply.Answered(Map.copyOf(verdicts));
  }

  private static Optional<Verdict> verdict(JsonNode result) {
    var word = result.path("status");
    if (!word.isTextual()) {
      return Optional.empty();
    }
    var name = word.textValue().toUpperCase(Locale.ROOT);
    return Arrays.stream(Status.values())
        .filter(status -> SAID.contains(status) && status.name().equals(name))
        .findFirst()
        .map(status -> new Verdict(status, details(result), retryAfter(result)));
  }

  private static @Nullable String details(JsonNode result) {
    var details = result.path("details");
    if (!details.isObject() || details.isEmpty()) {
      return null;
    }
    var text = details.toString();
    return text.length() > LONGEST_DETAILS ? null : text;
  }

  private static Duration retryAfter(JsonNode result) {
    var seconds = result.path("retry_after_s").asDouble(0);
    var most = (double) Replies.LONGEST_PAUSE.toSeconds();
    return seconds > 0 ? Duration.ofMillis((long) (Math.min(seconds, most) * 1000)) : Duration.ZERO;
  }
}
