package io.centralita;

import io.centralita.cluster.Limit;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import io.centralita.outside.Backoff;
import io.centralita.outside.Circuit;
import io.centralita.scoring.Platform;
import io.centralita.validation.Validating;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of validation. */
final class ValidationSettings {
  private static final String AT = "validation.";

  private ValidationSettings() {}

  /** The variables that hold the services' tokens, and the settings they are for. */
  static Map<String, String> secrets() {
    return Stream.of(Platform.values())
        .collect(
            Collectors.toMap(
                platform -> "CENTRALITA_VALIDATOR_" + platform + "_TOKEN",
                platform -> "centralita." + at(platform) + "token"));
  }

  private static String at(Platform platform) {
    return AT + "services." + platform.name().toLowerCase(Locale.ROOT) + ".";
  }

  static Validating.Settings read(SettingReader settings, Runs.Timeouts timeouts) {
    return new Validating.Settings(
        services(settings),
        settings.duration(AT + "answer-kept"),
        new Backoff(
            settings.duration(AT + "backoff.first"), settings.duration(AT + "backoff.longest"), 2),
        new Circuit.Settings(
            settings.number(AT + "circuit.failures", 1, 1_000_000),
            new Backoff(
                settings.duration(AT + "circuit.first"),
                settings.duration(AT + "circuit.longest"),
                2)),
        settings.number(AT + "node-windows", 1, 10_000),
        settings.duration(AT + "sweep-every"),
        new RunKind.Retry(
            settings.duration(AT + "retry.first"), settings.duration(AT + "retry.longest")),
        timeouts);
  }

  private static Map<Platform, Validating.Service> services(SettingReader settings) {
    var services = new EnumMap<Platform, Validating.Service>(Platform.class);
    for (var platform : Platform.values()) {
      var at = at(platform);
      if (!settings.text(at + "url").isEmpty()) {
        var perSecond = settings.number(at + "calls-per-second", 0, 1_000_000);
        services.put(
            platform,
            new Validating.Service(
                settings.url(at + "url"),
                settings.text(at + "token"),
                new Limit(
                    settings.number(at + "calls-at-once", 1, 100_000),
                    perSecond == 0 ? Double.POSITIVE_INFINITY : perSecond),
                settings.number(at + "largest-batch", 1, 1000),
                settings.duration(at + "timeout")));
      }
    }
    return services;
  }
}
