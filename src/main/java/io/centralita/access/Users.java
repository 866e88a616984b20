package io.centralita.access;

import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The users: names with a number each, by which other tables know them. */
public final class Users {
  private static final String FIND = "SELECT id FROM users WHERE name = ?";

  // The update changes nothing; without it the statement gives no row where another request was
  // first.
  private static final String CREATE =
      """
      INSERT INTO users (name)
      VALUES (?)
      ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name
      RETURNING id
      """;

  private static final String SET_TIME_ZONE = "UPDATE users SET time_zone = ? WHERE id = ?";

  private final Db db;

  public Users(Db db) {
    this.db = db;
  }

  /**
   * The user's number; the user is made where it is new.
   *
   * @throws ProblemException (400, field {@code user}) where the name will not do
   */
  public CompletionStage<Long> idOf(String name) {
    var checked = Names.check("user", name);
    return find(checked)
        .thenCompose(
            found ->
                found
                    .<CompletionStage<Long>>map(CompletableFuture::completedStage)
                    .orElseGet(() -> create(checked)));
  }

  /** The user's number, where there is such a user. */
  public CompletionStage<Optional<Long>> find(String name) {
    return db.queryOne(FIND, statement -> statement.setString(1, name), row -> row.getLong(1));
  }

  CompletionStage<Integer> setTimeZone(long id, String zone) {
    return db.update(
        SET_TIME_ZONE,
        statement -> {
          statement.setString(1, zone);
          statement.setLong(2, id);
        });
  }

  private CompletionStage<Long> create(String name) {
    return db.queryOne(CREATE, statement -> statement.setString(1, name), row -> row.getLong(1))
        .thenApply(Optional::orElseThrow);
  }
}
