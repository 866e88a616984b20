package io.centralita.scoring;

/**
 * Something that a sum of points does not say, such as that a fixed line is never a good lead.
 *
 * @param name for people; it is told where the rule fires
 */
public record Rule(String name, Condition condition, Effect effect) {
  private static final int MOST = 100;

  /** When a rule fires. */
  public sealed interface Condition {}

  /** The number is such a line. */
  public record LineTypeIs(LineType type) implements Condition {}

  /** So many platforms or more say that the account is used. */
  public record ActiveAtLeast(int platforms) implements Condition {}

  /** So many platforms or fewer said anything. */
  public record AnsweredAtMost(int platforms) implements Condition {}

  /** This platform says that the account is used. */
  public record ActiveOn(Platform platform) implements Condition {}

  /** What it does to the score. */
  public sealed interface Effect {}

  /** It is no more than this. */
  public record Cap(int most) implements Effect {}

  /** It is so much more, or less; within 0 to 100. */
  public record Add(int points) implements Effect {}

  /**
   * @throws ModelException where it cannot fire, or does nothing
   */
  public Rule {
    if (name.isBlank() || name.length() > MOST) {
      throw new ModelException("rules.name", "expected 1 to 100 characters");
    }
    switch (condition) {
      case ActiveAtLeast(var platforms) -> requirePlatforms(platforms, 1);
      case AnsweredAtMost(var platforms) -> requirePlatforms(platforms, 0);
      case LineTypeIs _, ActiveOn _ -> {}
    }
    switch (effect) {
      case Cap(var most) -> require(most >= 0 && most < MOST, "rules.cap", "expected 0 to 99");
      case Add(var points) ->
          require(
              points != 0 && Math.abs(points) <= MOST,
              "rules.add",
              "expected -100 to 100, and not 0");
    }
  }

  private static void requirePlatforms(int platforms, int least) {
    var most = Platform.values().length;
    require(
        platforms >= least && platforms <= most,
        "rules.platforms",
        "expected %d to %d".formatted(least, most));
  }

  private static void require(boolean holds, String field, String reason) {
    if (!holds) {
      throw new ModelException(field, reason);
    }
  }
}
