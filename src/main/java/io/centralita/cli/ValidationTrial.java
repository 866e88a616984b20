package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Platform;
import io.centralita.simulators.ValidatorService;
import io.centralita.simulators.ValidatorSimulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Has numbers validated on five platforms, and holds what came of it against what the simulated
 * validators know and what they were asked.
 */
final class ValidationTrial {

  /**
   * What it came to.
   *
   * @param calls of all validators
   */
  record Outcome(long validations, long calls, double seconds) {
    double perSecond() {
      return validations / seconds;
    }

    /** The share that was made of the calls which could have been made. */
    double share(int callsAtOnce, int latencyMs) {
      return calls * (latencyMs / 1000.0) / (seconds * callsAtOnce);
    }
  }

  /** The most numbers of one job. */
  static final int LARGEST_JOB = 100_000;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String JOBS = "/api/v1/validation-jobs";
  private static final int LOOK_EVERY_MS = 20;

  private final Api api;
  private final ValidatorSimulator validators;
  private final int batch;
  private final int callsAtOnce;
  private long next;

  /**
   * @param first number that is asked for; the others follow it
   */
  ValidationTrial(Api api, ValidatorSimulator validators, int batch, int callsAtOnce, long first) {
    this.api = api;
    this.validators = validators;
    this.batch = batch;
    this.callsAtOnce = callsAtOnce;
    this.next = first;
  }

  /** Asks for so many numbers that nobody asked for before, to the end of all their jobs. */
  Outcome run(int numbers) throws IOException {
    validators.resetStats();
    var first = next;
    next += numbers;
    var orders = new ArrayList<String>();
    for (var from = first; from < next; from += LARGEST_JOB) {
      orders.add(order(from, Math.min(next, from + LARGEST_JOB)));
    }
    var began = System.nanoTime();
    var jobs = new ArrayList<String>();
    for (var order : orders) {
      var answer = api.post(JOBS, order, UUID.randomUUID().toString());
      jobs.add(JOBS + "/" + JSON.readTree(answer).path("id").asLong());
    }
    var views = new ArrayList<JsonNode>();
    for (var job : jobs) {
      views.add(ended(job));
    }
    var seconds = (System.nanoTime() - began) / 1e9;
    for (var platform : Platform.values()) {
      check(platform, views, first);
    }
    var calls =
        Arrays.stream(Platform.values())
            .mapToLong(platform -> validators.stats(ValidatorService.of(platform)).calls())
            .sum();
    return new Outcome((long) numbers * Platform.values().length, calls, seconds);
  }

  private String order(long from, long to) {
    var order =
        JSON.createObjectNode()
            .put("name", "measured")
            .put("batch_size", batch)
            .put("max_concurrent", callsAtOnce);
    var platforms = order.putArray("platforms");
    for (var platform : Platform.values()) {
      platforms.add(word(platform));
    }
    var numbers = order.putArray("phone_numbers");
    for (var number = from; number < to; number++) {
      numbers.add(PhoneNumbers.e164(number));
    }
    return order.toString();
  }

  private JsonNode ended(String job) throws IOException {
    while (true) {
      var view = JSON.readTree(api.get(job));
      switch (view.path("status").asText()) {
        case "COMPLETED" -> {
          return view;
        }
        case "FAILED", "CANCELLED" ->
            throw new CommandFailure(job + " ended: " + view.path("failure").asText());
        default -> LockSupport.parkNanos(LOOK_EVERY_MS * 1_000_000L);
      }
    }
  }

  /** Nothing is missing or wrong, and no number was asked for twice. */
  private void check(Platform platform, List<JsonNode> jobs, long first) {
    var told = new TreeMap<String, Long>();
    for (var job : jobs) {
      for (var count : job.path("by_platform").path(word(platform)).properties()) {
        told.merge(count.getKey(), count.getValue().asLong(), Long::sum);
      }
    }
    var truth = truth(platform, first);
    if (!told.equals(truth)) {
      throw new CommandFailure(
          "%s: the jobs were told %s, and the truth is %s".formatted(word(platform), told, truth));
    }
    var stats = validators.stats(ValidatorService.of(platform));
    if (stats.asked() != next - first || stats.numbers() != next - first) {
      throw new CommandFailure(
          "%s: asked for %d numbers, %d different ones, in place of %d"
              .formatted(word(platform), stats.asked(), stats.numbers(), next - first));
    }
  }

  private Map<String, Long> truth(Platform platform, long first) {
    var truth = new TreeMap<String, Long>();
    for (var number = first; number < next; number++) {
      truth.merge(
          validators.truth(platform, number).name().toLowerCase(Locale.ROOT), 1L, Long::sum);
    }
    return truth;
  }

  private static String word(Platform platform) {
    return platform.name().toLowerCase(Locale.ROOT);
  }
}
