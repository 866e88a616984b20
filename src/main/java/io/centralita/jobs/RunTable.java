package io.centralita.jobs;

import io.centralita.db.Db;
import io.centralita.http.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * A table with a row for each run of a kind, which the run itself brings up to date: the columns
 * {@code revision status finished_at waiting failure}, {@code pause} where such runs can be paused,
 * and counts of the kind's own. The newest revision wins.
 */
public final class RunTable {
  private final int counts;
  private final boolean pausable;
  private final String show;

  private RunTable(String name, boolean pausable, String... counts) {
    this.counts = counts.length;
    this.pausable = pausable;
    this.show =
        "UPDATE %s SET %s%srevision = ?, status = ?, finished_at = ?, waiting = ?, failure = ? WHERE id = ? AND revision <= ?"
            .formatted(
                name,
                Arrays.stream(counts).map(count -> count + " = ?, ").collect(Collectors.joining()),
                pausable ? "pause = ?::jsonb, " : "");
  }

  /** One whose runs are paused each for itself. */
  public static RunTable pausable(String name, String... counts) {
    return new RunTable(name, true, counts);
  }

  /** One whose runs stand still only with others, such as all of a user's. */
  public static RunTable of(String name, String... counts) {
    return new RunTable(name, false, counts);
  }

  /**
   * Brings a run's row up to date.
   *
   * @param values of the columns of counts, in their order
   */
  public CompletionStage<Integer> show(Db db, Progress progress, long... values) {
    return db.update(show, st -> bind(st, progress, values));
  }

  /** As {@link #show(Db, Progress, long...)}, as part of a transaction. */
  public int show(Connection connection, Progress progress, long... values) throws SQLException {
    return Db.update(connection, show, st -> bind(st, progress, values));
  }

  private void bind(PreparedStatement st, Progress progress, long... values) throws SQLException {
    if (values.length != counts) {
      throw new IllegalArgumentException("the table has another number of counts");
    }
    var next = 1;
    for (var value : values) {
      st.setLong(next++, value);
    }
    if (pausable) {
      var pause = RunPause.of(progress);
      st.setString(next++, pause == null ? null : Json.text(pause));
    }
    var finishedAt = progress.finishedAt();
    st.setLong(next++, progress.revision());
    st.setString(next++, progress.status().name());
    st.setObject(next++, finishedAt == null ? null : finishedAt.atOffset(ZoneOffset.UTC));
    st.setString(next++, progress.waiting());
    st.setString(next++, progress.failure());
    st.setLong(next++, Long.parseLong(progress.id()));
    st.setLong(next, progress.revision());
  }
}
