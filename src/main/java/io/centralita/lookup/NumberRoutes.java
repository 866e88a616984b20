package io.centralita.lookup;

import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Authenticated;
import io.centralita.access.Principal;
import io.centralita.http.Json;
import io.centralita.http.ProblemException;
import io.centralita.phone.SpanishNumber;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/numbers/{number}}: one number, asked by a person, ahead of every file. */
final class NumberRoutes {
  private static final int LONGEST = 40;

  record NumberAnswer(
      String number,
      @Nullable String operator,
      @Nullable String name,
      @Nullable String tradeName,
      @Nullable String operatorId,
      Outcome outcome,
      @Nullable String source,
      @Nullable String reason,
      Instant at) {}

  private final Lookups lookups;
  private final Authenticated authenticated;
  private final InstantSource clock;

  NumberRoutes(Lookups lookups, Authenticated authenticated, InstantSource clock) {
    this.lookups = lookups;
    this.authenticated = authenticated;
    this.clock = clock;
  }

  Route route() {
    return path(
        segment("api").slash("v1").slash("numbers").slash(segment()),
        text -> get(() -> authenticated.plain(asker -> Json.ok(answer(asker.who(), text)))));
  }

  private CompletionStage<NumberAnswer> answer(Principal who, String text) {
    if (text.length() > LONGEST) {
      throw ProblemException.badRequest("number", "longer than " + LONGEST + " characters");
    }
    return switch (SpanishNumber.parse(text)) {
      case SpanishNumber.Mobile mobile ->
          lookups
              .one(mobile.national(), who.user())
              .thenApply(finding -> answer(mobile.national(), finding));
      case SpanishNumber.Invalid fault ->
          CompletableFuture.completedFuture(
              new NumberAnswer(
                  text,
                  null,
                  null,
                  null,
                  null,
                  Outcome.INVALID,
                  null,
                  fault.reason(),
                  clock.instant()));
    };
  }

  private static NumberAnswer answer(int number, Finding finding) {
    var result = Results.result(number, finding);
    var operator = finding.operator();
    return new NumberAnswer(
        result.number(),
        result.operator(),
        operator == null ? null : operator.name(),
        operator == null ? null : operator.tradeName(),
        operator == null ? null : operator.operatorId(),
        result.outcome(),
        result.source(),
        result.reason(),
        result.at());
  }
}
