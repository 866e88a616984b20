package io.centralita.scoring;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Leads of about the same worth, the best first. */
public enum Tier {
  PREMIUM(1),
  HIGH(2),
  MEDIUM(3),
  LOW(4),
  POOR(5),
  /** No platform could be asked: nothing speaks for the lead, and nothing against it. */
  UNKNOWN(6);

  private static final Map<Integer, Tier> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toMap(Tier::code, Function.identity()));

  private final int code;

  Tier(int code) {
    this.code = code;
  }

  /** The number by which the database knows it. */
  public int code() {
    return code;
  }

  public static Tier ofCode(int code) {
    return Objects.requireNonNull(BY_CODE.get(code), "no such tier");
  }
}
