package io.centralita.outside;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Retry-After} header (RFC 9110, section 10.2.3): seconds, or an HTTP date. */
public final class RetryAfter {

  private RetryAfter() {}

  /**
   * How long the server wants to be left alone, never negative and at most {@code cap}; empty if
   * the header is not there or says nothing readable.
   */
  public static Optional<Duration> parse(@Nullable String header, Instant now, Duration cap) {
    if (header == null) {
      return Optional.empty();
    }
    var text = header.strip();
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      // nine digits are 31 years: more than that is only more of the same
      return Optional.of(
          text.length() > 9 ? cap : capped(Duration.ofSeconds(Long.parseLong(text)), cap));
    }
    try {
      var then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(capped(Duration.between(now, then), cap));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private static Duration capped(Duration wanted, Duration cap) {
    return wanted.isNegative() ? Duration.ZERO : wanted.compareTo(cap) > 0 ? cap : wanted;
  }
}
