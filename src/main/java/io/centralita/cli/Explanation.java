package io.centralita.cli;

import com.typesafe.config.ConfigException;
import java.io.IOException;
import java.net.BindException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** What an exception means to whoever typed the command. */
final class Explanation {
  private static final Pattern PORT = Pattern.compile(":(\\d{1,5})\\]");
  private static final Pattern CLASS_NAMES = Pattern.compile("^(?:[a-z]+\\.)+[A-Z][\\w$]*: ");

  private static final Pattern FROM_VARIABLE = Pattern.compile("^env variables: ([a-z.-]+) has");

  private Explanation() {}

  static String of(Throwable failure) {
    var chain = chain(failure);
    if (chain.getFirst() instanceof CommandFailure told) {
      return told.sentence();
    }
    if (find(chain, BindException.class).isPresent()) {
      return portTaken(chain);
    }
    var database = find(chain, SQLException.class);
    if (database.isPresent()) {
      return "the database cannot be used: "
          + message(database.get()).replaceFirst("\\.+$", "")
          + ". See CENTRALITA_DB_URL, CENTRALITA_DB_USER and CENTRALITA_DB_PASSWORD.";
    }
    var setting = find(chain, ConfigException.class);
    if (setting.isPresent()) {
      return "a setting cannot be read: " + withVariable(message(setting.get()));
    }
    var io = find(chain, IOException.class);
    var first = message(chain.getFirst());
    return io.isEmpty() || first.contains(message(io.get()))
        ? first
        : first + ": " + io.get().getClass().getSimpleName() + ", " + message(io.get());
  }

  private static String portTaken(List<Throwable> chain) {
    for (var link : chain) {
      var port = PORT.matcher(message(link));
      if (port.find()) {
        // Pekko's remoting says "Failed to bind TCP to […]", its HTTP server "Bind failed for …".
        var variable =
            message(link).contains("management")
                ? "CENTRALITA_MANAGEMENT_PORT"
                : message(link).contains("Failed to bind TCP")
                    ? "CENTRALITA_CLUSTER_PORT"
                    : "CENTRALITA_HTTP_PORT";
        return "port "
            + port.group(1)
            + " is taken: stop what uses it, or set "
            + variable
            + " to another.";
      }
    }
    return message(chain.getFirst());
  }

  /** The configuration knows a variable only by the setting that it overrides. */
  private static String withVariable(String message) {
    return FROM_VARIABLE
        .matcher(message)
        .replaceFirst(
            found ->
                "CENTRALITA_"
                    + found.group(1).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_")
                    + " has");
  }

  private static List<Throwable> chain(Throwable failure) {
    var chain = new ArrayList<Throwable>();
    for (Throwable link = failure; link != null && chain.size() < 20; link = link.getCause()) {
      if (!(link instanceof CompletionException || link instanceof ExecutionException)
          || link.getCause() == null) {
        chain.add(link);
      }
    }
    return chain;
  }

  private static <T extends Throwable> Optional<T> find(List<Throwable> chain, Class<T> type) {
    return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private static String message(Throwable failure) {
    var message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : CLASS_NAMES.matcher(message.strip()).replaceFirst("");
  }
}
