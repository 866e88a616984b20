package io.centralita.simulators;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.centralita.http.Json;
import io.centralita.http.Problem;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Platform;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A validator service: {@code POST /check} with a batch of numbers, of one platform. */
record CheckContract(Platform platform, long seed) implements ValidatorContract {

  private static final ValidatorReply UNAUTHORIZED = problem(401, "the token is not known");
  private static final ValidatorReply TOO_MANY = problem(429, "too many requests");
  private static final ValidatorReply INTERNAL = problem(500, "something went wrong");
  private static final ValidatorReply UNREADABLE =
      problem(400, "expected {\"numbers\":[…]} with at least one number");
  private static final ValidatorReply NO_NUMBER = problem(400, "not a number as E.164 writes it");

  private record Numbers(@Nullable List<@Nullable String> numbers) {}

  /** Of a number that has no account there is nothing to tell. */
  private record Details(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer lastSeenDays) {
    static final Details NONE = new Details(null);
  }

  private record Result(
      String number,
      String status,
      Details details,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer retryAfterS) {}

  private record Results(List<?> results) {}

  @Override
  public Question question(
      HttpServerRequest request, String number, Buffer body, ValidatorFaults faults) {
    var texts = texts(body);
    if (texts == null || texts.isEmpty()) {
      return new Refused(UNREADABLE);
    } else if (texts.size() > faults.batchSize()) {
      return new Refused(problem(413, "a batch has at most " + faults.batchSize() + " numbers"));
    }
    var numbers = new ArrayList<Long>(texts.size());
    for (var text : texts) {
      var digits = text == null ? E164.NONE : E164.digits(text);
      if (digits == E164.NONE) {
        return new Refused(NO_NUMBER);
      }
      numbers.add(digits);
    }
    return new Asked(numbers, true);
  }

  @Override
  public ValidatorReply answer(
      Asked asked, ValidatorFaults.@Nullable Kind fault, ValidatorMood mood) {
    if (fault == ValidatorFaults.Kind.WRONG_TYPES) {
      return ValidatorReply.json(
          200, new Results(asked.numbers().stream().map(this::bent).toList()));
    }
    var rest =
        fault == ValidatorFaults.Kind.LEFT_OUT || fault == ValidatorFaults.Kind.TWICE
            ? asked.numbers().subList(1, asked.numbers().size())
            : asked.numbers();
    var results = new ArrayList<Result>(asked.numbers().size() + 1);
    var answered = new ArrayList<Long>(rest.size());
    for (var number : rest) {
      var result = result(number, mood);
      results.add(result);
      if (result.retryAfterS() == null && !result.status().equals("ERROR")) {
        answered.add(number);
      }
    }
    if (fault == ValidatorFaults.Kind.TWICE) {
      results.addFirst(truth(asked.first()));
      results.add(contradiction(asked.first()));
    } else if (fault == ValidatorFaults.Kind.STRANGER) {
      results.add(truth(stranger(asked.numbers())));
    }
    return ValidatorReply.answer(200, new Results(results), answered);
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

  private Result result(long number, ValidatorMood mood) {
    if (mood.dice().hits(mood.faults().numberLimitedShare())) {
      var wait = mood.faults().retryAfterSeconds();
      return new Result(PhoneNumbers.e164(number), "RATE_LIMITED", Details.NONE, wait);
    }
    if (mood.dice().hits(mood.faults().numberErrorShare())) {
      return new Result(PhoneNumbers.e164(number), "ERROR", Details.NONE, null);
    }
    return truth(number);
  }

  private Result truth(long number) {
    return result(number, ValidatorTruth.statusOf(platform, number, seed));
  }

  private Result contradiction(long number) {
    return result(
        number,
        switch (ValidatorTruth.statusOf(platform, number, seed)) {
          case ACTIVE, INACTIVE -> ValidatorTruth.Status.NOT_FOUND;
          case NOT_FOUND -> ValidatorTruth.Status.ACTIVE;
        });
  }

  private Result result(long number, ValidatorTruth.Status status) {
    var details =
        status == ValidatorTruth.Status.NOT_FOUND
            ? Details.NONE
            : new Details(ValidatorTruth.lastSeenDays(platform, number, seed));
    return new Result(PhoneNumbers.e164(number), status.name(), details, null);
  }

  private Map<String, Object> bent(long number) {
    return Map.of("number", number, "status", 1, "details", "none", "retry_after_s", "soon");
  }

  private static long stranger(List<Long> numbers) {
    var stranger = numbers.getFirst() + 1;
    while (numbers.contains(stranger)) {
      stranger++;
    }
    return stranger;
  }

  private static @Nullable List<@Nullable String> texts(Buffer body) {
    try {
      var read = Json.MAPPER.readValue(body.getBytes(), Numbers.class);
      return read == null ? null : read.numbers();
    } catch (IOException _) {
      return null;
    }
  }

  private static ValidatorReply problem(int status, String detail) {
    return ValidatorReply.problem(status, Problem.of(status, detail));
  }
}
