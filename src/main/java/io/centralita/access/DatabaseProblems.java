package io.centralita.access;

import io.centralita.db.DbException;
import io.centralita.http.Problem;
import java.time.Duration;
import java.util.Optional;

/** What a failing database means to a client; a hook for {@link io.centralita.http.Errors}. */
public final class DatabaseProblems {
  private DatabaseProblems() {}

  /**
   * 503 where the database cannot be reached, 400 where a text cannot be kept; anything else it
   * says is a bug of ours.
   */
  public static Optional<Problem> of(Throwable failure) {
    if (!(failure instanceof DbException database)) {
      return Optional.empty();
    }
    if (database.ofZeroCharacter()) {
      return Optional.of(Problem.of(400, "a text has a zero character (U+0000): leave it out"));
    }
    return database.unavailable()
        ? Optional.of(
            Problem.unavailable("the database does not answer, try again", Duration.ofSeconds(5)))
        : Optional.empty();
  }
}
