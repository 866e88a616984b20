package io.centralita.access;

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

/** Rows of numbered entities, a user's or everybody's, as operators list them: by id. */
public final class OwnedEntities implements EntityKind.Projection {
  private static final String ID = "[1-9][0-9]{0,17}";

  private final Db db;
  private final String counts;
  private final String countsOfUser;
  private final String entriesOfAll;
  private final String entriesOfState;
  private final String entry;

  /**
   * @param table its rows have an {@code id}, and a {@code user_id} that is null where they are
   *     everybody's
   * @param state the column that says where an entity stands, indexed where there are many
   * @param note an expression over the table's row {@code e}: why it stands there, or empty
   */
  public OwnedEntities(Db db, String table, String state, String note) {
    this.db = db;
    this.counts = "SELECT %2$s, count(*) FROM %1$s GROUP BY %2$s".formatted(table, state);
    this.countsOfUser =
        """
        SELECT e.%2$s, count(*)
        FROM %1$s e JOIN users u ON u.id = e.user_id
        WHERE u.name = ?
        GROUP BY e.%2$s
        """
            .formatted(table, state);
    var entries =
        """
        SELECT e.id, e.%2$s, u.name, %3$s
        FROM %1$s e LEFT JOIN users u ON u.id = e.user_id
        """
            .formatted(table, state, note);
    this.entriesOfAll = entries + "WHERE e.id > ? ORDER BY e.id LIMIT ?";
    this.entriesOfState =
        entries + "WHERE e.id > ? AND e.%s = ? ORDER BY e.id LIMIT ?".formatted(state);
    this.entry = entries + "WHERE e.id = ?";
  }

  @Override
  public CompletionStage<Map<String, Long>> counts(@Nullable String owner) {
    return db.query(
            owner == null ? counts : countsOfUser,
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
        state == null ? entriesOfAll : entriesOfState,
        st -> {
          var next = 1;
          st.setLong(next++, after == null ? 0 : Long.parseLong(after));
          if (state != null) {
            st.setString(next++, state);
          }
          st.setInt(next, limit);
        },
        OwnedEntities::entry);
  }

  @Override
  public CompletionStage<Optional<EntityKind.Entry>> find(String id) {
    return id.matches(ID)
        ? db.queryOne(entry, st -> st.setLong(1, Long.parseLong(id)), OwnedEntities::entry)
        : CompletableFuture.completedFuture(Optional.empty());
  }

  private static EntityKind.Entry entry(ResultSet row) throws SQLException {
    @Nullable String owner = row.getString(3);
    return new EntityKind.Entry(
        Long.toString(row.getLong(1)), row.getString(2), owner, row.getString(4));
  }
}
