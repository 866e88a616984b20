package io.centralita.validation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.centralita.http.Json;
import io.centralita.http.ProblemException;
import io.centralita.scoring.Evidence.Status;
import io.centralita.scoring.LineType;
import io.centralita.scoring.ModelException;
import io.centralita.scoring.Platform;
import io.centralita.scoring.Rule;
import io.centralita.scoring.ScoringModel;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A scoring model as people write it and the database keeps it.
 *
 * @param weights of platforms in percent, 100 together; those that are left out have none
 * @param points for ACTIVE, INACTIVE and NOT_FOUND, 0 to 20
 * @param freshDays how long evidence counts in full
 * @param halfLifeDays after that
 */
record ModelBody(
    Map<String, Integer> weights,
    Map<String, Integer> points,
    int freshDays,
    int halfLifeDays,
    ThresholdsBody thresholds,
    List<RuleBody> rules) {

  /** From which score on a lead is in a tier; below the last it is POOR. */
  record ThresholdsBody(int premium, int high, int medium, int low) {}

  /** A rule: when it fires, and what it does then. */
  record RuleBody(String name, When when, Then then) {}

  /** One of these. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record When(
      @Nullable String lineType,
      @Nullable Integer activeAtLeast,
      @Nullable Integer answeredAtMost,
      @Nullable String activeOn) {}

  /** One of these: the score is no more than this, or so much more or less. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Then(@Nullable Integer cap, @Nullable Integer add) {}

  private static final int MOST_DAYS = 36_500;

  ModelBody {
    weights = new TreeMap<>(weights);
    points = new TreeMap<>(points);
    rules = List.copyOf(rules);
  }

  static ModelBody parse(String json) {
    try {
      return Json.MAPPER.readValue(json, ModelBody.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored scoring model cannot be read", e);
    }
  }

  /**
   * The model.
   *
   * @throws ProblemException (400) naming the field where it cannot be meant
   */
  ScoringModel model() {
    try {
      return new ScoringModel(
          byName("weights", weights, Platform.class),
          byName("points", points, Status.class),
          days("fresh_days", freshDays),
          days("half_life_days", halfLifeDays),
          new ScoringModel.Thresholds(
              thresholds.premium(), thresholds.high(), thresholds.medium(), thresholds.low()),
          rules.stream().map(ModelBody::rule).toList());
    } catch (ModelException e) {
      throw ProblemException.badRequest(e.field(), String.valueOf(e.getMessage()));
    }
  }

  private static <E extends Enum<E>> Map<E, Integer> byName(
      String field, Map<String, Integer> given, Class<E> type) {
    var values = new EnumMap<E, Integer>(type);
    given.forEach(
        (name, value) -> {
          if (value == null) {
            throw ProblemException.badRequest(field, name + " has no number");
          }
          values.put(one(field, name, type), value);
        });
    return values;
  }

  private static <E extends Enum<E>> E one(String field, String name, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> value.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.badRequest(
                    field,
                    "there is no %s: expected some of %s"
                        .formatted(
                            name.length() > 40 ? "such thing" : name,
                            String.join(
                                ", ",
                                Arrays.stream(type.getEnumConstants())
                                    .map(value -> value.name().toLowerCase(Locale.ROOT))
                                    .toList()))));
  }

  private static Duration days(String field, int days) {
    if (days < 0 || days > MOST_DAYS) {
      throw ProblemException.badRequest(field, "expected 0 to %d".formatted(MOST_DAYS));
    }
    return Duration.ofDays(days);
  }

  private static Rule rule(RuleBody rule) {
    return new Rule(rule.name(), condition(rule.when()), effect(rule.then()));
  }

  private static Rule.Condition condition(When when) {
    var given =
        Stream.of(when.lineType(), when.activeAtLeast(), when.answeredAtMost(), when.activeOn())
            .filter(Objects::nonNull)
            .count();
    if (given == 1) {
      if (when.lineType() != null) {
        return new Rule.LineTypeIs(one("rules.when.line_type", when.lineType(), LineType.class));
      } else if (when.activeAtLeast() != null) {
        return new Rule.ActiveAtLeast(when.activeAtLeast());
      } else if (when.answeredAtMost() != null) {
        return new Rule.AnsweredAtMost(when.answeredAtMost());
      } else if (when.activeOn() != null) {
        return new Rule.ActiveOn(one("rules.when.active_on", when.activeOn(), Platform.class));
      }
    }
    throw ProblemException.badRequest(
        "rules.when", "expected one of line_type, active_at_least, answered_at_most, active_on");
  }

  private static Rule.Effect effect(Then then) {
    if (then.cap() != null && then.add() == null) {
      return new Rule.Cap(then.cap());
    } else if (then.add() != null && then.cap() == null) {
      return new Rule.Add(then.add());
    }
    throw ProblemException.badRequest("rules.then", "expected one of cap and add");
  }
}
