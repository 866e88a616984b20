package io.centralita.lookup;

import org.jspecify.annotations.Nullable;

/**
 * What was found out about one number.
 *
 * @param operator null unless the outcome is FOUND
 * @param source null where no source answered
 * @param reason why it is not FOUND; null where it is
 * @param answeredMs when, in milliseconds since 1970
 */
public record Finding(
    Outcome outcome,
    @Nullable Operator operator,
    @Nullable Source source,
    @Nullable String reason,
    long answeredMs) {

  static Finding found(Operator operator, Source source, long answeredMs) {
    return new Finding(Outcome.FOUND, operator, source, null, answeredMs);
  }

  static Finding of(Answer answer, long answeredMs) {
    return switch (answer) {
      case Answer.Found a -> found(a.operator(), Source.SCRAPING, answeredMs);
      case Answer.Unknown a ->
          new Finding(Outcome.UNKNOWN, null, Source.SCRAPING, a.reason(), answeredMs);
      case Answer.Failed a -> new Finding(Outcome.FAILED, null, null, a.reason(), answeredMs);
    };
  }
}
