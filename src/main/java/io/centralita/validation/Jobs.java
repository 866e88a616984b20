package io.centralita.validation;

import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.RunTable;
import io.centralita.scoring.Platform;
import io.centralita.webhooks.Webhooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The validation jobs: rows that lists read and their runs write, and the numbers they ask about.
 */
final class Jobs implements RunKind.View {
  /** Numbers of one chunk, and so of one window. */
  static final int CHUNK = 500;

  /**
   * What a job is to be.
   *
   * @param phones different ones, E.164 without the plus
   * @param invalid how many texts were no numbers
   * @param duplicates how many were given again
   */
  record Order(
      long userId,
      String name,
      List<Platform> platforms,
      List<Long> phones,
      int invalid,
      int duplicates,
      int batchSize,
      int maxConcurrent,
      int retryAttempts) {

    int chunks() {
      return (phones.size() + CHUNK - 1) / CHUNK;
    }
  }

  private static final String ONE = JobRow.SELECT + "WHERE j.id = ?";
  private static final String BY_UUID = JobRow.SELECT + "WHERE j.job_uuid = ?";

  private static final String BEFORE =
      JobRow.SELECT
          + """
            WHERE j.id < ? AND (?::text IS NULL OR u.name = ?) AND (?::text IS NULL OR j.status = ?)
            ORDER BY j.id DESC
            LIMIT ?
            """;

  private static final String UNBEGUN =
      JobRow.SELECT
          + "WHERE j.revision = 0 AND j.created_at < now() - interval '10 s' ORDER BY j.id LIMIT 20";

  private static final String ADD =
      """
      INSERT INTO validation_jobs
        (user_id, name, platforms, batch_size, max_concurrent, retry_attempts, total_numbers, invalid_numbers,
         duplicate_numbers, chunks, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      RETURNING id
      """;

  private static final String ADD_CHUNK =
      "INSERT INTO validation_chunks (job_id, chunk_no, phones) VALUES (?, ?, ?)";

  private static final String CHUNK_PHONES =
      "SELECT phones FROM validation_chunks WHERE job_id = ? AND chunk_no = ?";

  private static final String COUNTS =
      "UPDATE validation_jobs SET counts = ?::jsonb WHERE id = ? AND revision = ?";

  private static final String CANCEL =
      "UPDATE validation_jobs SET status = ?, finished_at = now(), waiting = '', revision = revision + 1"
          + " WHERE id = ? AND status <> ?";

  private static final RunTable TABLE = RunTable.pausable("validation_jobs");

  /** The type of the webhooks' event. */
  private static final String FINISHED = "validation_job.finished";

  private static final String STANDING =
      "SELECT user_id, status FROM validation_jobs WHERE id = ? FOR UPDATE";

  private record Standing(long userId, Status status) {}

  private final Db db;
  private final Webhooks webhooks;

  Jobs(Db db, Webhooks webhooks) {
    this.db = db;
    this.webhooks = webhooks;
  }

  /** Adds one with its numbers, as part of a transaction; gives its id. */
  static int add(Connection connection, Order order, Instant now) throws SQLException {
    var id =
        Db.query(
                connection,
                ADD,
                st -> {
                  st.setLong(1, order.userId());
                  st.setString(2, order.name());
                  st.setArray(
                      3,
                      connection.createArrayOf(
                          "int2", order.platforms().stream().map(Codes::of).toArray()));
                  st.setInt(4, order.batchSize());
                  st.setInt(5, order.maxConcurrent());
                  st.setInt(6, order.retryAttempts());
                  st.setInt(7, order.phones().size() + order.invalid());
                  st.setInt(8, order.invalid());
                  st.setInt(9, order.duplicates());
                  st.setInt(10, order.chunks());
                  st.setObject(11, now.atOffset(ZoneOffset.UTC));
                },
                row -> row.getInt(1))
            .getFirst();
    try (var st = connection.prepareStatement(ADD_CHUNK)) {
      for (var chunk = 0; chunk < order.chunks(); chunk++) {
        var to = Math.min(order.phones().size(), (chunk + 1) * CHUNK);
        st.setInt(1, id);
        st.setInt(2, chunk);
        st.setArray(
            3,
            connection.createArrayOf("int8", order.phones().subList(chunk * CHUNK, to).toArray()));
        st.addBatch();
      }
      st.executeBatch();
    }
    return id;
  }

