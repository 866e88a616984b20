package io.centralita.http;

import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.withRequestTimeoutResponse;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: every request gets an id, an answer (problems too), safe headers, and one line
 * in the log.
 */
public final class HttpServer {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  /** What an API's answers carry, unless the route says otherwise. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Cache-Control", "no-store");

  /**
   * How the server behaves.
   *
   * @param requestTimeout from the end of a request to the beginning of its answer
   * @param stopWithin for how long a stop waits for requests under way; the phase {@code
   *     service-requests-done} of the coordinated shutdown must allow as much
   */
  public record Settings(Duration requestTimeout, Duration stopWithin) {}

  /** Hears of every request that was answered. Called on any thread; must be quick. */
  @FunctionalInterface
  public interface Listener {
    void answered(String method, String path, int status, Duration took);
  }

  private final ServerBinding binding;
  private final Settings settings;
  private final UnderWay underWay;
  private @Nullable CompletionStage<Done> drained;

  private HttpServer(ServerBinding binding, Settings settings, UnderWay underWay) {
    this.binding = binding;
    this.settings = settings;
    this.underWay = underWay;
  }

  /**
   * Serves the route from now on, until the actor system's coordinated shutdown or {@link #stop}.
   * The stage fails where the port is taken.
   *
   * @param port 0 for a free one
   */
  public static CompletionStage<HttpServer> bind(
      ActorSystem<?> system, String host, int port, Route route, Errors errors, Settings settings) {
    return bind(system, host, port, route, errors, settings, (_, _, _, _) -> {});
  }

  /** As the other, with somebody who hears of every request. */
  public static CompletionStage<HttpServer> bind(
      ActorSystem<?> system,
      String host,
      int port,
      Route route,
      Errors errors,
      Settings settings,
      Listener listener) {
    try {
      requireFree(host, port);
    } catch (IOException e) {
      var message = "Bind failed for [%s:%d]".formatted(host, port);
      return CompletableFuture.failedStage(new IllegalStateException(message, e));
    }
    var underWay = new UnderWay();
    var sealed = errors.seal(timed(route)).function(system);
    Function<HttpRequest, CompletionStage<HttpResponse>> handler =
        request -> answer(system, request, sealed, underWay, listener);
    return Http.get(system)
        .newServerAt(host, port)
        .withSettings(serverSettings(system, settings))
        .bind(handler)
        .thenApply(binding -> new HttpServer(binding, settings, underWay).stoppedWith(system));
  }

  // Pekko would tell of a taken port too, but not without a stack trace in the log.
  private static void requireFree(String host, int port) throws IOException {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true); // as Pekko has it
      probe.bind(new InetSocketAddress(host, port));
    }
  }

  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Where the server is to be found from this machine. */
  public URI uri() {
    return URI.create("http://" + address().getHostString() + ":" + address().getPort());
  }

  /** Takes no new connection, lets requests under way end within the settings' bound. */
  public CompletionStage<Done> stop() {
    return unbind().thenCompose(_ -> drain());
  }

  private HttpServer stoppedWith(ActorSystem<?> system) {
    var shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(CoordinatedShutdown.PhaseServiceUnbind(), "http-unbind", this::unbind);
    shutdown.addTask(CoordinatedShutdown.PhaseServiceRequestsDone(), "http-drain", this::drain);
    return this;
  }

  private CompletionStage<Done> unbind() {
    underWay.stopping();
    return binding.unbind();
  }

  // After the wait only idle connections are left to be cut, and what took too long.
  private synchronized CompletionStage<Done> drain() {
    if (drained == null) {
      drained =
          underWay
              .none(settings.stopWithin())
              .thenCompose(_ -> binding.terminate(Duration.ofMillis(100)))
              .thenApply(_ -> Done.getInstance());
    }
    return drained;
  }

  private static ServerSettings serverSettings(ActorSystem<?> system, Settings settings) {
    var ours =
        ConfigFactory.parseMap(
            Map.of(
                "pekko.http.server.request-timeout",
                settings.requestTimeout().toMillis() + " ms",
                "pekko.http.server.transparent-head-requests", // as GET, without the body
                "on",
                "pekko.http.server.server-header",
                "centralita",
                "pekko.http.server.parsing.error-handler",
                Unreadable.class.getName()));
    return ServerSettings.create(ours.withFallback(system.settings().config()));
  }

  private static Route timed(Route route) {
    return extractRequest(
        request ->
            withRequestTimeoutResponse(
                _ -> {
                  var exchange = Exchange.of(request);
                  var late =
                      Problem.unavailable("no answer in time, try again", Duration.ofSeconds(5));
                  return exchange.end(withHeaders(Errors.response(late), exchange.id()));
                },
                () -> route));
  }

  private static CompletionStage<HttpResponse> answer(
      ActorSystem<?> system,
      HttpRequest request,
      Function<HttpRequest, CompletionStage<HttpResponse>> route,
      UnderWay underWay,
      Listener listener)
      throws Exception {
    var exchange = Exchange.begin(request, underWay, listener);
    return route
        .apply(exchange.attachedTo(request))
        .exceptionally(failure -> broken(failure, exchange.id()))
        .thenCompose(response -> drained(system, request, response))
        .thenApply(response -> exchange.end(withHeaders(response, exchange.id())));
  }

  // An answer that comes while the client still sends would reach it as a broken connection.
  private static CompletionStage<HttpResponse> drained(
      ActorSystem<?> system, HttpRequest request, HttpResponse response) {
    return Body.drain(request, system).thenApply(_ -> response);
  }

  // A sealed route answers everything; what gets here is a failure of the sealing itself.
  private static HttpResponse broken(Throwable failure, String requestId) {
    log.atError().addKeyValue(RequestId.MDC_KEY, requestId).setCause(failure).log("no answer");
    return Errors.response(Problem.of(500, "the server failed").withRequestId(requestId));
  }

  static HttpResponse withHeaders(HttpResponse response, String requestId) {
    var complete = response.addHeader(RawHeader.create(RequestId.HEADER, requestId));
    for (var header : HEADERS.entrySet()) {
      if (complete.getHeader(header.getKey()).isEmpty()) {
        complete = complete.addHeader(RawHeader.create(header.getKey(), header.getValue()));
      }
    }
    return complete;
  }
}
