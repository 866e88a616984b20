package io.centralita.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Writes files to disk as they come, bounded; nothing stays of one that does not come whole. */
public final class Spool {

  /** So much of a file that is too large is read and dropped: its sender hears the refusal. */
  private static final long DROPPED = 64L << 20;

  private final long largest;
  private final String wayOut;
  private final Semaphore places;
  private final Materializer materializer;

  /**
   * @param largest bytes that one file may have
   * @param wayOut what to do with a larger one
   * @param atOnce files that are received at the same time
   */
  public Spool(long largest, String wayOut, int atOnce, Materializer materializer) {
    this.largest = largest;
    this.wayOut = wayOut;
    this.places = new Semaphore(atOnce);
    this.materializer = materializer;
  }

  /** Bytes that one file may have. */
  public long largest() {
    return largest;
  }

  /** 413. */
  public ProblemException tooLarge() {
    return ProblemException.tooLarge("file", largest, wayOut);
  }

  /**
   * Does the work, holding one of the places that there are.
   *
   * @throws ProblemException (503) where all of them are taken
   */
  public <T> CompletionStage<T> inTurn(Supplier<CompletionStage<T>> work) {
    if (!places.tryAcquire()) {
      throw ProblemException.unavailable(
          "as many files are being uploaded as this node takes at once", Duration.ofSeconds(5));
    }
    try {
      return work.get().whenComplete((_, _) -> places.release());
    } catch (RuntimeException | Error e) {
      places.release();
      throw e;
    }
  }

  /**
   * Writes the bytes, and gives their SHA-256 in hexadecimal. The stage fails with a problem where
   * they are too many, or break off; the file is gone then.
   */
  public CompletionStage<String> receive(Source<ByteString, ?> bytes, Path file) {
    var meter = new Meter();
    return bytes
        .filter(meter::takes)
        .runWith(FileIO.toPath(file), materializer)
        .handle(
            (_, failure) -> {
              if (failure != null) {
                throw refusal(failure, "the upload broke off");
              }
              return meter.sha256();
            })
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                delete(file);
              }
            });
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete an upload", e);
    }
  }

  /** What is told of a body that did not come whole: a refusal of ours, or that it broke off. */
  RuntimeException refusal(Throwable failure, String brokeOff) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case ProblemException problem -> {
          return problem;
        }
        case EntityStreamSizeException _ -> {
          return tooLarge();
        }
        case IOException disk -> {
          return new UncheckedIOException("an upload cannot be stored", disk);
        }
        default -> {}
      }
    }
    return ProblemException.badRequest("body", brokeOff);
  }

  /** Counts what passes, and lets no more pass than a file may have. */
  private final class Meter {
    private final MessageDigest digest = Sha256.begin();
    private long received;

    boolean takes(ByteString chunk) {
      received += chunk.size();
      if (received > largest + DROPPED) {
        throw tooLarge();
      }
      if (received > largest) {
        return false;
      }
      digest.update(chunk.asByteBuffer());
      return true;
    }

    String sha256() {
      if (received > largest) {
        throw tooLarge();
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
