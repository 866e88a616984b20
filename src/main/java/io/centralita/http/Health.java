package io.centralita.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /health}: the process is alive. {@code /ready}: it has all that it needs to serve. */
public final class Health {
  private static final Logger log = LoggerFactory.getLogger(Health.class);
  private static final long BOUND_SECONDS = 2;

  private record Alive(String status) {}

  private record Ready(String status, Map<String, String> checks) {}

  private final Map<String, Supplier<CompletionStage<Boolean>>> checks;

  /**
   * @param checks by name; one that fails, or takes longer than 2 s, counts as false
   */
  public Health(Map<String, Supplier<CompletionStage<Boolean>>> checks) {
    this.checks = new TreeMap<>(checks);
  }

  public Route route() {
    return concat(
        path("health", () -> get(() -> complete(Json.response(200, new Alive("UP"))))),
        path(
            "ready",
            () ->
                get(
                    () ->
                        onSuccess(
                            ready(),
                            ready ->
                                complete(
                                    Json.response(
                                        ready.status().equals("UP") ? 200 : 503, ready))))));
  }

  private CompletionStage<Ready> ready() {
    var running = new LinkedHashMap<String, CompletableFuture<Boolean>>();
    checks.forEach((name, check) -> running.put(name, run(name, check)));
    return CompletableFuture.allOf(running.values().toArray(CompletableFuture[]::new))
        .thenApply(
            _ -> {
              var results = new LinkedHashMap<String, String>();
              running.forEach((name, result) -> results.put(name, result.join() ? "UP" : "DOWN"));
              return new Ready(results.containsValue("DOWN") ? "DOWN" : "UP", results);
            });
  }

  private static CompletableFuture<Boolean> run(
      String name, Supplier<CompletionStage<Boolean>> check) {
    return CompletableFuture.completedStage(check)
        .thenCompose(Supplier::get)
        .toCompletableFuture()
        .orTimeout(BOUND_SECONDS, TimeUnit.SECONDS)
        .exceptionally(
            failure -> {
              log.debug("the check {} failed", name, failure);
              return false;
            });
  }
}
