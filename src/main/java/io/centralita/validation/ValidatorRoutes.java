package io.centralita.validation;

import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Authenticated;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/validators}: who is asked about each platform, whether anybody answers, and
 * what it has cost this month.
 */
final class ValidatorRoutes {

  /**
   * One platform's.
   *
   * @param method how it is found out; null where nobody is there to ask
   * @param waiting why this node asks it nothing just now; empty where it may
   * @param callsThisMonth that were paid for
   */
  record View(
      String platform,
      @Nullable String method,
      @Nullable Integer batchSize,
      String waiting,
      BigDecimal costPerCall,
      @Nullable BigDecimal costPerMonth,
      BigDecimal costThisMonth,
      long callsThisMonth) {

    static View of(Check check, @Nullable Desk desk, Spending.@Nullable Spent spent) {
      var price = desk == null ? Price.NONE : desk.price();
      return new View(
          Codes.word(check),
          desk == null ? null : desk.validator().method(),
          desk == null ? null : desk.validator().largestBatch(),
          desk == null ? "" : desk.circuit().reason(),
          Price.amount(price.callMicros()),
          price.monthMicros() == Long.MAX_VALUE ? null : Price.amount(price.monthMicros()),
          Price.amount(spent == null ? 0 : spent.micros()),
          spent == null ? 0 : spent.calls());
    }
  }

  /** All of them, in the order in which they are named everywhere. */
  record Views(List<View> items) {}

  private final Map<Check, Desk> desks;
  private final Spending spending;
  private final Authenticated authenticated;

  ValidatorRoutes(Map<Check, Desk> desks, Spending spending, Authenticated authenticated) {
    this.desks = desks;
    this.spending = spending;
    this.authenticated = authenticated;
  }

  Route route() {
    return path(segment("api").slash("v1").slash("validators"), () -> get(this::all));
  }

  private Route all() {
    return authenticated.asked(
        (asker, request) -> {
          asker.who().requireContacts();
          Parameters.none(request);
          return Json.ok(
              spending
                  .thisMonth()
                  .thenApply(
                      spent ->
                          new Views(
                              Arrays.stream(Check.values())
                                  .map(check -> View.of(check, desks.get(check), spent.get(check)))
                                  .toList())));
        });
  }
}
