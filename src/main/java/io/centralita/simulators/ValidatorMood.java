package io.centralita.simulators;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The validators' settings, with what begins anew when they change. */
record ValidatorMood(
    ValidatorFaults faults,
    Dice<ValidatorFaults.Kind> dice,
    Map<ValidatorService, RateLimit> limits) {

  static ValidatorMood of(ValidatorFaults faults) {
    var limits = new EnumMap<ValidatorService, RateLimit>(ValidatorService.class);
    for (var service : ValidatorService.values()) {
      limits.put(service, new RateLimit(faults.requestsPerSecond(), System.nanoTime()));
    }
    return new ValidatorMood(
        faults,
        new Dice<>(faults.shares(), faults.latencyMinMs(), faults.latencyMaxMs(), faults.seed()),
        limits);
  }

  /** Takes one request in and returns 0, or the whole seconds after which one will fit. */
  int secondsToWait(ValidatorService service) {
    return Objects.requireNonNull(limits.get(service)).secondsToWait(System.nanoTime());
  }
}
