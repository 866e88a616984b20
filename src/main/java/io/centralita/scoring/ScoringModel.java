package io.centralita.scoring;

import io.centralita.scoring.Evidence.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How evidence becomes a score. A platform gives 0 to 20 points by what it said, which halve with
 * every half-life after it stopped being fresh; the score is the mean of what platforms gave, by
 * their weights, times five. Platforms that could not be asked are left out of the mean, so they
 * neither lift a score nor lower it. Rules come last, in their order.
 *
 * @param weights of each platform in percent, 100 together
 * @param points for each status that says something, 0 to 20
 * @param fresh how long evidence counts in full
 * @param halfLife after that
 * @param thresholds from which score a lead is in a tier
 */
public record ScoringModel(
    Map<Platform, Integer> weights,
    Map<Status, Integer> points,
    Duration fresh,
    Duration halfLife,
    Thresholds thresholds,
    List<Rule> rules) {
  /** What a platform gives at most. */
  public static final int MOST_POINTS = 20;

  private static final int MOST = 100;
  private static final int MOST_RULES = 50;

  /** From which score on a lead is in a tier; below the last it is POOR. */
  public record Thresholds(int premium, int high, int medium, int low) {

    /**
     * @throws ModelException where they do not fall
     */
    public Thresholds {
      if (premium > MOST || premium <= high || high <= medium || medium <= low || low <= 0) {
        throw new ModelException("thresholds", "expected 100 >= premium > high > medium > low > 0");
      }
    }

    Tier of(int total) {
      return total >= premium
          ? Tier.PREMIUM
          : total >= high
              ? Tier.HIGH
              : total >= medium ? Tier.MEDIUM : total >= low ? Tier.LOW : Tier.POOR;
    }
  }

  /** The model where nobody has made another. */
  public static final ScoringModel DEFAULT =
      new ScoringModel(
          Map.of(
              Platform.WHATSAPP, 20,
              Platform.INSTAGRAM, 20,
              Platform.FACEBOOK, 20,
              Platform.GOOGLE, 20,
              Platform.APPLE, 20),
          Map.of(Status.ACTIVE, 20, Status.INACTIVE, 6, Status.NOT_FOUND, 0),
          Duration.ofDays(30),
          Duration.ofDays(90),
          new Thresholds(80, 60, 40, 20),
          List.of(
              new Rule(
                  "one platform alone makes no premium lead",
                  new Rule.AnsweredAtMost(1),
                  new Rule.Cap(79)),
              new Rule(
                  "a fixed line receives no messages",
                  new Rule.LineTypeIs(LineType.FIXED),
                  new Rule.Cap(19))));

  /**
   * @throws ModelException where it cannot be meant
   */
  public ScoringModel {
    weights = Map.copyOf(weights);
    points = Map.copyOf(points);
    rules = List.copyOf(rules);
    var sum = 0;
    for (var weight : weights.values()) {
      require(weight >= 0 && weight <= MOST, "weights", "expected 0 to 100 for each platform");
      sum += weight;
    }
    require(sum == MOST, "weights", "they add up to " + sum + ": expected 100");
    for (var status : Status.values()) {
      var given = points.get(status);
      if (status.saysSomething()) {
        require(
            given != null && given >= 0 && given <= MOST_POINTS,
            "points",
            "expected 0 to 20 for " + status);
      } else {
        require(given == null, "points", status + " says nothing of a number: leave it out");
      }
    }
    require(!fresh.isNegative(), "fresh_days", "expected 0 or more");
    require(halfLife.isPositive(), "half_life_days", "expected more than 0");
    require(rules.size() <= MOST_RULES, "rules", "expected 50 at most");
  }

  private static void require(boolean holds, String field, String reason) {
    if (!holds) {
      throw new ModelException(field, reason);
    }
  }

  /**
   * The score of a lead.
   *
   * @param evidence of the lead's number; of several of one platform the latest that says something
   */
  public Score score(Collection<Evidence> evidence, LineType lineType, Instant now) {
    var parts = parts(evidence, now);
    var reasons = new ArrayList<String>();
    parts.forEach(part -> reasons.add(reason(part)));
    var weight = parts.stream().mapToInt(Score.Part::weight).sum();
    if (weight == 0) {
      reasons.add("no platform with a weight said anything");
      return new Score(0, Tier.UNKNOWN, parts, reasons);
    }
    var sum = parts.stream().mapToDouble(part -> part.points() * part.weight()).sum();
    var total = (int) Math.round(MOST * sum / (MOST_POINTS * weight));
    for (var rule : rules) {
      var after = fires(rule.condition(), parts, lineType) ? applied(rule.effect(), total) : total;
      if (after != total) {
        reasons.add("%s: %d becomes %d".formatted(rule.name(), total, after));
        total = after;
      }
    }
    return new Score(total, thresholds.of(total), parts, reasons);
  }

  private List<Score.Part> parts(Collection<Evidence> evidence, Instant now) {
    var latest = new EnumMap<Platform, Evidence>(Platform.class);
    for (var one : evidence) {
      if (one.status().saysSomething()) {
        latest.merge(one.platform(), one, (a, b) -> b.at().isAfter(a.at()) ? b : a);
      }
    }
    return latest.values().stream().map(one -> part(one, now)).toList();
  }

  private Score.Part part(Evidence evidence, Instant now) {
    var given = points.getOrDefault(evidence.status(), 0);
    var weight = weights.getOrDefault(evidence.platform(), 0);
    var stale = Duration.between(evidence.at(), now).minus(fresh);
    var left =
        stale.isPositive() ? Math.pow(0.5, (double) stale.toMillis() / halfLife.toMillis()) : 1;
    return new Score.Part(
        evidence.platform(), evidence.status(), given * left, weight, evidence.at());
  }

  private static String reason(Score.Part part) {
    return String.format(
        Locale.ROOT,
        "%s said %s on %s: %.1f of %d points, weight %d %%",
        part.platform(),
        part.status(),
        part.at().toString().substring(0, 10),
        part.points(),
        MOST_POINTS,
        part.weight());
  }

  private static boolean fires(
      Rule.Condition condition, List<Score.Part> parts, LineType lineType) {
    return switch (condition) {
      case Rule.LineTypeIs(var type) -> type == lineType;
      case Rule.ActiveAtLeast(var platforms) ->
          parts.stream().filter(ScoringModel::isActive).count() >= platforms;
      case Rule.AnsweredAtMost(var platforms) -> parts.size() <= platforms;
      case Rule.ActiveOn(var platform) ->
          parts.stream().anyMatch(part -> part.platform() == platform && isActive(part));
    };
  }

  private static boolean isActive(Score.Part part) {
    return part.status() == Status.ACTIVE;
  }

  private static int applied(Rule.Effect effect, int total) {
    return switch (effect) {
      case Rule.Cap(var most) -> Math.min(total, most);
      case Rule.Add(var points) -> Math.clamp((long) total + points, 0, MOST);
    };
  }
}
