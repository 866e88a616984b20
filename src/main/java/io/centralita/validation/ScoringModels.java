package io.centralita.validation;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.scoring.ScoringModel;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The scoring models: versions that never change, of which one is active. That one is kept in
 * memory; which one it is is asked each time. Thread-safe.
 */
final class ScoringModels {

  /** A version as the API shows it. */
  record View(
      int version,
      String name,
      boolean active,
      @Nullable String createdBy,
      Instant createdAt,
      @Nullable Instant activatedAt,
      @JsonUnwrapped ModelBody body) {}

  /** A model with its version. */
  record Version(int version, ScoringModel model) {}

  private static final String SELECT =
      """
      SELECT m.version, m.name, m.active, u.name, m.created_at, m.activated_at, m.body
      FROM scoring_models m LEFT JOIN users u ON u.id = m.user_id
      """;

  private static final String ONE = SELECT + "WHERE m.version = ?";
  private static final String BEFORE =
      SELECT + "WHERE m.version < ? ORDER BY m.version DESC LIMIT ?";

  private static final String ADD =
      "INSERT INTO scoring_models (name, body, user_id) VALUES (?, ?::jsonb, ?) RETURNING version";

  private static final String ACTIVE = "SELECT version FROM scoring_models WHERE active";
  private static final String BODY = "SELECT body FROM scoring_models WHERE version = ?";
  private static final String RETIRE = "UPDATE scoring_models SET active = false WHERE active";

  private static final String ACTIVATE =
      "UPDATE scoring_models SET active = true, activated_at = now() WHERE version = ?";

  private final Db db;
  private volatile @Nullable Version known;

  ScoringModels(Db db) {
    this.db = db;
  }

  /** The model in force, as a transaction sees it. */
  Version active(Connection connection) throws SQLException {
    var version = Db.query(connection, ACTIVE, _ -> {}, row -> row.getInt(1)).getFirst();
    var present = known;
    if (present != null && present.version() == version) {
      return present;
    }
    var read = version(connection, version).orElseThrow();
    known = read;
    return read;
  }

  /** One of the versions. */
  Optional<Version> version(Connection connection, int version) throws SQLException {
    return Db.query(
            connection,
            BODY,
            st -> st.setInt(1, version),
            row -> new Version(version, ModelBody.parse(row.getString(1)).model()))
        .stream()
        .findFirst();
  }

  CompletionStage<Optional<View>> one(int version) {
    return db.queryOne(ONE, st -> st.setInt(1, version), ScoringModels::view);
  }

  /**
   * The versions, the newest first.
   *
   * @param before the version before which the page begins
   */
  CompletionStage<List<View>> before(int before, int limit) {
    return db.query(
        BEFORE,
        st -> {
          st.setInt(1, before);
          st.setInt(2, limit);
        },
        ScoringModels::view);
  }

  /** Adds a version, which is not active; gives its number. */
  CompletionStage<Optional<Integer>> add(long userId, String name, ModelBody body) {
    return db.queryOne(
        ADD,
        st -> {
          st.setString(1, name);
          st.setString(2, Json.text(body));
          st.setLong(3, userId);
        },
        row -> row.getInt(1));
  }

  /** Makes a version the active one, as part of a transaction. */
  static void activate(Connection connection, int version) throws SQLException {
    Db.update(connection, RETIRE, _ -> {});
    Db.update(connection, ACTIVATE, st -> st.setInt(1, version));
  }

  private static View view(ResultSet row) throws SQLException {
    return new View(
        row.getInt(1),
        row.getString(2),
        row.getBoolean(3),
        row.getString(4),
        Db.instant(row, 5),
        Db.instantOrNull(row, 6),
        ModelBody.parse(row.getString(7)));
  }
}
