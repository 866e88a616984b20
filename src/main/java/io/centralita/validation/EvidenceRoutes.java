package io.centralita.validation;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Reply;
import io.centralita.access.Users;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.http.ProblemException;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Evidence.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/platform-validations}: first-party evidence, handed in by those who may see
 * contacts. It is kept and scored as what a platform says, and is not asked for while it is fresh.
 */
final class EvidenceRoutes {
  private static final long BODY = 2 << 20;
  private static final int MOST = 5_000;
  private static final int LONGEST_DETAILS = 4_000;
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

  /**
   * What somebody knows of a number.
   *
   * @param validatedAt since when, or as of when; now where null
   * @param details an object; null where there is no more
   */
  record Known(
      String phoneE164,
      String platform,
      String status,
      @Nullable Instant validatedAt,
      @Nullable JsonNode details) {}

  record NewEvidence(List<Known> validations) {}

  record Rejected(int index, String reason) {}

  record Taken(int accepted, List<Rejected> rejected) {}

  private final Db db;
  private final Users users;
  private final Scores scores;
  private final Duration kept;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;
  private final InstantSource clock;

  /**
   * @param kept how long evidence is fresh
   */
  EvidenceRoutes(
      Db db,
      Users users,
      Scores scores,
      Duration kept,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json,
      InstantSource clock) {
    this.db = db;
    this.users = users;
    this.scores = scores;
    this.kept = kept;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
    this.clock = clock;
  }

  Route route() {
    return path(
        segment("api").slash("v1").slash("platform-validations"),
        () -> post(() -> authenticated.plain(this::take)));
  }

  private Route take(Asker asker) {
    asker.who().requireContacts();
    return json.body(
        NewEvidence.class,
        BODY,
        body -> {
          var given = body.value().validations();
          if (given.isEmpty() || given.size() > MOST) {
            throw ProblemException.badRequest("validations", "expected 1 to %d".formatted(MOST));
          }
          return idempotency.idempotent(
              asker.who(),
              body.sha256(),
              () -> take(asker, given).thenApply(v -> Reply.of(200, v)));
        });
  }

  private CompletionStage<Taken> take(Asker asker, List<Known> given) {
    var now = clock.instant();
    var found = new ArrayList<Found>();
    var rejected = new ArrayList<Rejected>();
    for (var i = 0; i < given.size(); i++) {
      try {
        found.add(found(given.get(i), now));
      } catch (ProblemException e) {
        rejected.add(new Rejected(i, e.problem().errors().getFirst().toString()));
      }
    }
    if (found.isEmpty()) {
      throw ProblemException.badRequest(
          "validations", "none can be taken; the first: " + rejected.getFirst().reason());
    }
    var phones = found.stream().map(Found::phone).distinct().sorted().toList();
    return users
        .idOf(asker.who().user())
        .thenCompose(
            userId ->
                db.transaction(
                    "take evidence",
                    connection -> {
                      Findings.save(connection, found);
                      var _ = scores.update(connection, userId, phones);
                      return new Taken(found.size(), List.copyOf(rejected));
                    }));
  }

  private Found found(Known known, Instant now) {
    var phone = PhoneNumbers.read(known.phoneE164());
    if (phone < 0) {
      throw ProblemException.badRequest("phone_e164", PhoneNumbers.reason(phone));
    }
    var platform =
        Codes.check(known.platform())
            .filter(check -> check.platform().isPresent())
            .orElseThrow(
                () ->
                    ProblemException.badRequest(
                        "platform", "expected whatsapp, instagram, facebook, google or apple"));
    var status =
        Arrays.stream(Status.values())
            .filter(one -> one.saysSomething() && one.name().equalsIgnoreCase(known.status()))
            .findFirst()
            .orElseThrow(
                () ->
                    ProblemException.badRequest(
                        "status", "expected ACTIVE, INACTIVE or NOT_FOUND"));
    var at = known.validatedAt() == null ? now : known.validatedAt();
    if (at.isBefore(EARLIEST) || at.isAfter(now.plus(CLOCKS_DIFFER))) {
      throw ProblemException.badRequest("validated_at", "expected a time from 2000 until now");
    }
    return new Found(
        phone, platform, status, details(known.details()), "evidence", -1, 0, at, at.plus(kept));
  }

  private static @Nullable String details(@Nullable JsonNode details) {
    if (details == null || details.isNull()) {
      return null;
    }
    var text = details.toString();
    if (!details.isObject() || text.length() > LONGEST_DETAILS) {
      throw ProblemException.badRequest(
          "details", "expected an object of %d characters at most".formatted(LONGEST_DETAILS));
    }
    return text;
  }
}
