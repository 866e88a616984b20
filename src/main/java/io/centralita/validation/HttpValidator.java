package io.centralita.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.http.Json;
import io.centralita.outside.Headers;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideException;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import io.centralita.outside.RetryAfter;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Evidence.Status;
import java.io.IOException;
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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A validator service that the customer runs: {@code POST {base}/check} with {@code {"numbers":
 * ["+52…"]}}, answered by a result for each. What it says of a number is taken only where it makes
 * sense; of a number that nobody asked for, or again of the same one, it is not.
 */
final class HttpValidator implements Validator {

  /**
   * Where a service is.
   *
   * @param base its address, without {@code /check}
   * @param token sent as a bearer token; never shown
   */
  record Service(URI base, String token, int largestBatch, Duration timeout) {
    @Override
    public String toString() {
      return "Service[" + base.getHost() + "]";
    }
  }

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration ORDINARY_PAUSE = Duration.ofSeconds(1);
  private static final int LONGEST_DETAILS = 4_000;

  private static final Set<Status> SAID =
      Set.of(Status.ACTIVE, Status.INACTIVE, Status.NOT_FOUND, Status.ERROR, Status.RATE_LIMITED);

  private record Question(List<String> numbers) {}

  private final Service service;
  private final URI check;
  private final Headers headers;
  private final OutsideClient client;
  private final InstantSource clock;

  HttpValidator(Service service, OutsideClient client, InstantSource clock) {
    this.service = service;
    this.check = URI.create(service.base().toString().replaceAll("/+$", "") + "/check");
    var plain = Headers.of("Content-Type", "application/json", "Accept", "application/json");
    this.headers =
        service.token().isEmpty()
            ? plain
            : plain.with("Authorization", "Bearer " + service.token());
    this.client = client;
    this.clock = clock;
  }

  @Override
  public String method() {
    return "service";
  }

  @Override
  public int largestBatch() {
    return service.largestBatch();
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
    return client
        .send(Request.post(check, headers, body, service.timeout()))
        .handle((response, failure) -> reply(response, failure, phones));
  }

  private Reply reply(@Nullable Response response, @Nullable Throwable failure, List<Long> phones) {
    if (response == null) {
      return new Reply.Broken(reason(failure));
    }
    return switch (response.status()) {
      case 200 -> answered(response, phones);
      case 429 ->
          new Reply.Throttled(
              RetryAfter.parse(
                      response.headers().first("Retry-After"), clock.instant(), LONGEST_PAUSE)
                  .orElse(ORDINARY_PAUSE));
      case 401, 403 -> new Reply.Broken("it refuses the token");
      default -> new Reply.Broken("it answered " + response.status());
    };
  }

  private static String reason(@Nullable Throwable failure) {
    var cause = failure instanceof CompletionException e ? e.getCause() : failure;
    if (cause instanceof OutsideException outside) {
      return outside.reason();
    }
    throw new CompletionException(failure);
  }

  private static Reply answered(Response response, List<Long> phones) {
    JsonNode results;
    try {
      results = Json.MAPPER.readTree(response.body()).path("results");
    } catch (IOException _) {
      return new Reply.Broken("its answer is not JSON");
    }
    if (!results.isArray()) {
      return new Reply.Broken("its answer has no results");
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
    var most = (double) LONGEST_PAUSE.toSeconds();
    return seconds > 0 ? Duration.ofMillis((long) (Math.min(seconds, most) * 1000)) : Duration.ZERO;
  }
}
