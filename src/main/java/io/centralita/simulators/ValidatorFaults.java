package io.centralita.simulators;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How the simulated validators misbehave.
 *
 * @param latencyMinMs shortest delay before any answer, milliseconds
 * @param latencyMaxMs longest delay, milliseconds; 0 is none
 * @param shares which share (0..1, together at most 1) of the questions meets which fault
 * @param numberErrorShare share of the numbers of a batch whose status is {@code ERROR}
 * @param numberLimitedShare share of those whose status is {@code RATE_LIMITED}
 * @param retryAfterSeconds after how long such a number may be asked again
 * @param down services that cut every connection at the request, without an answer
 * @param batchSize the most numbers in one batch; more is 413
 * @param requestsPerSecond of each service; above it the answer is 429; 0 is no limit
 * @param seed of the generator that draws faults and latencies
 */
public record ValidatorFaults(
    int latencyMinMs,
    int latencyMaxMs,
    Map<Kind, Double> shares,
    double numberErrorShare,
    double numberLimitedShare,
    int retryAfterSeconds,
    Set<ValidatorService> down,
    int batchSize,
    double requestsPerSecond,
    long seed) {

  /** Validators in good health, for batches of 25. */
  public static final ValidatorFaults NONE =
      new ValidatorFaults(0, 0, Map.of(), 0, 0, 30, Set.of(), 25, 0, 1);

  /**
   * What a question may meet instead of its answer. A look-up of one number has no second result,
   * and RCS capabilities name no number: a fault that needs one leaves their answers right.
   */
  public enum Kind {
    /** 500. */
    @JsonProperty("serverError")
    SERVER_ERROR,
    /** 200 with an HTML page in place of the JSON. */
    @JsonProperty("html")
    HTML,
    /** The connection is cut after half of the announced body. */
    @JsonProperty("cut")
    CUT,
    /** The request is never answered; the connection stays open. */
    @JsonProperty("hang")
    HANG,
    /** The first number has no result; a look-up's answer lacks what was asked for. */
    @JsonProperty("leftOut")
    LEFT_OUT,
    /** One result more, of a number that nobody asked for; a look-up's answer is of that number. */
    @JsonProperty("stranger")
    STRANGER,
    /** The first number has a second result, which contradicts the first. */
    @JsonProperty("twice")
    TWICE,
    /** Numbers in the place of texts, texts in the place of objects. */
    @JsonProperty("wrongTypes")
    WRONG_TYPES
  }

  public ValidatorFaults {
    shares = Dice.checkedShares(Kind.class, shares);
    Dice.checkLatency(latencyMinMs, latencyMaxMs);
    Dice.checkShare("numberErrorShare", numberErrorShare);
    Dice.checkShare("numberLimitedShare", numberLimitedShare);
    down = copy(down);
    if (batchSize < 1 || retryAfterSeconds < 0 || !(requestsPerSecond >= 0)) {
      throw new IllegalArgumentException(
          "a batch has 1 number or more, and neither a wait nor a rate is negative");
    }
  }

  /** Delays every answer by a time drawn evenly between the two, in milliseconds. */
  public ValidatorFaults withLatency(int minMs, int maxMs) {
    return with(
        draft -> {
          draft.latencyMinMs = minMs;
          draft.latencyMaxMs = maxMs;
        });
  }

  /** Gives one fault its share (0..1) of the questions and leaves the other shares. */
  public ValidatorFaults with(Kind kind, double share) {
    return with(draft -> draft.shares.put(kind, share));
  }

  /** Says {@code ERROR} of a share (0..1) of the numbers in batches. */
  public ValidatorFaults withNumberErrors(double share) {
    return with(draft -> draft.numberErrorShare = share);
  }

  /** Says {@code RATE_LIMITED} of a share (0..1) of the numbers in batches. */
  public ValidatorFaults withNumbersLimited(double share, int secondsToWait) {
    return with(
        draft -> {
          draft.numberLimitedShare = share;
          draft.retryAfterSeconds = secondsToWait;
        });
  }

  /** Takes a service down and leaves the others. */
  public ValidatorFaults withDown(ValidatorService service) {
    return with(draft -> draft.down.add(service));
  }

  /** Brings a service back. */
  public ValidatorFaults withUp(ValidatorService service) {
    return with(draft -> draft.down.remove(service));
  }

  /** Takes batches of so many numbers at most. */
  public ValidatorFaults withBatchSize(int most) {
    return with(draft -> draft.batchSize = most);
  }

  /** Limits the requests to each service; a burst of one second's worth is let through. */
  public ValidatorFaults withRequestsPerSecond(double limit) {
    return with(draft -> draft.requestsPerSecond = limit);
  }

  /** Draws the faults by another seed. */
  public ValidatorFaults withSeed(long newSeed) {
    return with(draft -> draft.seed = newSeed);
  }

  private ValidatorFaults with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.faults();
  }

  private static Set<ValidatorService> copy(Set<ValidatorService> services) {
    var copy = EnumSet.noneOf(ValidatorService.class);
    copy.addAll(services);
    return Collections.unmodifiableSet(copy);
  }

  /** Faults being changed. */
  private static final class Draft {
    private final Map<Kind, Double> shares = new EnumMap<>(Kind.class);
    private final Set<ValidatorService> down = EnumSet.noneOf(ValidatorService.class);
    private int latencyMinMs;
    private int latencyMaxMs;
    private double numberErrorShare;
    private double numberLimitedShare;
    private int retryAfterSeconds;
    private int batchSize;
    private double requestsPerSecond;
    private long seed;

    Draft(ValidatorFaults from) {
      shares.putAll(from.shares);
      down.addAll(from.down);
      latencyMinMs = from.latencyMinMs;
      latencyMaxMs = from.latencyMaxMs;
      numberErrorShare = from.numberErrorShare;
      numberLimitedShare = from.numberLimitedShare;
      retryAfterSeconds = from.retryAfterSeconds;
      batchSize = from.batchSize;
      requestsPerSecond = from.requestsPerSecond;
      seed = from.seed;
    }

    ValidatorFaults faults() {
      return new ValidatorFaults(
          latencyMinMs,
          latencyMaxMs,
          shares,
          numberErrorShare,
          numberLimitedShare,
          retryAfterSeconds,
          down,
          batchSize,
          requestsPerSecond,
          seed);
    }
  }
}
