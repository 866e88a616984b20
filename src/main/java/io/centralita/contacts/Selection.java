package io.centralita.contacts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.scoring.Tier;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which contacts are meant, as people say it; what is null does not matter. All that is said must
 * be so. It knows nothing of what is in the store: {@link PlaceNames} turns it into {@link
 * Criteria}.
 *
 * @param state by code or name
 * @param municipality by name; those of this name in every state, where no state is said
 * @param mobile true: the plan says mobile; false: fixed. A number that the plan does not know is
 *     neither
 * @param lastSent {@code never}: nothing was ever sent
 * @param lastSentBefore something was sent, the last of it before this moment
 * @param lastSentAfter the last was sent at this moment or later
 * @param sendsMin how many times something was sent, at least
 * @param q words of name and address; {@code gar*} is a beginning
 * @param qualityTier tiers of leads with commas between, such as {@code PREMIUM,HIGH}: any of them.
 *     Whom no platform was asked about is {@code UNKNOWN}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Selection(
    @Nullable String state,
    @Nullable String city,
    @Nullable String municipality,
    @Nullable Integer lada,
    @Nullable Boolean mobile,
    @Nullable String carrier,
    @Nullable Boolean optedOut,
    @Nullable String lastSent,
    @Nullable Instant lastSentBefore,
    @Nullable Instant lastSentAfter,
    @Nullable Integer sendsMin,
    @Nullable Integer sendsMax,
    @Nullable String q,
    @Nullable String qualityTier) {

  /** Everybody. */
  public static final Selection ALL =
      new Selection(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  private static final String NEVER = "never";
  private static final int LONGEST = 200;
  private static final String TIERS =
      "one or more of %s, with commas between".formatted(Arrays.toString(Tier.values()));
  private static final int LEAST_LADA = 10;
  private static final int MOST_LADA = 999;
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private static final List<String> PARAMETERS =
      List.of(
          "state",
          "city",
          "municipality",
          "lada",
          "mobile",
          "carrier",
          "opted_out",
          "last_sent",
          "last_sent_before",
          "last_sent_after",
          "sends_min",
          "sends_max",
          "q",
          "quality_tier");

  /** The parameters that say a selection, and these others. */
  public static String[] parametersAnd(String... others) {
    return Stream.concat(PARAMETERS.stream(), Stream.of(others)).toArray(String[]::new);
  }

  /**
   * The selection in a request's query.
   *
   * @throws ProblemException (400) naming the parameter that cannot be meant
   */
  public static Selection of(Parameters parameters) {
    return new Selection(
            parameters.text("state").orElse(null),
            parameters.text("city").orElse(null),
            parameters.text("municipality").orElse(null),
            number(parameters, "lada", LEAST_LADA, MOST_LADA),
            flag(parameters, "mobile"),
            parameters.text("carrier").orElse(null),
            flag(parameters, "opted_out"),
            parameters.text("last_sent").orElse(null),
            time(parameters, "last_sent_before"),
            time(parameters, "last_sent_after"),
            number(parameters, "sends_min", 0, Integer.MAX_VALUE),
            number(parameters, "sends_max", 0, Integer.MAX_VALUE),
            parameters.text("q").orElse(null),
            parameters.text("quality_tier").orElse(null))
        .checked("");
  }

  private static @Nullable Integer number(Parameters parameters, String name, int least, int most) {
    return parameters.text(name).isPresent() ? parameters.number(name, 0, least, most) : null;
  }

  private static @Nullable Boolean flag(Parameters parameters, String name) {
    return parameters.text(name).isPresent() ? parameters.flag(name, false) : null;
  }

  private static @Nullable Instant time(Parameters parameters, String name) {
    return parameters.text(name).map(text -> time(name, text)).orElse(null);
  }

  private static Instant time(String name, String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw ProblemException.badRequest(
          name, "expected a time such as 2026-01-31T08:00:00Z, or a day such as 2026-01-31");
    }
  }

  /**
   * This selection.
   *
   * @param in how the request calls what it is in, with a dot; empty for the request itself
   * @throws ProblemException (400) naming the field that cannot be meant
   */
  public Selection checked(String in) {
    name(in + "state", state);
    name(in + "city", city);
    name(in + "municipality", municipality);
    name(in + "carrier", carrier);
    require(
        lada == null || (lada >= LEAST_LADA && lada <= MOST_LADA),
        in + "lada",
        "two or three digits");
    require(
        lastSent == null || lastSent.equals(NEVER),
        in + "last_sent",
        "the word never; there are last_sent_before and last_sent_after, too");
    time(in + "last_sent_before", lastSentBefore);
    time(in + "last_sent_after", lastSentAfter);
    require(sendsMin == null || sendsMin >= 0, in + "sends_min", "0 or more");
    require(sendsMax == null || sendsMax >= 0, in + "sends_max", "0 or more");
    require(
        sendsMin == null || sendsMax == null || sendsMin <= sendsMax,
        in + "sends_max",
        "sends_min or more");
    if (q != null) {
      require(q.length() <= LONGEST, in + "q", LONGEST + " characters at most");
      var _ = SearchText.of(in + "q", q);
    }
    if (qualityTier != null) {
      require(qualityTier.length() <= LONGEST, in + "quality_tier", TIERS);
      var _ = tiers(in + "quality_tier", qualityTier);
    }
    return this;
  }

  private static void name(String field, @Nullable String name) {
    if (name != null) {
      require(name.length() <= LONGEST, field, LONGEST + " characters at most");
      require(!Folded.key(name).isEmpty(), field, "a name with a letter in it");
    }
  }

  private static void time(String field, @Nullable Instant time) {
    require(
        time == null || (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)),
        field,
        "a time from 1970 to 9999");
  }

  private static void require(boolean holds, String field, String expected) {
    if (!holds) {
      throw ProblemException.badRequest(field, "expected " + expected);
    }
  }

  boolean neverSent() {
    return lastSent != null;
  }

  /** Empty where tiers do not matter. */
  Set<Tier> tiers() {
    return qualityTier == null ? Set.of() : tiers("quality_tier", qualityTier);
  }

  private static Set<Tier> tiers(String field, String text) {
    var tiers = EnumSet.noneOf(Tier.class);
    for (var word : text.split(",", -1)) {
      tiers.add(
          Arrays.stream(Tier.values())
              .filter(tier -> tier.name().equalsIgnoreCase(word.strip()))
              .findFirst()
              .orElseThrow(() -> ProblemException.badRequest(field, "expected " + TIERS)));
    }
    return tiers;
  }

  Optional<String> tsquery() {
    return Optional.ofNullable(q).map(text -> SearchText.of("q", text).tsquery());
  }
}
