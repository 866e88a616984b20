package io.centralita.jobs;

import io.centralita.actor.Cause;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operator's pause of all runs of an owner, or of all there are. It lies over the runs' own
 * states and changes none of them: a run that begins meanwhile is held as well, an owner cannot
 * undo it, and what an owner paused himself stays paused when it ends.
 *
 * @param owner whose runs; empty for everybody's
 * @param until when it ends by itself; null for not before it is ended
 */
public record Hold(String owner, Cause cause, Instant at, @Nullable Instant until) {

  /** The hold that lies over this owner's runs: everybody's before his own. */
  static Optional<Hold> of(List<Hold> holds, String owner) {
    return holds.stream()
        .filter(hold -> hold.owner().isEmpty())
        .findFirst()
        .or(() -> holds.stream().filter(hold -> hold.owner().equals(owner)).findFirst());
  }

  RunState.Pause pause() {
    return new RunState.Pause(cause, at, until);
  }
}
