package io.centralita.extraction;

import io.centralita.contacts.Holdings;
import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What time does to extractions: contacts that were given back have cooled down, files are old, and
 * what was ordered of a node that died is begun. Every node sweeps; one at a time, a little at a
 * time.
 */
final class Sweep {
  private static final Logger log = LoggerFactory.getLogger(Sweep.class);
  private static final int CHUNKS_AT_ONCE = 400; // 100 MiB

  private static final String ALONE =
      "SELECT pg_try_advisory_xact_lock(hashtext('centralita extractions sweep'))";

  private static final String COOL =
      """
      SELECT id FROM extractions
      WHERE released_at IS NULL AND (ended OR returned_at IS NOT NULL)
        AND (returned_at IS NULL OR returned_at <= ?)
      ORDER BY id
      LIMIT 10
      FOR UPDATE SKIP LOCKED
      """;

  private static final String RELEASED = "UPDATE extractions SET released_at = now() WHERE id = ?";

  private static final String OLD_FILES =
      """
      SELECT id FROM extractions
      WHERE delivered_at IS NOT NULL AND file_gone_at IS NULL
        AND (delivered_at <= ? OR returned_at IS NOT NULL OR ended)
      ORDER BY id
      LIMIT 10
      FOR UPDATE SKIP LOCKED
      """;

  private static final String DELETE =
      """
      DELETE FROM extraction_files
      WHERE extraction_id = ? AND chunk_no IN (
        SELECT chunk_no FROM extraction_files WHERE extraction_id = ? ORDER BY chunk_no LIMIT ?)
      """;

  private static final String FILE_GONE =
      "UPDATE extractions SET file_gone_at = now() WHERE id = ?";

  private final Db db;
  private final ExtractionRuns runs;
  private final Duration cooling;
  private final Duration fileKept;
  private final InstantSource clock;

  Sweep(Db db, ExtractionRuns runs, Extracting.Settings settings, InstantSource clock) {
    this.db = db;
    this.runs = runs;
    this.cooling = settings.cooling();
    this.fileKept = settings.fileKept();
    this.clock = clock;
  }

  /** Sweeps now, and then again and again. */
  void begin(ScheduledExecutorService scheduler, Duration every) {
    once()
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                log.warn("extractions could not be swept; tried again later", failure);
              }
              if (!scheduler.isShutdown()) {
                var _ =
                    scheduler.schedule(
                        () -> begin(scheduler, every), every.toMillis(), TimeUnit.MILLISECONDS);
              }
            });
  }

  /** Completes with the number of extractions that were dealt with. */
  CompletionStage<Integer> once() {
    return db.transaction("sweep extractions", this::sweep)
        .thenCompose(swept -> runs.beginLost().thenApply(_ -> swept));
  }

  private int sweep(Connection connection) throws SQLException {
    if (!Db.query(connection, ALONE, _ -> {}, row -> row.getBoolean(1)).getFirst()) {
      return 0;
    }
    return cool(connection) + dropFiles(connection);
  }

  private int cool(Connection connection) throws SQLException {
    var cooled =
        Db.query(
            connection,
            COOL,
            st -> st.setObject(1, clock.instant().minus(cooling).atOffset(ZoneOffset.UTC)),
            row -> row.getInt(1));
    for (var id : cooled) {
      Holdings.release(connection, id);
      Db.update(connection, RELEASED, st -> st.setInt(1, id));
    }
    return cooled.size();
  }

  private int dropFiles(Connection connection) throws SQLException {
    var old =
        Db.query(
            connection,
            OLD_FILES,
            st -> st.setObject(1, clock.instant().minus(fileKept).atOffset(ZoneOffset.UTC)),
            row -> row.getInt(1));
    var left = CHUNKS_AT_ONCE;
    for (var id : old) {
      var most = left;
      if (most == 0) {
        break;
      }
      var deleted =
          Db.update(
              connection,
              DELETE,
              st -> {
                st.setInt(1, id);
                st.setInt(2, id);
                st.setInt(3, most);
              });
      left -= deleted;
      if (deleted < most) {
        Db.update(connection, FILE_GONE, st -> st.setInt(1, id));
      }
    }
    return old.size();
  }
}
