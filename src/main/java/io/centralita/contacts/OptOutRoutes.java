package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Principal;
import io.centralita.access.Reply;
import io.centralita.contacts.OptOuts.OptOut;
import io.centralita.contacts.OptOuts.Order;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.phone.PhoneNumbers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/opt-outs} and {@code /api/v1/contacts/{e164}/opt-out}. Whoever wants no more is
 * never refused: a number need not be a contact, and any key may say it of one number.
 */
final class OptOutRoutes {
  private static final long SMALL_BODY = 16 << 10;
  private static final long LARGEST_LIST = 4 << 20;
  private static final int MOST_NUMBERS = 100_000;
  private static final int LONGEST_REASON = 500;
  private static final String METHOD = "API";
  private static final Pattern METHODS = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  record One(@Nullable String reason, @Nullable String method) {}

  record Many(List<String> numbers, @Nullable String reason, @Nullable String method) {}

  /**
   * The answer about one number.
   *
   * @param repeated whether the number had opted out before; then at, method and reason are of that
   *     time
   */
  record OptedOut(
      String phoneE164, Instant optOutAt, String method, String reason, boolean repeated) {}

  /** The answer about a list. */
  record Report(
      int lines,
      int optedOut,
      int contacts,
      int repeated,
      int refused,
      List<OptOutList.Refusal> refusals) {}

  private final OptOuts optOuts;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  OptOutRoutes(OptOuts optOuts, Authenticated authenticated, Idempotency idempotency, Json json) {
    this.optOuts = optOuts;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  Route route() {
    return path(
        segment("api").slash("v1").slash("opt-outs"),
        () -> post(() -> authenticated.asked(this::many)));
  }

  /** Of one number, which the path names. */
  Route one(Asker asker, String e164) {
    var phone = ContactNumbers.inPath(e164);
    return json.bodyOr(
        new One(null, null),
        One.class,
        SMALL_BODY,
        body -> {
          var order = order(asker.who(), body.value().method(), body.value().reason());
          return idempotency.idempotent(asker.who(), body.sha256(), () -> one(phone, order));
        });
  }

  private CompletionStage<Reply> one(long phone, Order order) {
    return optOuts
        .record(List.of(phone), order)
        .thenCompose(
            outcome ->
                optOuts
                    .find(phone)
                    .thenApply(Optional::orElseThrow)
                    .thenApply(
                        kept -> Reply.of(200, optedOut(phone, kept, outcome.repeated() > 0))));
  }

  private static OptedOut optedOut(long phone, OptOut kept, boolean repeated) {
    return new OptedOut(
        PhoneNumbers.e164(phone), kept.at(), kept.method(), kept.reason(), repeated);
  }

  private Route many(Asker asker, HttpRequest request) {
    asker.who().requireContacts();
    if (request.entity().getContentType().mediaType().equals(MediaTypes.APPLICATION_JSON)) {
      Parameters.none(request);
      return json.body(
          Many.class,
          LARGEST_LIST,
          body -> {
            var many = body.value();
            requireFew("numbers", many.numbers().size());
            var order = order(asker.who(), many.method(), many.reason());
            return many(asker, body.sha256(), OptOutList.of(many.numbers()), order);
          });
    }
    var parameters = Parameters.of(request, "reason", "method");
    var order =
        order(
            asker.who(),
            parameters.text("method").orElse(null),
            parameters.text("reason").orElse(null));
    return json.text(
        LARGEST_LIST,
        List.of("plain", "csv"),
        body -> {
          var list = OptOutList.ofText(body.value());
          requireFew("body", list.lines());
          return many(asker, body.sha256(), list, order);
        });
  }

  private Route many(Asker asker, String hash, OptOutList list, Order order) {
    return idempotency.idempotent(
        asker.who(),
        hash,
        () ->
            optOuts
                .record(list.phones(), order)
                .thenApply(
                    done ->
                        Reply.of(
                            200,
                            new Report(
                                list.lines(),
                                done.optedOut(),
                                done.contacts(),
                                done.repeated(),
                                list.refused(),
                                list.refusals()))));
  }

  private static void requireFew(String field, int numbers) {
    if (numbers > MOST_NUMBERS) {
      throw ProblemException.badRequest(
          field, "more than " + MOST_NUMBERS + " numbers: send several lists");
    }
    if (numbers == 0) {
      throw ProblemException.badRequest(field, "no numbers");
    }
  }

  private static Order order(Principal who, @Nullable String method, @Nullable String reason) {
    var how = method == null ? METHOD : method;
    if (!METHODS.matcher(how).matches()) {
      throw ProblemException.badRequest("method", "expected 1 to 40 letters, digits, - and _");
    }
    var why = reason == null ? "" : reason.strip();
    if (why.codePointCount(0, why.length()) > LONGEST_REASON) {
      throw ProblemException.badRequest("reason", "longer than " + LONGEST_REASON + " characters");
    }
    if (why.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.badRequest("reason", "has a control character");
    }
    return new Order(how, why, who.user());
  }
}
