package io.centralita.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * How many requests have no answer yet, or one that is still being sent.
 *
 * <p>pekko-http's own graceful stop takes a request for done when its answer begins, and breaks off
 * downloads; this waits for their last byte.
 */
final class UnderWay {
  // What a response stream has given still has to pass the connection's own buffers.
  private static final Duration QUIET = Duration.ofMillis(200);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean stopping;

  /** From now on each answer is the last on its connection: a busy client would hold a stop up. */
  void stopping() {
    stopping = true;
  }

  void begin() {
    count.incrementAndGet();
  }

  /** The answer, counted to the end of its body; the request itself is no more under way. */
  HttpResponse answered(HttpResponse response) {
    count.decrementAndGet();
    var last = stopping ? response.addHeader(Connection.create("close")) : response;
    return last.entity().isStrict() ? last : last.withEntity(counted(last.entity()));
  }

  /** Completes when nothing has been under way for a moment, or the time is over. */
  CompletionStage<Done> none(Duration within) {
    var now = System.nanoTime();
    return noneSince(now, now + within.toNanos());
  }

  private CompletionStage<Done> noneSince(long since, long deadline) {
    var now = System.nanoTime();
    if (now - deadline >= 0 || now - since >= QUIET.toNanos()) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    Executor later =
        CompletableFuture.delayedExecutor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(() -> count.get() == 0 ? since : System.nanoTime(), later)
        .thenCompose(quietSince -> noneSince(quietSince, deadline));
  }

  private ResponseEntity counted(ResponseEntity entity) {
    var bytes = entity.getDataBytes().via(counting());
    var length = entity.getContentLengthOption();
    return length.isPresent()
        ? HttpEntities.create(entity.getContentType(), length.getAsLong(), bytes)
        : HttpEntities.createChunked(entity.getContentType(), bytes);
  }

  // Counted from when the body is asked for: of a client that went away before, it never is.
  private Flow<ByteString, ByteString, NotUsed> counting() {
    return Flow.of(ByteString.class)
        .watchTermination(
            (materialized, ended) -> {
              count.incrementAndGet();
              ended.whenComplete((_, _) -> count.decrementAndGet());
              return materialized;
            });
  }
}
