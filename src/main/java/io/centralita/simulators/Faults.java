package io.centralita.simulators;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How the simulated portal misbehaves.
 *
 * @param latencyMinMs shortest delay before any answer, milliseconds
 * @param latencyMaxMs longest delay, milliseconds; 0 is none
 * @param shares which share (0..1, together at most 1) of the look-ups meets which fault
 * @param loginFailureShare share of the log-ins that bring no token
 * @param tokenUses a token expires after so many look-ups; 0 is never
 * @param tokenSeconds a token expires after so many seconds; 0 is never
 * @param requestsPerSecond above it the answer is 429; 0 is no limit
 * @param compress whether answers are gzipped for clients that accept it
 * @param seed of the generator that draws faults and latencies
 */
public record Faults(
    int latencyMinMs,
    int latencyMaxMs,
    Map<Kind, Double> shares,
    double loginFailureShare,
    int tokenUses,
    int tokenSeconds,
    double requestsPerSecond,
    boolean compress,
    long seed) {

  /** A portal in good health. */
  public static final Faults NONE = new Faults(0, 0, Map.of(), 0, 0, 0, 0, false, 1);

  /** What a look-up may meet instead of its answer. */
  public enum Kind {
    /** 500, 502 or 503. */
    @JsonProperty("serverError")
    SERVER_ERROR,
    /** 403 with an HTML page, as a firewall sends it. */
    @JsonProperty("forbidden")
    FORBIDDEN,
    /** 200 with an HTML page in place of the JSON. */
    @JsonProperty("html")
    HTML,
    /** The answer's JSON ends too early, and its length header agrees with that. */
    @JsonProperty("truncated")
    TRUNCATED,
    /** 200 with text that is not JSON. */
    @JsonProperty("malformed")
    MALFORMED,
    /** The connection is cut after half of the announced body. */
    @JsonProperty("cut")
    CUT,
    /** The request is never answered; the connection stays open. */
    @JsonProperty("hang")
    HANG,
    /** 404 with an HTML page, which says nothing about the line. */
    @JsonProperty("notFoundHtml")
    NOT_FOUND_HTML,
    /** 302 to a page that is a 404. */
    @JsonProperty("redirect")
    REDIRECT
  }

  public Faults {
    shares = Dice.checkedShares(Kind.class, shares);
    Dice.checkLatency(latencyMinMs, latencyMaxMs);
    Dice.checkShare("loginFailureShare", loginFailureShare);
    if (tokenUses < 0 || tokenSeconds < 0 || !(requestsPerSecond >= 0)) {
      throw new IllegalArgumentException("token limits and the request rate cannot be negative");
    }
  }

  /** Delays every answer by a time drawn evenly between the two, in milliseconds. */
  public Faults withLatency(int minMs, int maxMs) {
    return with(
        draft -> {
          draft.latencyMinMs = minMs;
          draft.latencyMaxMs = maxMs;
        });
  }

  /** Gives one fault its share (0..1) of the look-ups and leaves the other shares. */
  public Faults with(Kind kind, double share) {
    return with(draft -> draft.shares.put(kind, share));
  }

  /** Lets a share (0..1) of the log-ins fail. */
  public Faults withLoginFailures(double share) {
    return with(draft -> draft.loginFailureShare = share);
  }

  /** Lets tokens expire after so many look-ups or seconds, whichever is first; 0 is never. */
  public Faults withTokenLife(int uses, int seconds) {
    return with(
        draft -> {
          draft.tokenUses = uses;
          draft.tokenSeconds = seconds;
        });
  }

  /** Limits the requests of all clients together; a burst of one second's worth is let through. */
  public Faults withRequestsPerSecond(double limit) {
    return with(draft -> draft.requestsPerSecond = limit);
  }

  /** Gzips the answers, or not. */
  public Faults withCompress(boolean gzip) {
    return with(draft -> draft.compress = gzip);
  }

  /** Draws the faults by another seed. */
  public Faults withSeed(long newSeed) {
    return with(draft -> draft.seed = newSeed);
  }

  private Faults with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.faults();
  }

  /** Faults being changed. */
  private static final class Draft {
    private final Map<Kind, Double> shares = new EnumMap<>(Kind.class);
    private int latencyMinMs;
    private int latencyMaxMs;
    private double loginFailureShare;
    private int tokenUses;
    private int tokenSeconds;
    private double requestsPerSecond;
    private boolean compress;
    private long seed;

    Draft(Faults from) {
      shares.putAll(from.shares);
      latencyMinMs = from.latencyMinMs;
      latencyMaxMs = from.latencyMaxMs;
      loginFailureShare = from.loginFailureShare;
      tokenUses = from.tokenUses;
      tokenSeconds = from.tokenSeconds;
      requestsPerSecond = from.requestsPerSecond;
      compress = from.compress;
      seed = from.seed;
    }

    Faults faults() {
      return new Faults(
          latencyMinMs,
          latencyMaxMs,
          shares,
          loginFailureShare,
          tokenUses,
          tokenSeconds,
          requestsPerSecond,
          compress,
          seed);
    }
  }
}
