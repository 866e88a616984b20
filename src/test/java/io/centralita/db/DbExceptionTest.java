package io.centralita.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.centralita.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is logged of a statement that failed never has the numbers in it. */
final class DbExceptionTest {
  private static final int NUMBER = 600_123_456;
  private static final String ADD = "INSERT INTO people (number) VALUES (?)";

  private static final Database database = Database.open(TestPostgres.fresh());
  private static final Db db = database.db();

  @BeforeAll
  static void makeTheTable() {
    db.update("CREATE TABLE people (number integer PRIMARY KEY)", _ -> {})
        .toCompletableFuture()
        .join();
    db.update(ADD, st -> st.setInt(1, NUMBER)).toCompletableFuture().join();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static void assertFailsInPrivate(String state, CompletionStage<?> statement) {
    var thrown = assertThrows(CompletionException.class, statement.toCompletableFuture()::join);
    var failure = assertInstanceOf(DbException.class, thrown.getCause());
    var printed = new StringWriter();
    failure.printStackTrace(new PrintWriter(printed, true));

    assertEquals(state + " in: ", String.valueOf(failure.getMessage()).substring(0, 10));
    assertFalse(printed.toString().contains(Integer.toString(NUMBER)), printed::toString);
  }

  @Test
  void row_thatIsThereAlready_isNotQuoted() {
    assertFailsInPrivate("23505", db.update(ADD, st -> st.setInt(1, NUMBER)));
  }

  @Test
  void batch_thatFails_isNotQuotedWithItsParameters() {
    assertFailsInPrivate(
        "23505",
        db.transaction(
            "add people",
            connection -> {
              try (var statement = connection.prepareStatement(ADD)) {
                for (var number : new int[] {NUMBER + 1, NUMBER}) {
                  statement.setInt(1, number);
                  statement.addBatch();
                }
                return statement.executeBatch();
              }
            }));
  }

  @Test
  void value_thatCannotBeCast_isNotQuoted() {
    assertFailsInPrivate(
        "22P02", db.update("SELECT ?::uuid", st -> st.setString(1, Integer.toString(NUMBER))));
  }
}
