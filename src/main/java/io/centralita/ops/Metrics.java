package io.centralita.ops;

import io.centralita.actor.MailboxTimes;
import io.centralita.http.HttpServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This node in numbers, for Prometheus. What happens often is timed as it happens; everything else
 * is read when somebody asks. Labels are few and known: no name, no number, no id of anybody's.
 */
public final class Metrics implements HttpServer.Listener, MailboxTimes.Listener, AutoCloseable {
  private static final Duration[] TIMES =
      millis(1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000);
  private static final Duration[] SHORT_TIMES = micros(10, 100, 1000, 10_000, 100_000, 1_000_000);

  private record Request(String method, String route, int status) {}

  /** A number that was read lately, for its meter to show. */
  private static final class Reading {
    volatile long value;

    double value() {
      return (double) value;
    }
  }

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RouteTemplates templates = RouteTemplates.described();
  private final Map<Request, Timer> requests = new ConcurrentHashMap<>();
  private final Map<String, Timer> mailboxes = new ConcurrentHashMap<>();
  private final Map<Meter.Id, Reading> readings = new ConcurrentHashMap<>();
  private final JvmGcMetrics collector = new JvmGcMetrics();
  private final Timer lookups;

  public Metrics(@Nullable String version) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collector.bindTo(registry);
    gauge(
        "centralita.build.info", "Always 1.", 1, Tag.of("version", version == null ? "" : version));
    lookups =
        Timer.builder("centralita.portal.lookup")
            .description("From asking the portal for a number to its answer, all tries.")
            .serviceLevelObjectives(TIMES)
            .register(registry);
  }

  private static Duration[] millis(long... bounds) {
    return Arrays.stream(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }

  private static Duration[] micros(long... bounds) {
    return Arrays.stream(bounds).mapToObj(b -> Duration.ofNanos(b * 1000)).toArray(Duration[]::new);
  }

  @Override
  public void answered(String method, String path, int status, Duration took) {
    var known = KNOWN_METHODS.contains(method) ? method : "other";
    requests
        .computeIfAbsent(new Request(known, templates.of(path), status), this::timer)
        .record(took);
  }

  private static final java.util.Set<String> KNOWN_METHODS =
      java.util.Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS");

  private Timer timer(Request request) {
    return Timer.builder("http.server.requests")
        .description("From a request's arrival to the beginning of its answer.")
        .tags(
            "method", request.method(),
            "route", request.route(),
            "status", Integer.toString(request.status()))
        .serviceLevelObjectives(TIMES)
        .register(registry);
  }

  @Override
  public void waited(String type, long nanos) {
    mailboxes
        .computeIfAbsent(
            type,
            name ->
                Timer.builder("centralita.entity.mailbox")
                    .description("How long messages wait in entities' mailboxes; one in 32.")
                    .tag("type", name)
                    .serviceLevelObjectives(SHORT_TIMES)
                    .register(registry))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A call of the source, with all its tries, took so long. */
  void lookedUp(long nanos) {
    lookups.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A number that goes up and down, as it is now. */
  void gauge(String name, String description, long value, Tag... tags) {
    reading(
                new Meter.Id(name, Tags.of(tags), null, description, Meter.Type.GAUGE),
                (id, reading) ->
                    Gauge.builder(name, reading, Reading::value)
                        .description(description)
                        .tags(id.getTagsAsIterable())
                        .register(registry))
            .value =
        value;
  }

  /** A number that only grows, as it is now. */
  void count(String name, String description, long value, Tag... tags) {
    reading(
                new Meter.Id(name, Tags.of(tags), null, description, Meter.Type.COUNTER),
                (id, reading) ->
                    FunctionCounter.builder(name, reading, Reading::value)
                        .description(description)
                        .tags(id.getTagsAsIterable())
                        .register(registry))
            .value =
        value;
  }

  private Reading reading(Meter.Id id, java.util.function.BiConsumer<Meter.Id, Reading> register) {
    return readings.computeIfAbsent(
        id,
        _ -> {
          var reading = new Reading();
          register.accept(id, reading);
          return reading;
        });
  }

  /** Everything, in Prometheus' text format. */
  String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }
}
