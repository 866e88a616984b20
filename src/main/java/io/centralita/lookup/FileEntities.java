package io.centralita.lookup;

import io.centralita.actor.EntityKind;
import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The files' rows as operators list them: by id, everybody's. */
final class FileEntities implements EntityKind.Projection {
  private static final String ID = "[1-9][0-9]{0,17}";

  // An index-only scan of files_status.
  private static final String COUNTS = "SELECT status, count(*) FROM files GROUP BY status";

  private static final String COUNTS_OF_USER =
      """
      SELECT f.status, count(*)
      FROM files f JOIN users u ON u.id = f.user_id
      WHERE u.name = ?
      GROUP BY f.status
      """;

  private static final String ENTRIES =
      """
      SELECT f.id, f.status, u.name,
             coalesce(nullif(f.failure, ''), nullif(f.waiting, ''), f.pause ->> 'reason', '')
      FROM files f JOIN users u ON u.id = f.user_id
      """;

  private static final String ENTRIES_OF_ALL =
      ENTRIES
          + """
            WHERE f.id > ?
            ORDER BY f.id
            LIMIT ?
            """;

  private static final String ENTRIES_OF_STATE =
      ENTRIES
          + """
            WHERE f.id > ? AND f.status = ?
            ORDER BY f.id
            LIMIT ?
            """;

  private static final String ENTRY = ENTRIES + "WHERE f.id = ?";

  private final Db db;

  FileEntities(Db db) {
    this.db = db;
  }

  @Override
  public CompletionStage<Map<String, Long>> counts(@Nullable String owner) {
    return db.query(
            owner == null ? COUNTS : COUNTS_OF_USER,
            st -> {
              if (owner != null) {
                st.setString(1, owner);
              }
            },
            row -> Map.entry(row.getString(1), row.getLong(2)))
        .thenApply(
            rows -> {
              var counts = new HashMap<String, Long>();
              rows.forEach(row -> counts.put(row.getKey(), row.getValue()));
              return counts;
            });
  }

  @Override
  public CompletionStage<List<EntityKind.Entry>> list(
      @Nullable String state, @Nullable String after, int limit) {
    if (after != null && !after.matches(ID)) {
      throw ProblemException.badRequest("cursor", "not a next_cursor of this list");
    }
    return db.query(
        state == null ? ENTRIES_OF_ALL : ENTRIES_OF_STATE,
        st -> {
          var next = 1;
          st.setLong(next++, after == null ? 0 : Long.parseLong(after));
          if (state != null) {
            st.setString(next++, state);
          }
          st.setInt(next, limit);
        },
        FileEntities::entry);
  }

  @Override
  public CompletionStage<Optional<EntityKind.Entry>> find(String id) {
    return id.matches(ID)
        ? db.queryOne(ENTRY, st -> st.setLong(1, Long.parseLong(id)), FileEntities::entry)
        : CompletableFuture.completedFuture(Optional.empty());
  }

  private static EntityKind.Entry entry(ResultSet row) throws SQLException {
    return new EntityKind.Entry(
        Long.toString(row.getLong(1)), row.getString(2), row.getString(3), row.getString(4));
  }
}
