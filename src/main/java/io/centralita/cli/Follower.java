package io.centralita.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Follows a file, or an import, to its end: by its event stream, again and again where that breaks,
 * and by asking now and then where streams do not come through. A node that restarts is waited for.
 */
final class Follower {
  // A node sends an empty line every 15 s; what is silent for longer is dead.
  private static final Duration SILENCE = Duration.ofSeconds(40);
  private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(10);
  private static final int FRUITLESS_STREAMS = 3;

  /** What is followed. */
  interface Followed {
    /** As it is now. */
    FileState now() throws IOException;

    /** Its event stream; to be closed, which also ends a read under way. */
    InputStream events() throws IOException;

    FileState parse(String data);

    /** The node that is asked, as people name it. */
    String node();
  }

  private final Followed followed;
  private final ProgressReport report;

  Follower(Followed followed, ProgressReport report) {
    this.followed = followed;
    this.report = report;
  }

  /** Of a file of numbers. */
  static Followed file(Api api, long id) {
    return new Followed() {
      @Override
      public FileState now() throws IOException {
        return api.file(id);
      }

      @Override
      public InputStream events() throws IOException {
        return api.events("/api/v1/files/" + id);
      }

      @Override
      public FileState parse(String data) {
        return FileState.parse(data);
      }

      @Override
      public String node() {
        return api.node().toString();
      }
    };
  }

  /** Returns when it is over, as it is then. */
  FileState toTheEnd() {
    var heardAt = System.nanoTime();
    var fruitless = 0;
    while (true) {
      try {
        var heard = fruitless < FRUITLESS_STREAMS && stream();
        var file = followed.now();
        report.show(file);
        if (file.isOver()) {
          return file;
        }
        fruitless = heard ? 0 : fruitless + 1;
        heardAt = System.nanoTime();
      } catch (IOException e) {
        fruitless = 0;
        report.note("the node does not answer; trying again");
        giveUpSometime(heardAt, e);
      } catch (Refusal refusal) {
        if (!refusal.isPassing()) {
          throw refusal;
        }
        report.note(refusal.sentence());
        giveUpSometime(heardAt, refusal);
      }
      pause();
    }
  }

  /** Shows what the stream tells until it ends; false where it told nothing. */
  private boolean stream() throws IOException {
    var told = false;
    try (var body = followed.events()) {
      var lines = lines(body);
      var reader = new SseReader();
      while (true) {
        var line = lines.poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null || line.isEmpty()) {
          return told;
        }
        var event = reader.line(line.get());
        if (event.isPresent() && event.get().name().equals("progress")) {
          told = true;
          var file = followed.parse(event.get().data());
          report.show(file);
          if (file.isOver()) {
            return true;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The stream's lines as they come; empty at its end, however it ends. */
  private static BlockingQueue<Optional<String>> lines(InputStream body) {
    var lines = new LinkedBlockingQueue<Optional<String>>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (var reader =
                  new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                reader.lines().forEach(line -> lines.add(Optional.of(line)));
              } catch (IOException | UncheckedIOException _) {
                // a stream that is cut is a stream that ends: the file is asked about next
              } finally {
                lines.add(Optional.empty());
              }
            });
    return lines;
  }

  private void giveUpSometime(long heardAt, Exception cause) {
    if (System.nanoTime() - heardAt > GIVE_UP_AFTER.toNanos()) {
      throw new CommandFailure(
          followed.node() + " has not answered for " + GIVE_UP_AFTER.toMinutes() + " minutes",
          cause);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }
}
