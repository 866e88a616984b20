package io.centralita.lookup;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Takes deliveries into files: in one transaction, or not at all. A delivery for a file that exists
 * adds the numbers that the file does not have.
 */
final class Intake {

  /** The file as it is after a delivery. */
  record Taken(long fileId, int windows, long total, boolean created) {}

  private record Held(long id, int windows, long total) {}

  private static final String HELD =
      "SELECT id, windows, total FROM files WHERE user_id = ? AND name = ? FOR UPDATE";

  // Locks the user's row: two deliveries that both make the file wait here for each other.
  private static final String COUNT_FILE =
      "UPDATE users SET files_created = files_created + 1 WHERE id = ? RETURNING files_created";

  private static final String UNCOUNT_FILE =
      "UPDATE users SET files_created = files_created - 1 WHERE id = ?";

  private static final String CREATE =
      "INSERT INTO files (user_id, name, conse) VALUES (?, ?, ?) RETURNING id";

  private static final String GROWN =
      """
      UPDATE files
      SET received = received + ?, duplicates = duplicates + ?, invalid = invalid + ?,
          windows = ?, total = ?
      WHERE id = ?
      """;

  private final Db db;

  Intake(Db db) {
    this.db = db;
  }

  /** Takes the delivery. The file's entity is still to be told. */
  CompletionStage<Taken> take(long userId, String name, Delivery delivery) {
    return db.transaction(
        "take a delivery", connection -> take(connection, userId, name, delivery));
  }

  private static Taken take(Connection connection, long userId, String name, Delivery delivery)
      throws SQLException {
    var present = held(connection, userId, name);
    var created = present.isEmpty();
    if (created) {
      var conse = count(connection, COUNT_FILE, userId);
      present = held(connection, userId, name); // another delivery may have made it meanwhile
      if (present.isEmpty()) {
        present = Optional.of(create(connection, userId, name, conse));
      } else {
        Db.update(connection, UNCOUNT_FILE, st -> st.setLong(1, userId));
        created = false;
      }
    }
    var file = present.orElseThrow();
    var numbers =
        file.windows() == 0 ? delivery.numbers().since(0) : added(connection, file, delivery);
    var windows = FileWindows.add(connection, file.id(), file.windows(), numbers);
    var invalid = InvalidTexts.add(connection, file.id(), delivery.invalid());
    var known = delivery.numbers().size() - numbers.length + delivery.invalid().size() - invalid;
    var total = file.total() + numbers.length;
    Db.update(
        connection,
        GROWN,
        st -> {
          st.setLong(1, delivery.received());
          st.setLong(2, delivery.duplicates() + known);
          st.setLong(3, invalid);
          st.setInt(4, windows);
          st.setLong(5, total);
          st.setLong(6, file.id());
        });
    return new Taken(file.id(), windows, total, created);
  }

  private static Optional<Held> held(Connection connection, long userId, String name)
      throws SQLException {
    return Db.query(
            connection,
            HELD,
            st -> {
              st.setLong(1, userId);
              st.setString(2, name);
            },
            row -> new Held(row.getLong(1), row.getInt(2), row.getLong(3)))
        .stream()
        .findFirst();
  }

  private static int count(Connection connection, String sql, long userId) throws SQLException {
    return Db.query(connection, sql, st -> st.setLong(1, userId), row -> row.getInt(1)).getFirst();
  }

  private static Held create(Connection connection, long userId, String name, int conse)
      throws SQLException {
    return Db.query(
            connection,
            CREATE,
            st -> {
              st.setLong(1, userId);
              st.setString(2, name);
              st.setInt(3, conse);
            },
            row -> new Held(row.getLong(1), 0, 0))
        .getFirst();
  }

  /** The numbers of the delivery that the file does not have, in the order they came. */
  private static int[] added(Connection connection, Held file, Delivery delivery)
      throws SQLException {
    var all = new NumberSet();
    FileWindows.forEachNumber(connection, file.id(), all::add);
    var known = all.size();
    for (var number : delivery.numbers().since(0)) {
      all.add(number);
    }
    return all.since(known);
  }
}
