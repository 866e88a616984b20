package io.centralita.simulators;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A stream that counts what passes and, past a limit, lets nothing more through and cuts. */
final class Metered implements WriteStream<Buffer> {
  private final WriteStream<Buffer> to;
  private final LongConsumer count;
  private final long limit;
  private final Runnable cut;
  private long passed;

  Metered(WriteStream<Buffer> to, LongConsumer count, long limit, Runnable cut) {
    this.to = to;
    this.count = count;
    this.limit = limit;
    this.cut = cut;
  }

  @Override
  public Future<Void> write(Buffer data) {
    var room = limit - passed;
    if (room == 0) {
      return Future.succeededFuture();
    }
    var part = data.length() > room ? data.slice(0, (int) room) : data;
    passed += part.length();
    count.accept(part.length());
    var written = to.write(part);
    return passed == limit ? written.onComplete(_ -> cut.run()) : written;
  }

  @Override
  public Future<Void> end() {
    return to.end();
  }

  @Override
  public Metered setWriteQueueMaxSize(int maxSize) {
    to.setWriteQueueMaxSize(maxSize);
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return to.writeQueueFull();
  }

  @Override
  public Metered drainHandler(@Nullable Handler<Void> handler) {
    to.drainHandler(handler);
    return this;
  }

  @Override
  public Metered exceptionHandler(@Nullable Handler<Throwable> handler) {
    to.exceptionHandler(handler);
    return this;
  }
}
