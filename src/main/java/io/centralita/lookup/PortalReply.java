package io.centralita.lookup;

import java.time.Duration;

/** What one step with the portal means for the look-up that needed it. */
sealed interface PortalReply {

  /** The session is open. */
  record Ready() implements PortalReply {}

  /** The look-up is answered. */
  record Answered(Answer answer) implements PortalReply {}

  /** The token is not, or no longer, good. */
  record Expired(int status) implements PortalReply {}

  /** Too many requests: come back after a while. */
  record Throttled(Duration pause) implements PortalReply {}

  /**
   * The exit is no use.
   *
   * @param why for people
   * @param perhapsThePortals whether a portal that is down looks just the same
   */
  record NoWay(String why, boolean perhapsThePortals) implements PortalReply {}

  /** The portal turns this exit away; the reason is for people. */
  record Blocked(String why) implements PortalReply {}

  /** The portal could not be asked at all; the reason is for people. */
  record Unreached(String why) implements PortalReply {}

  /** No use of this session any more; the reason is for people and names no number. */
  record Broken(String why) implements PortalReply {}
}
