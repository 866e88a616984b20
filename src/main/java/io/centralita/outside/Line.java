package io.centralita.outside;

import io.centralita.outside.OutsideException.Kind;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Connections of somebody's own: one to each host, through one proxy or straight, kept open between
 * requests and closed together. For a session with an outside system, whose cookies and address
 * belong together. Its requests go one after another.
 */
public final class Line implements AutoCloseable {

  private record Open(String host, int port, boolean ssl, HttpClientConnection connection) {
    boolean leadsTo(Request request) {
      return port == request.port()
          && ssl == request.ssl()
          && host.equalsIgnoreCase(request.uri().getHost());
    }
  }

  private final OutsideClient client;
  private final ContextInternal loop;
  private final @Nullable Socks5 proxy;

  // Both belong to the loop
  private final List<Open> connections = new ArrayList<>(2);
  private boolean closed;

  Line(OutsideClient client, ContextInternal loop, @Nullable Socks5 proxy) {
    this.client = client;
    this.loop = loop;
    this.proxy = proxy;
  }

  /** The proxy that every request of this line goes through, null if they go straight. */
  public @Nullable Socks5 proxy() {
    return proxy;
  }

  /**
   * Sends a request through this line's proxy, whatever the request says of one. Fails with an
   * {@link OutsideException}. What depends on the stage runs on an event loop and must not block.
   */
  public CompletionStage<Response> send(Request request) {
    var result = new CompletableFuture<Response>();
    loop.execute(() -> start(request, result));
    return result;
  }

  private void start(Request request, CompletableFuture<Response> result) {
    var call = client.call(request, proxy, result, () -> drop(request));
    call.begin();
    if (closed) {
      call.fail(new OutsideException(Kind.CUT, request.uri().getHost(), "the line is closed"));
      return;
    }
    for (int i = 0; i < connections.size(); i++) {
      var open = connections.get(i);
      if (open.leadsTo(request)) {
        call.on(open.connection.request(Call.options(request)));
        return;
      }
    }
    call.on(connect(request));
  }

  private Future<HttpClientRequest> connect(Request request) {
    var options =
        new HttpConnectOptions()
            .setHost(request.uri().getHost())
            .setPort(request.port())
            .setSsl(request.ssl())
            .setProxyOptions(Call.proxy(proxy, request.timeout()));
    return client
        .http()
        .connect(options)
        .compose(
            connection -> {
              keep(new Open(request.uri().getHost(), request.port(), request.ssl(), connection));
              return connection.request(Call.options(request));
            });
  }

  private void drop(Request request) {
    connections.removeIf(open -> open.leadsTo(request));
  }

  private void keep(Open open) {
    if (closed) {
      open.connection.close();
      return;
    }
    connections.add(open);
    open.connection.exceptionHandler(_ -> {}); // the call on it hears of it
    open.connection.closeHandler(_ -> connections.remove(open));
  }

  /** Closes the connections; a request under way fails as cut. */
  @Override
  public void close() {
    loop.execute(
        () -> {
          closed = true;
          List.copyOf(connections).forEach(open -> open.connection.close());
        });
  }
}
