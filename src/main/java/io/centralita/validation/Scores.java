package io.centralita.validation;

import io.centralita.contacts.Draw;
import io.centralita.contacts.NumberingPlans;
import io.centralita.db.Db;
import io.centralita.phone.LineKind;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Evidence;
import io.centralita.scoring.LineType;
import io.centralita.scoring.Score;
import io.centralita.scoring.ScoringModel;
import io.centralita.scoring.Tier;
import io.centralita.webhooks.Webhooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How good a lead each number is, by what platforms said of it. */
final class Scores {

  /** A lead's score at a moment in which its tier changed. */
  record Past(Instant at, int totalScore, Tier qualityTier, int model) {}

  /**
   * A lead's score, and why it is so.
   *
   * @param model the version of the model
   * @param updatedAt when the stored score last changed
   */
  record Explained(
      String phoneE164,
      int totalScore,
      Tier qualityTier,
      List<Part> parts,
      List<String> reasons,
      int model,
      int validationCount,
      @Nullable Instant lastValidatedAt,
      Instant updatedAt,
      List<Past> history) {}

  /**
   * What a platform gives.
   *
   * @param score 0 to 20
   * @param weight in percent
   */
  record Part(
      String platform, Evidence.Status status, double score, int weight, Instant validatedAt) {}

  private static final int HISTORY = 200;

  /** The type of the webhooks' event. */
  static final String TIER_CHANGED = "score.tier_changed";

  /** Changes of one event, which is 64 KiB at most. */
  private static final int TOLD_AT_ONCE = 400;

  /** Of the advisory lock; no other lock of this database has it. */
  private static final long KEY = 0x5343_4f52_4553_2121L; // SCORES!!

  private static final String LOCK = "SELECT pg_advisory_xact_lock(?)";

  private static final String TIERS =
      "SELECT phone, quality_tier FROM lead_scores WHERE phone = ANY (?)";

  private static final String SAVE =
      """
      INSERT INTO lead_scores AS s
        (phone, contact_draw, total_score, quality_tier, model, validation_count, last_validated_at,
         updated_at)
      SELECT phone, draw, total, tier, ?, said, at, ?
      FROM unnest(?::bigint[], ?::int[], ?::smallint[], ?::smallint[], ?::int[], ?::timestamptz[])
        AS given (phone, draw, total, tier, said, at)
      ON CONFLICT (phone) DO UPDATE
      SET total_score = EXCLUDED.total_score, quality_tier = EXCLUDED.quality_tier, model = EXCLUDED.model,
          validation_count = EXCLUDED.validation_count, last_validated_at = EXCLUDED.last_validated_at,
          updated_at = EXCLUDED.updated_at
      """;

  private static final String NOTE =
      """
      INSERT INTO lead_score_history (phone, at, total_score, quality_tier, model)
      SELECT phone, ?, total, tier, ?
      FROM unnest(?::bigint[], ?::smallint[], ?::smallint[]) AS given (phone, total, tier)
      """;

  private static final String COUNT =
      """
      UPDATE lead_counts AS c SET n = c.n + given.n
      FROM unnest(?::smallint[], ?::bigint[]) AS given (tier, n)
      WHERE quality_tier = tier
      """;

  private static final String STORED = "SELECT updated_at FROM lead_scores WHERE phone = ?";

  private static final String PAST =
      """
      SELECT at, total_score, quality_tier, model FROM lead_score_history
      WHERE phone = ? ORDER BY at DESC LIMIT ?
      """;

  private record Scored(long phone, Score score) {
    @Nullable Instant lastValidatedAt() {
      return score.parts().stream().map(Score.Part::at).max(Instant::compareTo).orElse(null);
    }
  }

  /**
   * What was heard of a number.
   *
   * @param carriers the kind of line that a carrier look-up found
   */
  private record Heard(List<Evidence> evidence, LineType carriers) {
    static final Heard NOTHING = new Heard(List.of(), LineType.UNKNOWN);

    static Heard of(Found found) {
      return found
          .platform()
          .platform()
          .map(
              platform ->
                  new Heard(
                      List.of(new Evidence(platform, found.status(), found.validatedAt())),
                      LineType.UNKNOWN))
          .orElseGet(
              () ->
                  found.platform() == Check.CARRIER && found.status() == Evidence.Status.ACTIVE
                      ? new Heard(List.of(), LineDetails.lineType(found.details()))
                      : NOTHING);
    }

