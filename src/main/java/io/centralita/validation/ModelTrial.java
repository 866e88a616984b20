package io.centralita.validation;

import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import io.centralita.scoring.Tier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** A scoring model tried on what is stored of leads, which changes nothing. */
final class ModelTrial {

  /** Leads that would come from one tier into another. */
  record Change(Tier from, Tier to, int leads) {}

  /**
   * What came of it.
   *
   * @param comparedWith the version that is active
   * @param compared leads that were looked at, by chance
   * @param changed of them that would come into another tier
   * @param before how many are in each tier
   * @param after how many would be
   */
  record Comparison(
      int version,
      int comparedWith,
      int compared,
      int changed,
      Map<Tier, Integer> before,
      Map<Tier, Integer> after,
      List<Change> changes) {}

  private static final int AT_ONCE = 5_000;
  private static final double ALL = 100;

  /** More than are wanted, for pages hold different numbers of rows. */
  private static final double MORE = 1.2;

  private static final String ABOUT =
      "SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'lead_scores'::regclass";

  private static final String SAMPLE =
      "SELECT phone, quality_tier FROM lead_scores TABLESAMPLE SYSTEM (?) LIMIT ?";

  private record Lead(long phone, Tier tier) {}

  private final Db db;
  private final ScoringModels models;
  private final Scores scores;

  ModelTrial(Db db, ScoringModels models, Scores scores) {
    this.db = db;
    this.models = models;
    this.scores = scores;
  }

  /**
   * Tries a version on some leads.
   *
   * @param sample so many at most
   */
  CompletionStage<Comparison> compare(int version, int sample) {
    return db.transaction(
        "try a scoring model", connection -> compare(connection, version, sample));
  }

  private Comparison compare(Connection connection, int version, int sample) throws SQLException {
    var tried =
        models
            .version(connection, version)
            .orElseThrow(() -> ProblemException.notFound("scoring model"));
    var active = models.active(connection).version();
    var leads = sample(connection, sample);
    var moves = new EnumMap<Tier, Map<Tier, Integer>>(Tier.class);
    for (var from = 0; from < leads.size(); from += AT_ONCE) {
      var some = leads.subList(from, Math.min(leads.size(), from + AT_ONCE));
      var after = scores.tiers(connection, tried.model(), some.stream().map(Lead::phone).toList());
      for (var i = 0; i < after.size(); i++) {
        moves
            .computeIfAbsent(some.get(i).tier(), _ -> new EnumMap<>(Tier.class))
            .merge(after.get(i), 1, Integer::sum);
      }
    }
    return comparison(version, active, moves);
  }

  private static List<Lead> sample(Connection connection, int sample) throws SQLException {
    var about = Db.query(connection, ABOUT, _ -> {}, row -> row.getDouble(1)).getFirst();
    var percent = about <= sample ? ALL : Math.min(ALL, ALL * MORE * sample / about);
    return Db.query(
        connection,
        SAMPLE,
        st -> {
          st.setDouble(1, percent);
          st.setInt(2, sample);
        },
        row -> new Lead(row.getLong(1), Tier.ofCode(row.getInt(2))));
  }

  private static Comparison comparison(
      int version, int active, Map<Tier, Map<Tier, Integer>> moves) {
    var before = new EnumMap<Tier, Integer>(Tier.class);
    var after = new EnumMap<Tier, Integer>(Tier.class);
    var changes = new ArrayList<Change>();
    moves.forEach(
        (from, all) ->
            all.forEach(
                (to, leads) -> {
                  before.merge(from, leads, Integer::sum);
                  after.merge(to, leads, Integer::sum);
                  if (from != to) {
                    changes.add(new Change(from, to, leads));
                  }
                }));
    return new Comparison(
        version,
        active,
        before.values().stream().mapToInt(Integer::intValue).sum(),
        changes.stream().mapToInt(Change::leads).sum(),
        before,
        after,
        List.copyOf(changes));
  }
}
