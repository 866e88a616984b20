package io.centralita.http;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/**
 * A request's body as it was sent.
 *
 * @param value what it says
 * @param sha256 of its bytes, in hexadecimal
 */
public record Body<T>(T value, String sha256) {

  /** So much of a refused body is read and dropped, so that its sender hears the refusal. */
  private static final long DRAIN_BYTES = 256L << 20;

  /** A path that takes more takes a list, and there is another path for larger ones. */
  private static final long LONGEST_WITHOUT_LIST = 1 << 20;

  private static final Duration DRAIN_TIME = Duration.ofSeconds(30);

  /**
   * The body's bytes, never more than {@code limit} of them in memory.
   *
   * <p>The stage fails with a problem (413) where there are more. Where the length is told
   * beforehand, nothing is read.
   */
  static CompletionStage<Body<byte[]>> collect(
      RequestEntity entity, long limit, Materializer materializer) {
    if (entity.getContentLengthOption().orElse(0) > limit) {
      return CompletableFuture.failedStage(tooLarge(limit));
    }
    var collected = new Collected(limit);
    if (entity instanceof HttpEntity.Strict whole) {
      collected.add(whole.getData());
      return CompletableFuture.completedStage(collected.body());
    }
    return entity
        .withoutSizeLimit()
        .getDataBytes()
        .runWith(Sink.foreach(collected::add), materializer)
        .thenApplyAsync(_ -> collected.body(), Runnable::run); // else Pekko's stages change threads
  }

  /**
   * Reads and drops what is left of a body that nobody took, within bounds. A client that waits for
   * leave to send ({@code Expect: 100-continue}) is not given it.
   */
  static CompletionStage<Done> drain(HttpRequest request, ClassicActorSystemProvider system) {
    if (request.entity().isStrict() || request.getHeader("Expect").isPresent()) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    // Fails at once where the route took the body, and whenever the client goes away.
    return request
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .limitWeighted(DRAIN_BYTES, bytes -> (long) bytes.size())
        .completionTimeout(DRAIN_TIME)
        .runWith(Sink.ignore(), system)
        .exceptionally(_ -> Done.getInstance());
  }

  private static ProblemException tooLarge(long limit) {
    var isAList = limit > LONGEST_WITHOUT_LIST;
    return ProblemException.tooLarge("body", limit, isAList ? "send a larger list as a file" : "");
  }

  /** Bytes as they come, up to a bound; those past it are counted and dropped. */
  private static final class Collected {
    private final long limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final MessageDigest digest = Sha256.begin();
    private long received;

    Collected(long limit) {
      this.limit = limit;
    }

    void add(ByteString chunk) {
      received += chunk.size();
      if (received > limit + DRAIN_BYTES) {
        throw tooLarge(limit);
      }
      if (received <= limit) {
        var array = chunk.toArray();
        bytes.writeBytes(array);
        digest.update(array);
      } else {
        bytes.reset();
      }
    }

    Body<byte[]> body() {
      if (received > limit) {
        throw tooLarge(limit);
      }
      return new Body<>(bytes.toByteArray(), HexFormat.of().formatHex(digest.digest()));
    }
  }
}