    Heard and(Heard other) {
      var all = new ArrayList<>(evidence);
      all.addAll(other.evidence);
      return new Heard(all, carriers == LineType.UNKNOWN ? other.carriers : carriers);
    }

    /** What line it is: as its carrier says, or else the numbering plan. */
    LineType line(@Nullable LineKind planned) {
      if (carriers != LineType.UNKNOWN) {
        return carriers;
      }
      return switch (planned) {
        case MOBILE -> LineType.MOBILE;
        case FIXED -> LineType.FIXED;
        case null -> LineType.UNKNOWN;
      };
    }
  }

  private final Db db;
  private final ScoringModels models;
  private final NumberingPlans plans;
  private final Webhooks webhooks;
  private final InstantSource clock;

  Scores(
      Db db, ScoringModels models, NumberingPlans plans, Webhooks webhooks, InstantSource clock) {
    this.db = db;
    this.models = models;
    this.webhooks = webhooks;
    this.plans = plans;
    this.clock = clock;
  }

  /**
   * Numbers that were scored.
   *
   * @param model the version by which
   * @param changed how many came into another tier, or into one at all
   */
  record Updated(int model, int changed) {}

  /**
   * Nobody else scores until the transaction ends: of two who score a number at once the later
   * would not see what the earlier has stored.
   */
  static void lock(Connection connection) throws SQLException {
    Db.query(connection, LOCK, st -> st.setLong(1, KEY), _ -> true);
  }

  /** A lead that came from one tier into another. */
  record TierChange(String phoneE164, Tier from, Tier to, int totalScore) {}

  /**
   * What the webhooks of whoever had leads scored are told.
   *
   * @param model the version of the model
   */
  record TierChanges(int model, List<TierChange> changes) {}

  /**
   * Scores numbers by what is stored of them, as part of a transaction.
   *
   * @param userId whose webhooks are told of leads that came from one tier into another
   */
  Updated update(Connection connection, long userId, List<Long> phones) throws SQLException {
    lock(connection);
    var model = models.active(connection);
    var now = clock.instant();
    var scored = scored(connection, model.model(), phones, now);
    var before = tiers(connection, phones);
    save(connection, scored, model.version(), now);
    var changed =
        scored.stream().filter(one -> one.score().tier() != before.get(one.phone())).toList();
    note(connection, changed, model.version(), now);
    count(connection, changed, before);
    tell(connection, userId, changed, before, model.version());
    return new Updated(model.version(), changed.size());
  }

  private void tell(
      Connection connection, long userId, List<Scored> changed, Map<Long, Tier> before, int model)
      throws SQLException {
    var changes = new ArrayList<TierChange>();
    for (var one : changed) {
      var from = before.get(one.phone());
      if (from != null) { // else it is scored for the first time
        changes.add(
            new TierChange(
                PhoneNumbers.e164(one.phone()), from, one.score().tier(), one.score().total()));
      }
    }
    for (var at = 0; at < changes.size(); at += TOLD_AT_ONCE) {
      var some = changes.subList(at, Math.min(changes.size(), at + TOLD_AT_ONCE));
      var wanted = webhooks.publish(connection, userId, TIER_CHANGED, new TierChanges(model, some));
      if (!wanted) {
        return;
      }
    }
  }

  /** In which tiers numbers would be by a model, in their order. */
  List<Tier> tiers(Connection connection, ScoringModel model, List<Long> phones)
      throws SQLException {
    return scored(connection, model, phones, clock.instant()).stream()
        .map(one -> one.score().tier())
        .toList();
  }

  private List<Scored> scored(
      Connection connection, ScoringModel model, List<Long> phones, Instant now)
      throws SQLException {
    var heard = heard(connection, phones);
    var kinds = plans.kinds(connection);
    var scored = new ArrayList<Scored>();
    for (var phone : phones) {
      var known = heard.getOrDefault(phone, Heard.NOTHING);
      scored.add(
          new Scored(phone, model.score(known.evidence(), known.line(kinds.apply(phone)), now)));
    }
    return scored;
  }

  private static Map<Long, Heard> heard(Connection connection, List<Long> phones)
      throws SQLException {
    var heard = new HashMap<Long, Heard>();
    for (var one : Findings.of(connection, phones)) {
      heard.merge(one.phone(), Heard.of(one), Heard::and);
    }
    return heard;
  }

