package io.centralita.validation;

import io.centralita.contacts.Contacts;
import io.centralita.contacts.Selection;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.http.ProblemException;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.RunTable;
import io.centralita.webhooks.Webhooks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
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
   * @param maxCostMicros what its calls may cost; null where as much as they do
   */
  record Order(
      long userId,
      String name,
      List<Check> platforms,
      Numbers numbers,
      int batchSize,
      int maxConcurrent,
      int retryAttempts,
      @Nullable Long maxCostMicros) {}

  /** Which numbers a job asks about. */
  sealed interface Numbers {

    /**
     * These.
     *
     * @param phones different ones, E.164 without the plus
     * @param invalid how many texts were no numbers
     * @param duplicates how many were given again
     */
    record Given(List<Long> phones, int invalid, int duplicates) implements Numbers {}

    /**
     * Those of contacts, in the order of draw, but of nobody who has opted out.
     *
     * @param most so many at most
     */
    record OfSegment(String name, Selection filter, int most) implements Numbers {}
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
         duplicate_numbers, chunks, created_at, max_cost_micros, segment)
      VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, 0, ?, ?, ?)
      RETURNING id
      """;

  private static final String FILLED =
      "UPDATE validation_jobs SET total_numbers = invalid_numbers + ?, chunks = ? WHERE id = ?";

  private static final String MAX_COST =
      "UPDATE validation_jobs SET max_cost_micros = ? WHERE id = ?";

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
  static final String FINISHED = "validation_job.finished";

  private static final String STANDING =
      "SELECT user_id, status FROM validation_jobs WHERE id = ? FOR UPDATE";

  private record Standing(long userId, Status status) {}

  private final Db db;
  private final Contacts contacts;
  private final Webhooks webhooks;

  Jobs(Db db, Contacts contacts, Webhooks webhooks) {
    this.db = db;
    this.contacts = contacts;
    this.webhooks = webhooks;
  }

  /**
   * Adds one with its numbers, as part of a transaction; gives its id.
   *
   * @throws ProblemException (400) where there is no number to ask about
   */
  int add(Connection connection, Order order, Instant now) throws SQLException {
    var id = addRow(connection, order, now);
    try (var chunks = new ChunkWriter(connection, id)) {
      switch (order.numbers()) {
        case Numbers.Given(var phones, _, _) -> {
          for (var from = 0; from < phones.size(); from += CHUNK) {
            chunks.accept(phones.subList(from, Math.min(phones.size(), from + CHUNK)));
          }
        }
        case Numbers.OfSegment(_, var filter, var most) ->
            contacts.numbers(connection, filter, most, CHUNK, chunks);
      }
      chunks.flush();
      if (chunks.numbers() == 0) {
        throw ProblemException.badRequest("segment", "it has nobody who may be asked about");
      }
      Db.update(
          connection,
          FILLED,
          st -> {
            st.setInt(1, chunks.numbers());
            st.setInt(2, chunks.chunks());
            st.setInt(3, id);
          });
    }
    return id;
  }

  private static int addRow(Connection connection, Order order, Instant now) throws SQLException {
    var given = order.numbers() instanceof Numbers.Given some ? some : null;
    var segment = order.numbers() instanceof Numbers.OfSegment some ? some.name() : null;
    return Db.query(
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
              st.setInt(7, given == null ? 0 : given.invalid());
              st.setInt(8, given == null ? 0 : given.duplicates());
              st.setObject(9, now.atOffset(ZoneOffset.UTC));
              st.setObject(10, order.maxCostMicros(), Types.BIGINT);
              st.setString(11, segment);
            },
            row -> row.getInt(1))
        .getFirst();
  }

  /** Writes the chunks of a job, some at once. */
  private static final class ChunkWriter implements Contacts.NumberSink, AutoCloseable {
    private static final int AT_ONCE = 100;

    private final PreparedStatement statement;
    private final int job;
    private int chunks;
    private int numbers;

    ChunkWriter(Connection connection, int job) throws SQLException {
      this.statement = connection.prepareStatement(ADD_CHUNK);
      this.job = job;
    }

    @Override
    public void accept(List<Long> phones) throws SQLException {
      statement.setInt(1, job);
      statement.setInt(2, chunks);
      statement.setArray(3, statement.getConnection().createArrayOf("int8", phones.toArray()));
      statement.addBatch();
      chunks++;
      numbers += phones.size();
      if (chunks % AT_ONCE == 0) {
        flush();
      }
    }

    void flush() throws SQLException {
      statement.executeBatch();
    }

    int chunks() {
      return chunks;
    }

    int numbers() {
      return numbers;
    }

    @Override
    public void close() throws SQLException {
      statement.close();
    }
  }

  /** Says what a job may cost; null: as much as it does. */
  CompletionStage<Integer> maxCost(int id, @Nullable Long micros) {
    return db.update(
        MAX_COST,
        st -> {
          st.setObject(1, micros, Types.BIGINT);
          st.setInt(2, id);
        });
  }

  /** {@link #one(int)} as part of a transaction. */
  static JobRow one(Connection connection, int id) throws SQLException {
    return Db.query(connection, ONE, st -> st.setInt(1, id), JobRow::read).getFirst();
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
    var id = Integer.parseInt(progress.id());
    return db.transaction(
        "show a validation job",
        connection ->
            hasEnded(progress.status())
                ? ending(connection, id, () -> show(connection, progress, id))
                : show(connection, progress, id));
  }

  private static int show(Connection connection, Progress progress, int id) throws SQLException {
    var shown = TABLE.show(connection, progress);
    Db.update(
        connection,
        COUNTS,
        st -> {
          st.setString(1, Json.text(progress.counts()));
          st.setInt(2, id);
          st.setLong(3, progress.revision());
        });
    return shown;
  }

  /** A cancelled job stays known, with what it was told until then. */
  @Override
  public CompletionStage<?> remove(String text) {
    var id = Integer.parseInt(text);
    return db.transaction(
        "end a validation job",
        connection ->
            ending(
                connection,
                id,
                () ->
                    Db.update(
                        connection,
                        CANCEL,
                        st -> {
                          st.setString(1, Status.CANCELLED.name());
                          st.setInt(2, id);
                          st.setString(3, Status.CANCELLED.name());
                        })));
  }

  private interface Change {
    int make() throws SQLException;
  }

  /** Makes a change, and tells the owner's webhooks where the job has come to its end by it. */
  private int ending(Connection connection, int id, Change change) throws SQLException {
    // Locked, so that of two who end it one tells.
    var before =
        Db.query(
                connection,
                STANDING,
                st -> st.setInt(1, id),
                row -> new Standing(row.getLong(1), Status.valueOf(row.getString(2))))
            .getFirst();
    var changed = change.make();
    var row = one(connection, id);
    if (hasEnded(row.status()) && row.status() != before.status()) {
      var _ = webhooks.publish(connection, before.userId(), FINISHED, JobView.of(row));
    }
    return changed;
  }

  private static boolean hasEnded(Status status) {
    return switch (status) {
      case COMPLETED, FAILED, CANCELLED -> true;
      case PENDING, PROCESSING, PAUSED -> false;
    };
  }
}
