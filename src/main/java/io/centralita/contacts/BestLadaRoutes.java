package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Authenticated;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/v1/best-ladas}: the LADAs of highest household income. */
final class BestLadaRoutes {
  private final BestLadas bestLadas;
  private final Authenticated authenticated;

  BestLadaRoutes(BestLadas bestLadas, Authenticated authenticated) {
    this.bestLadas = bestLadas;
    this.authenticated = authenticated;
  }

  Route route() {
    return path(
        segment("api").slash("v1").slash("best-ladas"),
        () ->
            get(
                () ->
                    authenticated.asked(
                        (asker, request) -> {
                          asker.who().requireContacts();
                          Parameters.none(request);
                          return Json.ok(bestLadas.inForce());
                        })));
  }
}
