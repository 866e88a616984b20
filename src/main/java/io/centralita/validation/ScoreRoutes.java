package io.centralita.validation;

import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Authenticated;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.phone.PhoneNumbers;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/v1/scores}: how good leads are, for those who may see contacts. */
final class ScoreRoutes {
  private final Scores scores;
  private final Authenticated authenticated;

  ScoreRoutes(Scores scores, Authenticated authenticated) {
    this.scores = scores;
    this.authenticated = authenticated;
  }

  Route route() {
    return path(
        segment("api").slash("v1").slash("scores").slash(segment()), text -> get(() -> one(text)));
  }

  private Route one(String text) {
    return authenticated.asked(
        (asker, request) -> {
          asker.who().requireContacts();
          Parameters.none(request);
          var phone = PhoneNumbers.read(text);
          if (phone < 0) {
            throw ProblemException.badRequest(
                "e164", "%s: write it as +525512345678".formatted(PhoneNumbers.reason(phone)));
          }
          return Json.ok(
              scores
                  .of(phone)
                  .thenApply(
                      score ->
                          score.orElseThrow(
                              () -> ProblemException.notFound("score of that number"))));
        });
  }
}