  private static Map<Long, Tier> tiers(Connection connection, List<Long> phones)
      throws SQLException {
    var tiers = new HashMap<Long, Tier>();
    Db.query(
            connection,
            TIERS,
            st -> st.setArray(1, connection.createArrayOf("int8", phones.toArray())),
            row -> Map.entry(row.getLong(1), Tier.ofCode(row.getInt(2))))
        .forEach(one -> tiers.put(one.getKey(), one.getValue()));
    return tiers;
  }

  private static void save(Connection connection, List<Scored> scored, int model, Instant now)
      throws SQLException {
    Db.update(
        connection,
        SAVE,
        st -> {
          st.setInt(1, model);
          st.setObject(2, now.atOffset(ZoneOffset.UTC));
          st.setArray(3, array(connection, "int8", scored, Scored::phone));
          st.setArray(4, array(connection, "int4", scored, one -> Draw.of(one.phone())));
          st.setArray(5, array(connection, "int2", scored, one -> one.score().total()));
          st.setArray(6, array(connection, "int2", scored, one -> one.score().tier().code()));
          st.setArray(7, array(connection, "int4", scored, one -> one.score().parts().size()));
          st.setArray(
              8,
              array(
                  connection,
                  "timestamptz",
                  scored,
                  one -> one.lastValidatedAt() == null ? null : one.lastValidatedAt().toString()));
        });
  }

  private static void note(Connection connection, List<Scored> changed, int model, Instant now)
      throws SQLException {
    if (changed.isEmpty()) {
      return;
    }
    Db.update(
        connection,
        NOTE,
        st -> {
          st.setObject(1, now.atOffset(ZoneOffset.UTC));
          st.setInt(2, model);
          st.setArray(3, array(connection, "int8", changed, Scored::phone));
          st.setArray(4, array(connection, "int2", changed, one -> one.score().total()));
          st.setArray(5, array(connection, "int2", changed, one -> one.score().tier().code()));
        });
  }

  private static java.sql.Array array(
      Connection connection,
      String type,
      List<Scored> rows,
      Function<Scored, @Nullable Object> value)
      throws SQLException {
    return connection.createArrayOf(type, rows.stream().map(value).toArray());
  }

  /** Keeps the number of leads of each tier. */
  private static void count(Connection connection, List<Scored> changed, Map<Long, Tier> before)
      throws SQLException {
    var deltas = new TreeMap<Integer, Long>();
    for (var one : changed) {
      deltas.merge(one.score().tier().code(), 1L, Long::sum);
      var from = before.get(one.phone());
      if (from != null) {
        deltas.merge(from.code(), -1L, Long::sum);
      }
    }
    if (!deltas.isEmpty()) {
      Db.update(
          connection,
          COUNT,
          st -> {
            st.setArray(1, connection.createArrayOf("int2", deltas.keySet().toArray()));
            st.setArray(2, connection.createArrayOf("int8", deltas.values().toArray()));
          });
    }
  }

  /** A number's score as of now, with its reasons; empty where nobody ever asked about it. */
  CompletionStage<Optional<Explained>> of(long phone) {
    return db.transaction("score of a lead", connection -> of(connection, phone));
  }

  private Optional<Explained> of(Connection connection, long phone) throws SQLException {
    var stored =
        Db.query(connection, STORED, st -> st.setLong(1, phone), row -> Db.instant(row, 1));
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    var known = heard(connection, List.of(phone)).getOrDefault(phone, Heard.NOTHING);
    var model = models.active(connection);
    var score =
        model
            .model()
            .score(
                known.evidence(),
                known.line(plans.kinds(connection).apply(phone)),
                clock.instant());
    var history =
        Db.query(
            connection,
            PAST,
            st -> {
              st.setLong(1, phone);
              st.setInt(2, HISTORY);
            },
            row ->
                new Past(
                    Db.instant(row, 1), row.getInt(2), Tier.ofCode(row.getInt(3)), row.getInt(4)));
    return Optional.of(
        new Explained(
            PhoneNumbers.e164(phone),
            score.total(),
            score.tier(),
            score.parts().stream().map(Scores::part).toList(),
            score.reasons(),
            model.version(),
            score.parts().size(),
            new Scored(phone, score).lastValidatedAt(),
            stored.getFirst(),
            history));
  }

  private static Part part(Score.Part part) {
    return new Part(
        Codes.word(part.platform()), part.status(), part.points(), part.weight(), part.at());
  }
}
