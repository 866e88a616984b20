package io.centralita.simulators;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Writes answers after a delay, to those clients that have not gone meanwhile. */
record Delayed(Vertx vertx) {

  void write(HttpServerRequest request, long delayMs, Runnable write) {
    if (delayMs == 0) {
      ifThere(request, write);
    } else {
      vertx.setTimer(delayMs, _ -> ifThere(request, write));
    }
  }

  /** Writes half of the body that the headers announce, and cuts the connection. */
  static void half(HttpServerRequest request, Buffer body) {
    request
        .response()
        .write(body.slice(0, body.length() / 2))
        .onComplete(_ -> request.connection().close());
  }

  private static void ifThere(HttpServerRequest request, Runnable write) {
    if (!request.response().closed()) {
      write.run();
    }
  }
}
