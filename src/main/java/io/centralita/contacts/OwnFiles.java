package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.RunState.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder for files of our own: uploads, and what is made of tables. A file is there as long as
 * an import may want it: until that is completed, cancelled or undone.
 */
final class OwnFiles {
  private static final Logger log = LoggerFactory.getLogger(OwnFiles.class);
  private static final String UNFINISHED_ENDING = ".part";
  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);

  /**
   * What was not written for so long is no longer being received, and what was kept so long ago has
   * its import: a connection is cut when it is silent for little more than a minute.
   */
  private static final Duration OLD = Duration.ofMinutes(15);

  private static final String WANTED =
      """
      SELECT source ->> 'path' FROM imports
      WHERE source ->> 'kind' = 'OWN' AND status NOT IN ('COMPLETED', 'CANCELLED')
        AND undone_at IS NULL
      """;

  private static final String UNDER_WAY =
      """
      SELECT id FROM imports
      WHERE source ->> 'kind' = 'OWN' AND starts_with(source ->> 'path', ?)
        AND status IN ('PENDING', 'PROCESSING', 'PAUSED')
      LIMIT 1
      """;

  private static final String PATH =
      "SELECT source ->> 'path' FROM imports WHERE id = ? AND source ->> 'kind' = 'OWN'";

  private final Path folder;
  private final Db db;
  private final Executor disk;
  private final InstantSource clock;
  private final AtomicReference<Instant> nextSweep;

  /**
   * @param disk where files are listed and deleted
   */
  OwnFiles(Path folder, Db db, Executor disk, InstantSource clock) {
    this.folder = folder;
    this.db = db;
    this.disk = disk;
    this.clock = clock;
    this.nextSweep = new AtomicReference<>(clock.instant());
  }

  /** A file to be written, which is not there yet. */
  Path begin() {
    return folder.resolve(UUID.randomUUID() + UNFINISHED_ENDING);
  }

  /**
   * Keeps a file that is written.
   *
   * @param mark what the file is, so that {@link #underWay} finds its import
   * @return its name in the folder
   */
  String keep(Path written, String mark) {
    try {
      var name = mark + "-" + UUID.randomUUID() + ".db";
      Files.move(written, folder.resolve(name));
      return name;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep an upload", e);
    }
  }

  /** Deletes a file, where it is there. */
  void drop(String name) {
    drop(folder.resolve(name));
  }

  /** Deletes a file, where it is there. */
  static void drop(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete an upload", e);
    }
  }

  /** An import of a file with this mark that is not at its end. */
  CompletionStage<Optional<Integer>> underWay(String mark) {
    return db.queryOne(UNDER_WAY, st -> st.setString(1, mark + "-"), row -> row.getInt(1));
  }

  /**
   * Deletes what this node left behind when it died.
   *
   * @param shared whether other nodes have their uploads in the same folder, and may be writing
   */
  void sweepAtStart(boolean shared) {
    var now = clock.instant();
    sweepInBackground(shared ? now.minus(OLD) : now);
  }

  /** Deletes old files that no import wants, where that was not done of late. */
  void sweepNowAndThen() {
    var now = clock.instant();
    var due = nextSweep.get();
    if (!now.isBefore(due) && nextSweep.compareAndSet(due, now.plus(BETWEEN_SWEEPS))) {
      sweepInBackground(now.minus(OLD));
    }
  }

  private void sweepInBackground(Instant before) {
    var _ =
        sweep(before)
            .exceptionally(
                failure -> {
                  log.warn("old uploads could not be deleted", failure);
                  return null;
                });
  }

  /**
   * Deletes files that no import wants: a node died with them.
   *
   * @param before when a file must have been written last: one that another node is just receiving
   *     is wanted by no import yet
   */
  CompletionStage<Void> sweep(Instant before) {
    // Looked at first: a file of an import that is added meanwhile is not among these.
    return CompletableFuture.supplyAsync(() -> writtenBefore(before), disk)
        .thenCompose(
            old ->
                old.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : db.query(WANTED, _ -> {}, row -> row.getString(1))
                        .thenAcceptAsync(wanted -> deleteAllBut(wanted, old), disk));
  }

  private List<Path> writtenBefore(Instant before) {
    try (var files = Files.newDirectoryStream(folder)) {
      var old = new ArrayList<Path>();
      for (var file : files) {
        if (isWrittenBefore(file, before)) {
          old.add(file);
        }
      }
      return old;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for old uploads", e);
    }
  }

  private static boolean isWrittenBefore(Path file, Instant before) throws IOException {
    try {
      return Files.isRegularFile(file)
          && Files.getLastModifiedTime(file).toInstant().isBefore(before);
    } catch (NoSuchFileException _) {
      return false; // another node was quicker
    }
  }

  private static void deleteAllBut(List<String> wanted, List<Path> old) {
    var names = new HashSet<>(wanted);
    for (var file : old) {
      if (!names.contains(String.valueOf(file.getFileName()))) {
        drop(file);
      }
    }
  }

  /** The view, which also deletes the file of an import that is at its end. */
  RunKind.View watching(RunKind.View view) {
    return new RunKind.View() {
      @Override
      public CompletionStage<?> show(Progress progress) {
        var shown = view.show(progress);
        return progress.status() == Status.COMPLETED
            ? shown.thenCompose(_ -> forget(progress.id()))
            : shown;
      }

      @Override
      public CompletionStage<?> remove(String id) {
        return view.remove(id).thenCompose(_ -> forget(id));
      }
    };
  }

  /** The import has come to its end, whatever becomes of its file: a sweep takes what stays. */
  private CompletionStage<Void> forget(String id) {
    return db.queryOne(PATH, st -> st.setInt(1, Integer.parseInt(id)), row -> row.getString(1))
        .thenAcceptAsync(path -> path.ifPresent(this::drop), disk)
        .exceptionally(
            failure -> {
              log.warn("the file of a finished import could not be deleted", failure);
              return null;
            });
  }
}
