package io.centralita.ops;

import io.centralita.db.Db;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * The journal as it is read by those who look. By our own statements and pool: a look takes no
 * connection from the entities, and wakes none.
 */
final class Journal {

  /** An event where it stands in the journal. */
  record Recorded(long sequenceNr, Instant at, Object event) {}

  private static final String HIGHEST =
      """
      SELECT sequence_number
      FROM event_journal
      WHERE persistence_id = ?
      ORDER BY sequence_number DESC
      LIMIT 1
      """;

  // Walks the primary key.
  private static final String FROM =
      """
      SELECT sequence_number, write_timestamp, event_ser_id, event_ser_manifest, event_payload
      FROM event_journal
      WHERE persistence_id = ? AND sequence_number >= ? AND NOT deleted
      ORDER BY sequence_number
      LIMIT ?
      """;

  private final Db db;
  private final Serialization serialization;

  Journal(Db db, ActorSystem<?> system) {
    this.db = db;
    this.serialization = SerializationExtension.get(system);
  }

  /** The sequence number of the last event; 0 where there is none. */
  CompletionStage<Long> highest(String persistenceId) {
    return db.queryOne(HIGHEST, st -> st.setString(1, persistenceId), row -> row.getLong(1))
        .thenApply(found -> found.orElse(0L));
  }

  /** Events from a sequence number on. */
  CompletionStage<List<Recorded>> from(String persistenceId, long sequenceNr, int limit) {
    return db.query(
        FROM,
        st -> {
          st.setString(1, persistenceId);
          st.setLong(2, sequenceNr);
          st.setInt(3, limit);
        },
        this::recorded);
  }

  /** The last events, the latest first. */
  CompletionStage<List<Recorded>> last(String persistenceId, long highest, int limit) {
    return from(persistenceId, Math.max(1, highest - limit + 1), limit).thenApply(List::reversed);
  }

  private Recorded recorded(ResultSet row) throws SQLException {
    var event = serialization.deserialize(row.getBytes(5), row.getInt(3), row.getString(4)).get();
    return new Recorded(row.getLong(1), Instant.ofEpochMilli(row.getLong(2)), event);
  }
}
