package io.centralita.scoring;

import java.time.Instant;
import java.util.List;

/**
 * A lead's score, and why it is so.
 *
 * @param total 0 to 100
 * @param parts what each platform that said something gives, in the order of {@link Platform}
 * @param reasons in words, the parts first and then the rules that fired
 */
public record Score(int total, Tier tier, List<Part> parts, List<String> reasons) {

  /**
   * What one platform gives.
   *
   * @param points 0 to 20, less the older the evidence is
   * @param weight of this platform, in percent
   * @param at when it said so
   */
  public record Part(
      Platform platform, Evidence.Status status, double points, int weight, Instant at) {}

  public Score {
    parts = List.copyOf(parts);
    reasons = List.copyOf(reasons);
  }
}
