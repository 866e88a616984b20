package io.centralita.access;

import io.centralita.db.DbException;
import io.centralita.http.Problem;
import java.time.Duration;
import java.util.Optional;

/** What a failing database means to a client; a hook for {@link io.centralita.http.Errors}. */
public final class DatabaseProblems {
  private DatabaseProblems() {}

  /** 503 where the database cannot be reached; anything else it says is a bug of ours. */
  public static Optional<Problem> of(Throwable failure) {
    return failure instanceof DbException e && e.unavailable()
        ? Optional.of(
            Problem.unavailable("the database does not answer, try again", Duration.ofSeconds(5)))
        : Optional.empty();
  }
}
