package io.centralita.scoring;

import java.time.Instant;

/**
 * What a platform said of a number.
 *
 * @param at when it said so
 */
public record Evidence(Platform platform, Status status, Instant at) {

  /** What it said. */
  public enum Status {
    /** There is an account, and somebody uses it. */
    ACTIVE,
    /** There is an account, and nobody uses it. */
    INACTIVE,
    /** There is none. */
    NOT_FOUND,
    /** The check failed. */
    ERROR,
    /** The platform wanted no more questions. */
    RATE_LIMITED,
    /** The platform has no sanctioned check. */
    UNSUPPORTED;

    /** Whether it says anything of the number: a platform that could not be asked says nothing. */
    public boolean saysSomething() {
      return switch (this) {
        case ACTIVE, INACTIVE, NOT_FOUND -> true;
        case ERROR, RATE_LIMITED, UNSUPPORTED -> false;
      };
    }
  }
}
