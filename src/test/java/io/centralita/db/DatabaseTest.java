package io.centralita.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestPostgres;
import org.junit.jupiter.api.Test;

/** A database that does not let us in says why, at once and in words. */
final class DatabaseTest {
  private static final Database.Settings GOOD = TestPostgres.fresh();

  private static String refusal(Database.Settings settings) {
    var refused = assertThrows(IllegalStateException.class, () -> Database.open(settings));
    return String.valueOf(refused.getMessage());
  }

  @Test
  void open_wrongPassword_namesTheVariables_andNotThePassword() {
    var message = refusal(new Database.Settings(GOOD.url(), GOOD.user(), "not-this-one", 1));

    assertTrue(message.contains("refuses the user or the password"), message);
    assertTrue(message.contains("CENTRALITA_DB_PASSWORD"), message);
    assertEquals(-1, message.indexOf("not-this-one"));
  }

  @Test
  void open_databaseThatIsNotThere_saysSo() {
    var url = GOOD.url().replaceFirst("/[^/]+$", "/nowhere");

    var message = refusal(new Database.Settings(url, GOOD.user(), GOOD.password(), 1));

    assertTrue(message.endsWith("/nowhere does not exist: create it, or change CENTRALITA_DB_URL"));
  }

  @Test
  void open_unknownHost_saysSo() {
    var settings =
        new Database.Settings(
            "jdbc:postgresql://no.such.host.invalid/db?password=s3cret", "", "", 1);

    var message = refusal(settings);

    assertTrue(message.contains("no.such.host.invalid/db"), message);
    assertTrue(message.contains("there is no host of that name"), message);
    assertEquals(-1, message.indexOf("s3cret"));
  }
}
