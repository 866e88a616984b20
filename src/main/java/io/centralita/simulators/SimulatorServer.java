package io.centralita.simulators;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * What a simulator listens with: its own paths, and those of its control, which are not counted.
 *
 * @param routes gets each request with its path
 */
record SimulatorServer(
    Control<?> control, Traffic traffic, BiConsumer<HttpServerRequest, String> routes) {

  /** Listens and returns the port; where it cannot, closes {@code vertx} and throws. */
  int listen(Vertx vertx, HttpServerOptions http, String what) {
    var server =
        vertx.createHttpServer(http).connectionHandler(traffic::count).requestHandler(this::handle);
    var address = http.getHost() + ":" + http.getPort();
    EventLoop.started(vertx, server.listen(), what + " at " + address);
    return server.actualPort();
  }

  /** HTTP/1.1 only: there a cut connection is a cut connection. */
  static HttpServerOptions http(String host, int port) {
    return new HttpServerOptions()
        .setHost(host)
        .setPort(port)
        .setHttp2ClearTextEnabled(false)
        .setUseAlpn(false);
  }

  private void handle(HttpServerRequest request) {
    var path = Objects.requireNonNullElse(request.path(), ""); // OPTIONS * has none
    if (path.startsWith(Control.PREFIX)) {
      control.handle(request, path.substring(Control.PREFIX.length()));
    } else {
      traffic.count(request);
      routes.accept(request, path);
    }
  }
}