  CompletionStage<Optional<JobRow>> one(int id) {
    return db.queryOne(ONE, st -> st.setInt(1, id), JobRow::read);
  }

  CompletionStage<Optional<JobRow>> one(UUID uuid) {
    return db.queryOne(BY_UUID, st -> st.setObject(1, uuid), JobRow::read);
  }

  /**
   * The jobs, the newest first.
   *
   * @param user only this user's; all where null
   * @param before the id before which the page begins
   */
  CompletionStage<List<JobRow>> before(
      @Nullable String user, @Nullable String status, int before, int limit) {
    return db.query(
        BEFORE,
        st -> {
          st.setInt(1, before);
          st.setString(2, user);
          st.setString(3, user);
          st.setString(4, status);
          st.setString(5, status);
          st.setInt(6, limit);
        },
        JobRow::read);
  }

  /** Those whose node died between the row and the run. */
  CompletionStage<List<JobRow>> unbegun() {
    return db.query(UNBEGUN, _ -> {}, JobRow::read);
  }

  /** The numbers of a chunk. */
  static List<Long> phones(Connection connection, int job, int chunk) throws SQLException {
    return Db.query(
            connection,
            CHUNK_PHONES,
            st -> {
              st.setInt(1, job);
              st.setInt(2, chunk);
            },
            row -> new ArrayList<>(List.of((Long[]) row.getArray(1).getArray())))
        .getFirst();
  }

  @Override
  public CompletionStage<?> show(Progress progress) {
    return db.transaction(
        "show a validation job",
        connection -> {
          var id = Integer.parseInt(progress.id());
          var before = standing(connection, id);
          var shown = TABLE.show(connection, progress);
          Db.update(
              connection,
              COUNTS,
              st -> {
                st.setString(1, Json.text(progress.counts()));
                st.setInt(2, id);
                st.setLong(3, progress.revision());
              });
          tell(connection, id, before);
          return shown;
        });
  }

  /** A cancelled job stays known, with what it was told until then. */
  @Override
  public CompletionStage<?> remove(String text) {
    return db.transaction(
        "end a validation job",
        connection -> {
          var id = Integer.parseInt(text);
          var before = standing(connection, id);
          var ended =
              Db.update(
                  connection,
                  CANCEL,
                  st -> {
                    st.setString(1, Status.CANCELLED.name());
                    st.setInt(2, id);
                    st.setString(3, Status.CANCELLED.name());
                  });
          tell(connection, id, before);
          return ended;
        });
  }

  /** Nobody else changes the row until the transaction ends. */
  private static Standing standing(Connection connection, int id) throws SQLException {
    return Db.query(
            connection,
            STANDING,
            st -> st.setInt(1, id),
            row -> new Standing(row.getLong(1), Status.valueOf(row.getString(2))))
        .getFirst();
  }

  /** Tells the owner's webhooks that a job has come to its end, once. */
  private void tell(Connection connection, int id, Standing before) throws SQLException {
    var row = Db.query(connection, ONE, st -> st.setInt(1, id), JobRow::read).getFirst();
    if (hasEnded(row.status()) && row.status() != before.status()) {
      var _ = webhooks.publish(connection, before.userId(), FINISHED, JobView.of(row));
    }
  }

  private static boolean hasEnded(Status status) {
    return switch (status) {
      case COMPLETED, FAILED, CANCELLED -> true;
      case PENDING, PROCESSING, PAUSED -> false;
    };
  }
}
