package io.centralita.outside;

import io.centralita.outside.OutsideException.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request on its way. All of it happens on one event loop, so nothing here is guarded. */
final class Call {

  private static final byte[] NOTHING = {};
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
  private static final CharSequence ENCODINGS = HttpHeaders.createOptimized("gzip, deflate");
  private static final CharSequence ZERO = HttpHeaders.createOptimized("0");

  private final Vertx vertx;
  private final Request request;
  private final boolean proxied;
  private final int limit;
  private final CompletableFuture<Response> result;
  private final Runnable lastOfConnection;

  private long timer = -1;
  private boolean over;
  private @Nullable HttpClientRequest wire;
  private byte[] body = NOTHING;
  private int size;

  Call(
      Vertx vertx,
      Request request,
      boolean proxied,
      int limit,
      CompletableFuture<Response> result,
      Runnable lastOfConnection) {
    this.vertx = vertx;
    this.request = request;
    this.proxied = proxied;
    this.limit = limit;
    this.result = result;
    this.lastOfConnection = lastOfConnection;
  }

  /** What Vert.x needs to know of a request. */
  static RequestOptions options(Request request) {
    return new RequestOptions()
        .setMethod(HttpMethod.valueOf(request.method()))
        .setURI(request.target())
        .setHeaders(request.headers().map());
  }

  static @Nullable ProxyOptions proxy(@Nullable Socks5 proxy, Duration timeout) {
    if (proxy == null) {
      return null;
    }
    var options =
        new ProxyOptions()
            .setType(ProxyType.SOCKS5)
            .setHost(proxy.host())
            .setPort(proxy.port())
            .setConnectTimeout(timeout);
    return proxy.user().isEmpty()
        ? options
        : options.setUsername(proxy.user()).setPassword(proxy.password());
  }

  /** Starts the clock. */
  void begin() {
    timer =
        vertx.setTimer(
            Math.max(1, request.timeout().toMillis()),
            _ -> {
              timer = -1;
              fail(new OutsideException(Kind.TIMEOUT, request.uri().getHost(), ""));
            });
  }

  /** Sends the request once there is a connection for it. */
  void on(Future<HttpClientRequest> connection) {
    connection.onComplete(
        ready -> {
          if (ready.failed()) {
            fail(ready.cause());
          } else if (over) {
            ready.result().reset(); // it came too late
          } else {
            write(ready.result());
          }
        });
  }

  private void write(HttpClientRequest ready) {
    wire = ready;
    if (!ready.headers().contains(HttpHeaders.ACCEPT_ENCODING)) {
      ready.putHeader(HttpHeaders.ACCEPT_ENCODING, ENCODINGS);
    }
    ready.response().onSuccess(this::head).onFailure(this::fail);
    if (request.body().length > 0) {
      ready.end(Buffer.buffer(request.body())).onFailure(this::fail);
      return;
    }
    if (WITH_BODY.contains(request.method())) {
      ready.putHeader(HttpHeaders.CONTENT_LENGTH, ZERO);
    }
    ready.end().onFailure(this::fail);
  }

  private void head(HttpClientResponse response) {
    if (over) {
      return;
    }
    response.exceptionHandler(this::fail);
    if (request.wantsStatusOnly()) {
      answer(response, NOTHING);
    }
    var length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && length.length() > Integer.toString(limit).length()) {
      fail(new OutsideException(Kind.TOO_LARGE, request.uri().getHost(), ""));
      return;
    }
    response.handler(this::chunk);
    response.endHandler(_ -> end(response));
  }

  private void chunk(Buffer chunk) {
    if (over) {
      return;
    }
    int more = chunk.length();
    if (size + more > limit) {
      fail(new OutsideException(Kind.TOO_LARGE, request.uri().getHost(), ""));
    } else if (request.wantsStatusOnly()) {
      size += more;
    } else if (size == 0) {
      body = chunk.getBytes();
      size = more;
    } else {
      if (size + more > body.length) {
        body = Arrays.copyOf(body, Math.min(limit, Math.max(2 * size, size + more)));
      }
      chunk.getBytes(body, size);
      size += more;
    }
  }

  private void end(HttpClientResponse response) {
    if (over) {
      return;
    }
    if (request.wantsStatusOnly()) {
      finish(response);
      return;
    }
    var whole = size == body.length ? body : Arrays.copyOf(body, size);
    try {
      var encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
      var clear = Bodies.decoded(encoding, whole, limit, request.uri().getHost());
      finish(response);
      answer(response, clear);
    } catch (OutsideException e) {
      fail(e);
    }
  }

  private void finish(HttpClientResponse response) {
    finish();
    if ("close".equalsIgnoreCase(response.getHeader(HttpHeaders.CONNECTION))) {
      lastOfConnection.run(); // Vert.x has closed it, and says so only after this
    }
  }

  private void answer(HttpClientResponse response, byte[] clear) {
    result.complete(new Response(response.statusCode(), new Headers(response.headers()), clear));
  }

  /** Ends the call; where it was answered by its status, that stands. */
  void fail(Throwable thrown) {
    if (over) {
      return;
    }
    finish();
    var sent = wire;
    var failure = Failures.of(thrown, request.uri().getHost(), proxied, sent != null);
    if (sent != null) {
      sent.reset(); // closes the connection: what is still to come on it belongs to nobody
    }
    result.completeExceptionally(failure);
  }

  private void finish() {
    over = true;
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
  }
}
