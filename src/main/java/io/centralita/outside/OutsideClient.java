package io.centralita.outside;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client for outside systems: HTTP/1.1, straight or through SOCKS5 under a user name per
 * request, names resolved by the proxy, certificates and host names always verified, every answer
 * bounded in time and size. It follows no redirect, keeps no cookie and tries nothing twice.
 */
public final class OutsideClient implements AutoCloseable {

  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private final OutsideSettings settings;
  private final VertxInternal vertx;
  private final HttpClientAgent http;
  private final ContextInternal[] loops;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicLong waitIds = new AtomicLong();
  private final Map<Long, CompletableFuture<Void>> waits = new ConcurrentHashMap<>();

  public OutsideClient(OutsideSettings settings) {
    this.settings = settings;
    this.vertx = (VertxInternal) Vertx.vertx(vertxOptions(settings));
    this.http =
        vertx
            .httpClientBuilder()
            .with(httpOptions(settings))
            .with(poolOptions(settings))
            // what happens to a connection is told to the call on it; nobody need log it as well
            .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
            .build();
    this.loops =
        IntStream.range(0, settings.threads())
            .mapToObj(_ -> vertx.createEventLoopContext())
            .toArray(ContextInternal[]::new);
  }

  private static VertxOptions vertxOptions(OutsideSettings settings) {
    return new VertxOptions()
        .setEventLoopPoolSize(settings.threads())
        .setWorkerPoolSize(2)
        .setInternalBlockingPoolSize(2)
        .setUseDaemonThread(true)
        // nothing is served from files, so no folder is left behind
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  private static HttpClientOptions httpOptions(OutsideSettings settings) {
    var options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(60))
            .setSslHandshakeTimeout(60)
            .setKeepAliveTimeout((int) settings.idle().toSeconds())
            .setIdleTimeout((int) settings.idle().toSeconds() * 2)
            .setVerifyHost(true)
            .setTcpNoDelay(true);
    return settings.extraCa().isEmpty()
        ? options
        : options.setTrustOptions(Trust.besides(settings.extraCa()));
  }

  private static PoolOptions poolOptions(OutsideSettings settings) {
    return new PoolOptions()
        .setHttp1MaxSize(settings.connectionsPerHost())
        .setMaxWaitQueueSize(settings.waitingPerHost())
        .setMaxLifetime((int) LIFETIME.toSeconds())
        .setMaxLifetimeUnit(TimeUnit.SECONDS);
  }

  /**
   * Sends a request over a connection of the pool, which keeps apart what goes to different hosts,
   * through different proxies and under different user names. Fails with an {@link
   * OutsideException}. What depends on the stage runs on an event loop and must not block.
   */
  public CompletionStage<Response> send(Request request) {
    var result = new CompletableFuture<Response>();
    loopFor(request.proxy()).execute(() -> start(request, result));
    return result;
  }

  private void start(Request request, CompletableFuture<Response> result) {
    var call = call(request, request.proxy(), result, () -> {});
    call.begin();
    var options =
        Call.options(request)
            .setHost(request.uri().getHost())
            .setPort(request.port())
            .setSsl(request.ssl())
            // one who gave up no longer waits for a connection
            .setConnectTimeout(Math.max(1, request.timeout().toMillis()));
    var address = request.address();
    if (address != null) {
      options.setServer(SocketAddress.inetSocketAddress(request.port(), address.getHostAddress()));
    }
    var proxy = Call.proxy(request.proxy(), request.timeout());
    call.on(http.request(proxy == null ? options : options.setProxyOptions(proxy)));
  }

  /** Connections of somebody's own, through a proxy or straight. Whoever opens a line closes it. */
  public Line line(@Nullable Socks5 proxy) {
    return new Line(this, loopFor(proxy), proxy);
  }

  /**
   * A stage that completes after a while, without holding a thread; it fails if the client is
   * closed.
   */
  public CompletionStage<Void> after(Duration wait) {
    var done = new CompletableFuture<Void>();
    long id = waitIds.incrementAndGet();
    waits.put(id, done);
    vertx.setTimer(
        Math.max(1, wait.toMillis()),
        _ -> {
          waits.remove(id);
          done.complete(null);
        });
    return done;
  }

  // One proxy user stays on one loop: its connections and whoever reads from them meet there.
  private ContextInternal loopFor(@Nullable Socks5 proxy) {
    int pick = proxy == null ? turn.getAndIncrement() : proxy.hashCode();
    return Objects.requireNonNull(loops[Math.floorMod(pick, loops.length)]);
  }

  Call call(
      Request request,
      @Nullable Socks5 proxy,
      CompletableFuture<Response> result,
      Runnable lastOfConnection) {
    return new Call(vertx, request, proxy != null, settings.bodyLimit(), result, lastOfConnection);
  }

  HttpClientAgent http() {
    return http;
  }

  /** Cuts what is under way and ends the threads, at once. */
  @Override
  public void close() {
    waits.values().forEach(wait -> wait.completeExceptionally(new CancellationException("closed")));
    vertx.close().await();
  }
}
