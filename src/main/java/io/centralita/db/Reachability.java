package io.centralita.db;

import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a database can be reached: waits while waiting may help, and says so in words if not. */
final class Reachability {
  private static final Logger log = LoggerFactory.getLogger(Reachability.class);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration BETWEEN = Duration.ofMillis(500);
  private static final String STARTING = "57P03";
  private static final String TOO_MANY_CONNECTIONS = "53300";

  private Reachability() {}

  /**
   * Returns once the database lets us in.
   *
   * @throws IllegalStateException at once where it refuses us, after 30 s where it does not answer
   */
  static void await(String url, Properties login) {
    var properties = new Properties();
    properties.putAll(login);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "10");
    var deadline = System.nanoTime() + LONGEST.toNanos();
    for (var told = false; ; told = true) {
      try (var _ = DriverManager.getConnection(url, properties)) {
        return;
      } catch (SQLException e) {
        if (!mayPass(e) || System.nanoTime() > deadline) {
          throw new IllegalStateException("the database at " + place(url) + " " + reason(e), e);
        }
        if (!told) {
          log.info("waiting for the database at {}, which {}", place(url), reason(e));
        }
        pause();
      }
    }
  }

  private static boolean mayPass(SQLException e) {
    return STARTING.equals(e.getSQLState())
        || TOO_MANY_CONNECTIONS.equals(e.getSQLState())
        || (e.getCause() instanceof IOException && !(e.getCause() instanceof UnknownHostException));
  }

  private static String reason(SQLException e) {
    var state = Objects.requireNonNullElse(e.getSQLState(), "");
    if (e.getCause() instanceof UnknownHostException) {
      return "cannot be reached: there is no host of that name (CENTRALITA_DB_URL)";
    }
    if (e.getCause() instanceof IOException) {
      return "does not answer (CENTRALITA_DB_URL)";
    }
    if (state.startsWith("28")) {
      return "refuses the user or the password (CENTRALITA_DB_USER, CENTRALITA_DB_PASSWORD)";
    }
    return switch (state) {
      case "3D000" -> "does not exist: create it, or change CENTRALITA_DB_URL";
      case STARTING -> "is starting or stopping";
      case TOO_MANY_CONNECTIONS -> "has no connection left for us";
      default -> "refuses us: " + e.getMessage();
    };
  }

  /** Host, port and name; the rest of an address may hold a password. */
  private static String place(String url) {
    return url.replaceFirst("^jdbc:postgresql:(//)?", "")
        .replaceFirst("[?].*$", "")
        .replaceFirst("^.*@", "");
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the database", e);
    }
  }
}
