package io.centralita.simulators;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The simulated portal's truth: which operator runs a line. A pure function of the number, so that
 * a client's results can be checked without asking the portal.
 */
public final class PortalNumbering {

  private static final List<Share> SHARES =
      List.of(
          new Share(200, new Line("Telefonica Moviles Espana, S.A.U.", "Movistar", "12")),
          new Share(100, new Line("Movistar", "Movistar", "12")),
          new Share(150, new Line("Vodafone Espana, S.A.U.", "Vodafone", "7")),
          new Share(70, new Line("Vodafone", "Vodafone", "7")),
          new Share(140, new Line("Orange Espagne, S.A.U.", "Orange", "3")),
          new Share(60, new Line("Orange", "Orange", "3")),
          new Share(80, new Line("Masmovil Ibercom, S.A.U.", "Mas Movil", "28")),
          new Share(50, new Line("Xfera Moviles, S.A.U.", "Yoigo", "21")),
          new Share(30, new Line("Yoigo", "", "21")),
          new Share(90, new OwnLine()),
          new Share(20, new Line("No existe", "No existe", "98")),
          new Share(10, new Line("Desconocido", "", "99")));

  private static final Answer[] BY_THOUSANDTH = byThousandth();

  private PortalNumbering() {}

  /** What the portal says of one line. */
  public sealed interface Answer {
    /** The operator that a client may keep; empty where the portal knows none. */
    Optional<String> operator();

    /** The HTTP status of the answer. */
    int status();

    /** The body of the answer. */
    String json();
  }

  /**
   * A line that the portal names an operator for.
   *
   * @param name legal or trade name; {@code No existe} and {@code Desconocido} name nobody
   * @param tradeName the better name, empty where the portal has none
   * @param operatorId a number, as text
   */
  public record Line(String name, String tradeName, String operatorId) implements Answer {
    @Override
    public Optional<String> operator() {
      var best = tradeName.isEmpty() ? name : tradeName;
      return Optional.of(best).filter(n -> !n.equals("No existe") && !n.equals("Desconocido"));
    }

    @Override
    public int status() {
      return 200;
    }

    @Override
    public String json() {
      return "{\"name\":\"%s\",\"tradeName\":\"%s\",\"operatorId\":\"%s\"}"
          .formatted(name, tradeName, operatorId);
    }
  }

  /** A line of the portal's own company, which it reports as unknown. */
  public record OwnLine() implements Answer {
    @Override
    public Optional<String> operator() {
      return Optional.of("DIGI SPAIN TELECOM, S.L.");
    }

    @Override
    public int status() {
      return 404;
    }

    @Override
    public String json() {
      return "{\"message\":\"Operator not found\"}";
    }
  }

  private record Share(int thousandths, Answer answer) {}

  /** The answer for a national number of nine digits. */
  public static Answer answerFor(int number) {
    return BY_THOUSANDTH[Mixed.below(BY_THOUSANDTH.length, number)];
  }

  /** Every answer there is. */
  static List<Answer> answers() {
    return SHARES.stream().map(Share::answer).toList();
  }

  private static Answer[] byThousandth() {
    var table = new Answer[SHARES.stream().mapToInt(Share::thousandths).sum()];
    var from = 0;
    for (var share : SHARES) {
      Arrays.fill(table, from, from + share.thousandths(), share.answer());
      from += share.thousandths();
    }
    return table;
  }
}
