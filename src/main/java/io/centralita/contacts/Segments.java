package io.centralita.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.centralita.access.Principal;
import io.centralita.db.Db;
import io.centralita.http.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Selections that users keep by a name. */
public final class Segments {

  /** One of them. */
  public record Segment(long id, String user, String name, Selection filter, Instant createdAt) {}

  private static final String ID = "[1-9][0-9]{0,17}";

  private static final String CREATE =
      """
      INSERT INTO segments (user_id, name, filter)
      VALUES (?, ?, ?::jsonb)
      ON CONFLICT (user_id, name) DO NOTHING
      RETURNING id
      """;

  private static final String SHOWN =
      """
      SELECT s.id, u.name, s.name, s.filter, s.created_at
      FROM segments s JOIN users u ON u.id = s.user_id
      """;

  private static final String FIND = SHOWN + "WHERE s.id = ?";

  private static final String NAMED = SHOWN + "WHERE u.name = ? AND s.name = ?";

  private static final String LIST =
      SHOWN
          + """
          WHERE (?::text IS NULL OR u.name = ?) AND s.id > ?
          ORDER BY s.id
          LIMIT ?
          """;

  private static final String REMOVE = "DELETE FROM segments WHERE id = ?";

  private final Db db;

  public Segments(Db db) {
    this.db = db;
  }

  /** Keeps a selection; empty where the user has one of this name. */
  public CompletionStage<Optional<Long>> create(long userId, String name, Selection filter) {
    return db.queryOne(
        CREATE,
        statement -> {
          statement.setLong(1, userId);
          statement.setString(2, name);
          statement.setString(3, Json.text(filter));
        },
        row -> row.getLong(1));
  }

  public CompletionStage<Optional<Segment>> find(long id) {
    return db.queryOne(FIND, statement -> statement.setLong(1, id), Segments::segment);
  }

  /** The user's segment of this name, where there is one. */
  public CompletionStage<Optional<Segment>> named(String user, String name) {
    return db.queryOne(
        NAMED,
        statement -> {
          statement.setString(1, user);
          statement.setString(2, name);
        },
        Segments::segment);
  }

  /**
   * The segment that somebody means, who is its owner or may act for him. A name wins over a
   * number: nobody sees to it that a segment is not called 7.
   *
   * @param text a name, or a number
   */
  public CompletionStage<Optional<Segment>> meant(Principal who, String text) {
    return named(who.user(), text)
        .thenCompose(
            named ->
                named.isEmpty() && text.matches(ID)
                    ? find(Long.parseLong(text))
                        .thenApply(found -> found.filter(one -> who.mayActFor(one.user())))
                    : CompletableFuture.completedStage(named));
  }

  /**
   * The segments, the oldest first.
   *
   * @param user only this user's; all where null
   * @param after the id after which the page begins
   */
  public CompletionStage<List<Segment>> after(@Nullable String user, long after, int limit) {
    return db.query(
        LIST,
        statement -> {
          statement.setString(1, user);
          statement.setString(2, user);
          statement.setLong(3, after);
          statement.setInt(4, limit);
        },
        Segments::segment);
  }

  public CompletionStage<Integer> remove(long id) {
    return db.update(REMOVE, statement -> statement.setLong(1, id));
  }

  private static Segment segment(ResultSet row) throws SQLException {
    return new Segment(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        filter(row.getString(4)),
        Db.instant(row, 5));
  }

  private static Selection filter(String json) {
    try {
      return Json.MAPPER.readValue(json, Selection.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a kept selection cannot be read", e);
    }
  }
}
