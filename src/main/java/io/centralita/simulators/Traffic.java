package io.centralita.simulators;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts a server's connections and the requests that wait for answers; read from any thread. */
final class Traffic {
  private long connections;
  private int openConnections;
  private int underWay;
  private int mostUnderWay;

  void count(HttpConnection connection) {
    connected();
    connection.closeHandler(_ -> disconnected());
  }

  void count(HttpServerRequest request) {
    begun();
    var over = new AtomicBoolean(); // a response ends, is cut, or both
    Runnable end =
        () -> {
          if (over.compareAndSet(false, true)) {
            over();
          }
        };
    request.response().endHandler(_ -> end.run()).closeHandler(_ -> end.run());
  }

  synchronized long connections() {
    return connections;
  }

  synchronized int openConnections() {
    return openConnections;
  }

  synchronized int mostUnderWay() {
    return mostUnderWay;
  }

  /** Everything back to zero but what is open or under way now. */
  synchronized void reset() {
    connections = 0;
    mostUnderWay = underWay;
  }

  private synchronized void connected() {
    connections++;
    openConnections++;
  }

  private synchronized void disconnected() {
    openConnections--;
  }

  private synchronized void begun() {
    underWay++;
    mostUnderWay = Math.max(mostUnderWay, underWay);
  }

  private synchronized void over() {
    underWay--;
  }
}
