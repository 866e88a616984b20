package io.centralita.simulators;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what one service is asked and what it answers; read from any thread. */
final class ValidatorTally {
  private final CallCounts numbers;
  private final Map<ValidatorFaults.Kind, Long> faults = new EnumMap<>(ValidatorFaults.Kind.class);
  private long calls;
  private long whileDown;
  private long unauthorized;
  private long rateLimited;
  private long refused;
  private long asked;
  private long answered;
  private long uncounted;

  ValidatorTally(int remembered) {
    this.numbers = new CallCounts(remembered);
  }

  synchronized void call() {
    calls++;
  }

  synchronized void whileDown() {
    whileDown++;
  }

  synchronized void unauthorized() {
    unauthorized++;
  }

  synchronized void rateLimited() {
    rateLimited++;
  }

  synchronized void refused() {
    refused++;
  }

  synchronized void asked(List<Long> batch, ValidatorFaults.@Nullable Kind fault) {
    asked += batch.size();
    for (var number : batch) {
      if (!numbers.asked(number)) {
        uncounted++;
      }
    }
    if (fault != null) {
      faults.merge(fault, 1L, Long::sum);
    }
  }

  synchronized void answered(List<Long> batch) {
    answered += batch.size();
    for (var number : batch) {
      numbers.answered(number);
    }
  }

  CallCounts numbers() {
    return numbers;
  }

  synchronized ValidatorSimulator.ServiceStats stats() {
    var distinct = numbers.size();
    return new ValidatorSimulator.ServiceStats(
        calls,
        whileDown,
        unauthorized,
        rateLimited,
        refused,
        asked,
        answered,
        distinct,
        asked - uncounted - distinct,
        uncounted,
        Map.copyOf(faults));
  }

  synchronized void reset() {
    numbers.clear();
    faults.clear();
    calls = 0;
    whileDown = 0;
    unauthorized = 0;
    rateLimited = 0;
    refused = 0;
    asked = 0;
    answered = 0;
    uncounted = 0;
  }
}
