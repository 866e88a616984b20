package io.centralita.simulators;

import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Platform;
import java.util.List;

/**
 * The simulated validators' truth, of numbers given by the digits of their E.164 form. Pure
 * functions, so that results can be checked without asking.
 */
public final class ValidatorTruth {
  private static final int ALL = 1000;

  private static final long LAST_SEEN = 100;
  private static final long LINE = 200;
  private static final long CARRIER = 201;
  private static final long RCS = 300;

  private static final List<Carrier> MEXICAN =
      List.of(
          new Carrier("Radiomovil Dipsa, S.A. de C.V.", "Telcel", "334", "020"),
          new Carrier("AT&T Comunicaciones Digitales, S. de R.L. de C.V.", "AT&T", "334", "050"),
          new Carrier("Pegaso PCS, S.A. de C.V.", "Movistar", "334", "030"),
          new Carrier("Altan Redes, S.A.P.I. de C.V.", "Altan", "334", "140"));

  private static final List<Carrier> SPANISH =
      List.of(
          new Carrier("Telefonica Moviles Espana, S.A.U.", "Movistar", "214", "07"),
          new Carrier("Vodafone Espana, S.A.U.", "Vodafone", "214", "01"),
          new Carrier("Orange Espagne, S.A.U.", "Orange", "214", "03"));

  private ValidatorTruth() {}

  /** Whether a number has an account on a platform. */
  public enum Status {
    ACTIVE,
    INACTIVE,
    NOT_FOUND
  }

  /** What kind of line a carrier look-up finds. */
  public enum LineKind {
    MOBILE,
    FIXED,
    FIXED_VOIP,
    NON_FIXED_VOIP,
    TOLL_FREE
  }

  /**
   * Who runs a line.
   *
   * @param name as it is registered
   * @param brand as customers know it
   */
  public record Carrier(
      String name, String brand, String mobileCountryCode, String mobileNetworkCode) {}

  /** A line: its kind, and who runs it. */
  public record Line(LineKind kind, Carrier carrier) {}

  private record Odds(long question, int active, int inactive) {}

  /** What the platform's validator says: some 60 % are active, 10 % inactive, 30 % not found. */
  public static Status statusOf(Platform platform, long number, long seed) {
    var odds = odds(platform);
    var drawn = Mixed.below(ALL, number, seed, odds.question());
    if (drawn < odds.active()) {
      return Status.ACTIVE;
    }
    return drawn < odds.active() + odds.inactive() ? Status.INACTIVE : Status.NOT_FOUND;
  }

  /** How long ago an account was used: up to a month where it is active, else up to two years. */
  public static int lastSeenDays(Platform platform, long number, long seed) {
    var question = LAST_SEEN + odds(platform).question();
    return switch (statusOf(platform, number, seed)) {
      case ACTIVE -> Mixed.below(30, number, seed, question);
      case INACTIVE, NOT_FOUND -> 90 + Mixed.below(640, number, seed, question);
    };
  }

  /** What carrier look-ups say of a number of Mexico or Spain; they know no others. */
  public static Line lineOf(long number, long seed) {
    var carriers = PhoneNumbers.isSpanish(number) ? SPANISH : MEXICAN;
    var carrier = carriers.get(Mixed.below(carriers.size(), number, seed, CARRIER));
    return new Line(kind(Mixed.below(ALL, number, seed, LINE)), carrier);
  }

  /** Whether RCS reaches the number. */
  public static boolean hasRcs(long number, long seed) {
    return Mixed.below(ALL, number, seed, RCS) < 550;
  }

  private static LineKind kind(int drawn) {
    if (drawn < 720) {
      return LineKind.MOBILE;
    } else if (drawn < 920) {
      return LineKind.FIXED;
    } else if (drawn < 950) {
      return LineKind.FIXED_VOIP;
    }
    return drawn < 980 ? LineKind.NON_FIXED_VOIP : LineKind.TOLL_FREE;
  }

  private static Odds odds(Platform platform) {
    return switch (platform) {
      case WHATSAPP -> new Odds(1, 680, 80);
      case INSTAGRAM -> new Odds(2, 560, 120);
      case FACEBOOK -> new Odds(3, 620, 150);
      case GOOGLE -> new Odds(4, 640, 70);
      case APPLE -> new Odds(5, 430, 80);
    };
  }
}
