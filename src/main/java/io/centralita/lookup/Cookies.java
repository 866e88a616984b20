package io.centralita.lookup;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of one portal session, by name only: both of the portal's hosts get all of them, as
 * their common domain means. Servers remove one by {@code Max-Age=0} or a date gone by.
 */
final class Cookies {

  private static final int MOST = 50;
  private static final int LONGEST = 4096;

  private final Map<String, String> values = new LinkedHashMap<>();

  /** Takes in {@code Set-Cookie} headers; one that cannot be sent back is passed over. */
  void accept(List<String> setCookies, Instant now) {
    for (var setCookie : setCookies) {
      var parts = setCookie.split(";", -1);
      int equals = parts[0].indexOf('=');
      if (equals < 1) {
        continue;
      }
      var name = parts[0].substring(0, equals).strip();
      var value = parts[0].substring(equals + 1).strip();
      if (gone(parts, now)) {
        values.remove(name);
      } else if (sendable(name, value) && (values.size() < MOST || values.containsKey(name))) {
        values.put(name, value);
      }
    }
  }

  private static boolean sendable(String name, String value) {
    return name.length() + value.length() <= LONGEST
        && (name + value).chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ',');
  }

  private static boolean gone(String[] parts, Instant now) {
    boolean expired = false;
    for (int i = 1; i < parts.length; i++) {
      var attribute = parts[i].strip();
      if (attribute.regionMatches(true, 0, "Max-Age=", 0, 8)) {
        return attribute.substring(8).strip().matches("0+|-\\d+"); // it wins over Expires
      }
      if (attribute.regionMatches(true, 0, "Expires=", 0, 8)) {
        var date = date(attribute.substring(8).strip());
        expired = date != null && Duration.between(now, date).isNegative();
      }
    }
    return expired;
  }

  private static @Nullable Instant date(String text) {
    try {
      // the old form has dashes in the date
      var usual = text.replace('-', ' ');
      return ZonedDateTime.parse(usual, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  void remove(String name) {
    values.remove(name);
  }

  /** The {@code Cookie} header, empty if there are none. */
  String header() {
    var header = new StringBuilder();
    values.forEach(
        (name, value) ->
            header.append(header.isEmpty() ? "" : "; ").append(name).append('=').append(value));
    return header.toString();
  }
}
