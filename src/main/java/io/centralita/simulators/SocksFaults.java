package io.centralita.simulators;

import java.util.EnumMap;
import java.util.Map;

/**
 * How the simulated SOCKS5 proxy misbehaves.
 *
 * @param latencyMinMs shortest delay before a CONNECT is dealt with, milliseconds
 * @param latencyMaxMs longest delay, milliseconds; 0 is none
 * @param shares which share (0..1, together at most 1) of the CONNECTs meets which fault
 * @param refusedLoginShare share of right credentials that are refused all the same
 * @param dropAfterBytes how much of the answer {@link Kind#DROP_MID_STREAM} lets through
 * @param seed of the generator that draws faults and latencies
 */
public record SocksFaults(
    int latencyMinMs,
    int latencyMaxMs,
    Map<Kind, Double> shares,
    double refusedLoginShare,
    long dropAfterBytes,
    long seed) {

  /** A proxy in good health. */
  public static final SocksFaults NONE = new SocksFaults(0, 0, Map.of(), 0, 100, 1);

  /** What a CONNECT may meet; the first four are the replies of RFC 1928, section 6. */
  public enum Kind {
    /** REP 01. */
    GENERAL_FAILURE,
    /** REP 03. */
    NETWORK_UNREACHABLE,
    /** REP 04. */
    HOST_UNREACHABLE,
    /** REP 05. */
    CONNECTION_REFUSED,
    /** The CONNECT succeeds, then the connection is closed. */
    DROP_AFTER_HANDSHAKE,
    /** The connection is closed within the answer. */
    DROP_MID_STREAM,
    /** The CONNECT is never answered. */
    HANG
  }

  public SocksFaults {
    shares = Dice.checkedShares(Kind.class, shares);
    Dice.checkLatency(latencyMinMs, latencyMaxMs);
    Dice.checkShare("refusedLoginShare", refusedLoginShare);
    if (dropAfterBytes < 1) {
      throw new IllegalArgumentException("dropAfterBytes is " + dropAfterBytes + ", less than 1");
    }
  }

  /** Delays every CONNECT by a time drawn evenly between the two, in milliseconds. */
  public SocksFaults withLatency(int minMs, int maxMs) {
    return new SocksFaults(minMs, maxMs, shares, refusedLoginShare, dropAfterBytes, seed);
  }

  /** Gives one fault its share (0..1) of the CONNECTs and leaves the other shares. */
  public SocksFaults with(Kind kind, double share) {
    var changed = new EnumMap<Kind, Double>(Kind.class);
    changed.putAll(shares);
    changed.put(kind, share);
    return new SocksFaults(
        latencyMinMs, latencyMaxMs, changed, refusedLoginShare, dropAfterBytes, seed);
  }

  /** Refuses a share (0..1) of the right credentials. */
  public SocksFaults withRefusedLogins(double share) {
    return new SocksFaults(latencyMinMs, latencyMaxMs, shares, share, dropAfterBytes, seed);
  }

  /** Lets so many bytes of the answer through before a drop in mid-stream. */
  public SocksFaults withDropAfterBytes(long bytes) {
    return new SocksFaults(latencyMinMs, latencyMaxMs, shares, refusedLoginShare, bytes, seed);
  }

  /** Draws the faults by another seed. */
  public SocksFaults withSeed(long newSeed) {
    return new SocksFaults(
        latencyMinMs, latencyMaxMs, shares, refusedLoginShare, dropAfterBytes, newSeed);
  }
}
