package io.centralita.lookup;

import io.centralita.cache.Cache;
import io.centralita.lookup.NumberClaims.Claimed;
import java.time.Instant;

/**
 * What stands under a number's claim in Redis: {@code c} and a node that asks, or {@code a}, the
 * milliseconds since 1970 in 13 digits and the answer, its fields separated by US (0x1F).
 */
final class ClaimText {
  private static final String SEPARATOR = "\u001f";
  private static final int FIELDS = 5;

  private ClaimText() {}

  static String of(Finding finding) {
    var operator = finding.operator();
    return operator == null
        ? "a%013d%s%s%s%s"
            .formatted(
                finding.answeredMs(), SEPARATOR, finding.outcome(), SEPARATOR, finding.reason())
        : "a%013d%s%s%s%s%s%s%s%s"
            .formatted(
                finding.answeredMs(),
                SEPARATOR,
                finding.outcome(),
                SEPARATOR,
                operator.name(),
                SEPARATOR,
                operator.tradeName(),
                SEPARATOR,
                operator.operatorId() == null ? "" : operator.operatorId());
  }

  /**
   * Another node's claim or answer, or {@code k} and what the cache has: the milliseconds that it
   * is kept for and the operator's name. A name that is none is as good as nothing.
   *
   * @param operators knows the operators by the names that the cache has
   */
  static Claimed read(String text, OperatorCatalogue operators, Instant now) {
    if (text.startsWith("c")) {
      return Claimed.Taken.TAKEN;
    }
    if (text.startsWith("k")) {
      return cached(text.substring(1), operators, now);
    }
    var fields = text.substring(1).split(SEPARATOR, FIELDS);
    var answeredMs = Long.parseLong(fields[0]);
    return new Claimed.Known(
        switch (Outcome.valueOf(fields[1])) {
          case FOUND ->
              Finding.found(
                  new Operator(fields[2], fields[3], fields[4].isEmpty() ? null : fields[4]),
                  Source.SCRAPING,
                  answeredMs);
          case UNKNOWN ->
              new Finding(Outcome.UNKNOWN, null, Source.SCRAPING, fields[2], answeredMs);
          case FAILED, INVALID -> new Finding(Outcome.FAILED, null, null, fields[2], answeredMs);
        });
  }

  private static Claimed cached(String text, OperatorCatalogue operators, Instant now) {
    var space = text.indexOf(' ');
    var left = Long.parseLong(text.substring(0, space));
    var kept =
        new Cache.Kept(text.substring(space + 1), left < 0 ? Instant.MAX : now.plusMillis(left));
    return Operators.isOperator(kept.text())
        ? new Claimed.Known(
            Finding.found(
                operators.named(kept.text()),
                Source.CACHE,
                AnswerWriter.answeredAt(kept, now).toEpochMilli()))
        : Claimed.Free.FREE;
  }
}
