package io.centralita.access;

import io.centralita.actor.Cause;

/**
 * Who asks for something.
 *
 * @param requestId of the request that brings it, to be found in the logs
 */
public record Asker(Principal who, String requestId) {

  /** The asker as the cause of what follows. */
  public Cause cause(String reason) {
    return new Cause(who.user(), reason, requestId);
  }
}
