package io.centralita.validation;

import io.centralita.db.Db;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.RunTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** All leads being scored anew, each time that a model came into force: rows that runs write. */
final class Rescorings implements RunKind.View {
  /** Windows of each, of about as many leads. */
  static final int WINDOWS = 32;

  static final String SAME = "SAME";
  static final String CHANGED = "CHANGED";

  /**
   * One of them, as the API shows it.
   *
   * @param total leads; null until they are counted
   * @param changed leads that came into another tier
   * @param leadsPerSecond lately
   * @param secondsLeft at that rate; null where nothing moves
   */
  record View(
      int id,
      String createdBy,
      int model,
      String status,
      @Nullable Long total,
      long rescored,
      long changed,
      double leadsPerSecond,
      @Nullable Long secondsLeft,
      Instant createdAt,
      @Nullable Instant finishedAt,
      String waiting,
      String failure) {

    /** The same as its run says now. */
    View at(Progress now) {
      var rescored = now.dealtWith();
      return new View(
          id,
          createdBy,
          model,
          word(now.status()),
          total,
          rescored,
          now.counts().getOrDefault(CHANGED, 0L),
          Math.round(now.rate() * 10) / 10.0,
          total == null || now.rate() <= 0
              ? null
              : (Long) (long) Math.ceil(Math.max(0, total - rescored) / now.rate()),
          createdAt,
          now.finishedAt(),
          now.waiting(),
          now.failure());
    }
  }

  private static final String SELECT =
      """
      SELECT r.id, u.name, r.model, r.status, r.total, r.rescored, r.changed, r.created_at, r.finished_at,
             r.waiting, r.failure
      FROM rescorings r JOIN users u ON u.id = r.user_id
      """;

  private static final String ONE = SELECT + "WHERE r.id = ?";
  private static final String BEFORE = SELECT + "WHERE r.id < ? ORDER BY r.id DESC LIMIT ?";
  private static final String UNBEGUN =
      SELECT
          + "WHERE r.revision = 0 AND r.created_at < now() - interval '10 s' ORDER BY r.id LIMIT 20";

  private static final String ADD =
      "INSERT INTO rescorings (user_id, model) VALUES (?, ?) RETURNING id";

  private static final String PLAN =
      "SELECT model, bounds, user_id FROM rescorings WHERE id = ? FOR UPDATE";

  private static final String QUANTILES =
      """
      SELECT phone, total
      FROM (SELECT phone, row_number() OVER (ORDER BY phone) AS place, count(*) OVER () AS total
            FROM lead_scores) AS numbered
      WHERE place = total OR place %% greatest(1, (total + %1$d - 1) / %1$d) = 0
      ORDER BY phone
      """
          .formatted(WINDOWS);

  private static final String PLANNED = "UPDATE rescorings SET bounds = ?, total = ? WHERE id = ?";

  private static final String CANCEL =
      "UPDATE rescorings SET status = 'CANCELLED', revision = revision + 1 WHERE id = ?";

  private static final RunTable TABLE = RunTable.of("rescorings", "rescored", "changed");

  /**
   * What a rescoring is to do.
   *
   * @param bounds the last number of each window that has any
   * @param userId who brought the model into force
   */
  record Plan(int model, List<Long> bounds, long userId) {}

  private record Quantile(long phone, long total) {}

  private final Db db;

  Rescorings(Db db) {
    this.db = db;
  }

  /** Adds one, as part of a transaction; gives its id. */
  static int add(Connection connection, long userId, int model) throws SQLException {
    return Db.query(
            connection,
            ADD,
            st -> {
              st.setLong(1, userId);
              st.setInt(2, model);
            },
            row -> row.getInt(1))
        .getFirst();
  }

  /** What it is to do; whoever asks first finds out where its windows end. */
  CompletionStage<Plan> plan(int id) {
    return db.transaction("plan a rescoring", connection -> plan(connection, id));
  }

  private static Plan plan(Connection connection, int id) throws SQLException {
    var plan =
        Db.query(
                connection,
                PLAN,
                st -> st.setInt(1, id),
                row ->
                    new Plan(
                        row.getInt(1),
                        row.getArray(2) == null
                            ? List.of()
                            : List.of((Long[]) row.getArray(2).getArray()),
                        row.getLong(3)))
            .getFirst();
    if (!plan.bounds().isEmpty()) {
      return plan;
    }
    var quantiles =
        Db.query(
            connection, QUANTILES, _ -> {}, row -> new Quantile(row.getLong(1), row.getLong(2)));
    var bounds = new ArrayList<>(quantiles.stream().map(Quantile::phone).toList());
    Db.update(
        connection,
        PLANNED,
        st -> {
          st.setArray(1, connection.createArrayOf("int8", bounds.toArray()));
          st.setLong(2, quantiles.isEmpty() ? 0 : quantiles.getFirst().total());
          st.setInt(3, id);
        });
    return new Plan(plan.model(), List.copyOf(bounds), plan.userId());
  }

  CompletionStage<Optional<View>> one(int id) {
    return db.queryOne(ONE, st -> st.setInt(1, id), Rescorings::view);
  }

  /**
   * The rescorings, the newest first.
   *
   * @param before the id before which the page begins
   */
  CompletionStage<List<View>> before(int before, int limit) {
    return db.query(
        BEFORE,
        st -> {
          st.setInt(1, before);
          st.setInt(2, limit);
        },
        Rescorings::view);
  }

  /** Those whose node died between the row and the run. */
  CompletionStage<List<View>> unbegun() {
    return db.query(UNBEGUN, _ -> {}, Rescorings::view);
  }

  @Override
  public CompletionStage<?> show(Progress progress) {
    return TABLE.show(
        db, progress, progress.dealtWith(), progress.counts().getOrDefault(CHANGED, 0L));
  }

  @Override
  public CompletionStage<?> remove(String id) {
    return db.update(CANCEL, st -> st.setInt(1, Integer.parseInt(id)));
  }

  private static View view(ResultSet row) throws SQLException {
    return new View(
        row.getInt(1),
        row.getString(2),
        row.getInt(3),
        word(Status.valueOf(row.getString(4))),
        row.getObject(5, Long.class),
        row.getLong(6),
        row.getLong(7),
        0,
        null,
        Db.instant(row, 8),
        Db.instantOrNull(row, 9),
        row.getString(10),
        row.getString(11));
  }

  private static String word(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
