package io.centralita;

import static io.centralita.scoring.Platform.FACEBOOK;
import static io.centralita.scoring.Platform.GOOGLE;
import static io.centralita.scoring.Platform.WHATSAPP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.scoring.Platform;
import io.centralita.simulators.ValidatorFaults;
import io.centralita.simulators.ValidatorService;
import io.centralita.simulators.ValidatorSimulator;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A validation job on a node that is killed in its middle. */
final class ValidationCrashTest {
  private static final List<Platform> PLATFORMS = List.of(WHATSAPP, FACEBOOK, GOOGLE);
  private static final long FIRST = 525_520_000_000L;
  private static final int NUMBERS = 6_000;
  private static final int BATCH = 25;
  private static final int CALLS_AT_ONCE = 8;
  private static final int VALIDATIONS = NUMBERS * PLATFORMS.size();
  private static final String JOB = "/api/v1/validation-jobs/1";

  private final Path data =
      Path.of("target", "test-data", "validation-crash-" + System.nanoTime()).toAbsolutePath();
  private final int port = TestPorts.free();
  private final ValidatorSimulator validators =
      ValidatorSimulator.start(
          ValidatorSimulator.Options.LOOPBACK.withFaults(ValidatorFaults.NONE.withLatency(1, 5)));

  @Test
  void kill9_inTheMiddleOfAJob_everyAnswerIsThereOnceAndHardlyAnyWasAskedForTwice() {
    try (validators) {
      var node = NodeProcess.start(data, port, environment());
      var ordered = node.client().post("/api/v1/validation-jobs", order());
      assertEquals(202, ordered.statusCode(), ordered.body());
      awaitAnswers(VALIDATIONS / 3);

      node.kill();
      var askedFor = total(ValidatorSimulator.ServiceStats::asked);
      assertTrue(askedFor < VALIDATIONS, () -> "the job was over: " + askedFor);

      try (var last = NodeProcess.start(data, port, environment())) {
        var job = completed(last);
        assertEquals(NUMBERS, job.path("processed_numbers").asInt(), job::toString);
        assertEquals(VALIDATIONS, job.path("successful_validations").asInt(), job::toString);
        assertResults(last, job);
      }
      for (var platform : PLATFORMS) {
        assertEquals(NUMBERS, validators.stats(ValidatorService.of(platform)).numbers());
      }
      var again = total(ValidatorSimulator.ServiceStats::again);
      assertTrue(again <= CALLS_AT_ONCE * BATCH, () -> again + " were asked for again");
    }
  }

  private Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    for (var platform : PLATFORMS) {
      var variable = "CENTRALITA_VALIDATOR_" + platform.name();
      environment.put(variable + "_URL", validators.url(platform).toString());
      environment.put(variable + "_TOKEN", ValidatorSimulator.Options.LOOPBACK.token());
    }
    return environment;
  }

  private static String order() {
    return "{\"name\":\"leads\",\"platforms\":[%s],\"phone_numbers\":[%s],\"batch_size\":%d,\"max_concurrent\":%d}"
        .formatted(
            PLATFORMS.stream()
                .map(platform -> '"' + word(platform) + '"')
                .collect(Collectors.joining(",")),
            LongStream.range(FIRST, FIRST + NUMBERS)
                .mapToObj(number -> "\"+" + number + '"')
                .collect(Collectors.joining(",")),
            BATCH,
            CALLS_AT_ONCE);
  }

  private static String word(Platform platform) {
    return platform.name().toLowerCase(Locale.ROOT);
  }

  private long total(ToLongFunction<ValidatorSimulator.ServiceStats> count) {
    return PLATFORMS.stream()
        .mapToLong(platform -> count.applyAsLong(validators.stats(ValidatorService.of(platform))))
        .sum();
  }

  /** Each number has one result on each platform, the truth; the job counts what there is. */
  private void assertResults(NodeProcess node, JsonNode job) {
    var different = new HashSet<String>();
    var counts = new TreeMap<String, Integer>();
    var path = JOB + "/results?limit=1000";
    var cursor = "";
    do {
      var page = OpenApi.json(node.client().get(path + cursor));
      for (var result : page.path("items")) {
        var phone = result.path("phone_e164").asText();
        var platform = Platform.valueOf(result.path("platform").asText().toUpperCase(Locale.ROOT));
        var status = result.path("status").asText();
        assertEquals(validators.truth(platform, Long.parseLong(phone.substring(1))).name(), status);
        assertTrue(different.add(platform + phone), () -> "twice: " + result);
        counts.merge(word(platform) + " " + status.toLowerCase(Locale.ROOT), 1, Integer::sum);
      }
      var next = page.path("next_cursor");
      cursor = next.isNull() ? "" : "&cursor=" + next.asText();
    } while (!cursor.isEmpty());
    assertEquals(VALIDATIONS, different.size());
    var counted = new TreeMap<String, Integer>();
    for (var platform : job.path("by_platform").properties()) {
      for (var status : platform.getValue().properties()) {
        counted.put(platform.getKey() + " " + status.getKey(), status.getValue().asInt());
      }
    }
    assertEquals(counts, counted);
  }

  private void awaitAnswers(long count) {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (total(ValidatorSimulator.ServiceStats::answered) < count) {
      assertTrue(System.nanoTime() < until, () -> "fewer than " + count + " answers within 30 s");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  /** Asks until it is so; each answer takes a while, so this is no busy wait. */
  private static JsonNode completed(NodeProcess node) {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      var view = OpenApi.json(node.client().get(JOB));
      if (view.path("status").asText().equals("COMPLETED")) {
        return view;
      }
      assertTrue(System.nanoTime() < until, () -> "not completed within 60 s: " + view);
    }
  }
}
