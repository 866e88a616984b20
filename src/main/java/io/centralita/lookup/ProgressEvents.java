package io.centralita.lookup;

import io.centralita.jobs.Progress;
import io.centralita.jobs.RunState.Status;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;

/** A file's progress as it happens, wherever in the cluster the file lives. */
final class ProgressEvents {

  /** A file that was moved to another node has forgotten who watches it. */
  private static final Duration WATCH_AGAIN = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final UserFiles userFiles;

  ProgressEvents(ActorSystem<?> system, UserFiles userFiles) {
    this.system = system;
    this.userFiles = userFiles;
  }

  /** The file now, and whenever it changes, until it is completed or removed. */
  Source<FileView, NotUsed> of(long id) {
    return ActorSource.<Progress>actorRef(
            _ -> false, _ -> Optional.empty(), 4, OverflowStrategy.dropHead())
        .watchTermination(
            (watcher, ended) -> {
              var again =
                  system
                      .scheduler()
                      .scheduleAtFixedRate(
                          Duration.ZERO,
                          WATCH_AGAIN,
                          () -> userFiles.watch(id, watcher),
                          system.executionContext());
              ended.whenComplete((_, _) -> again.cancel());
              return NotUsed.getInstance();
            })
        .takeWhile(progress -> progress.status() != Status.CANCELLED)
        .takeWhile(progress -> progress.status() != Status.COMPLETED, true)
        .mapAsync(1, userFiles::shown)
        .filter(Optional::isPresent)
        .map(Optional::get);
  }
}
