package io.centralita.simulators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PortalNumberingTest {

  @Test
  void answerFor_manyNumbers_givesEachOperatorItsShare() {
    var shares =
        IntStream.range(600_000_000, 600_200_000)
            .mapToObj(n -> PortalNumbering.answerFor(n).operator().orElse("none"))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    var expected =
        Map.of(
            "Movistar",
            30,
            "Vodafone",
            22,
            "Orange",
            20,
            "Mas Movil",
            8,
            "Yoigo",
            8,
            "DIGI SPAIN TELECOM, S.L.",
            9,
            "none",
            3);
    assertEquals(expected.keySet(), shares.keySet());
    expected.forEach(
        (operator, percent) ->
            assertEquals(percent, shares.getOrDefault(operator, 0L) / 2000.0, 0.5, () -> operator));
  }

  @Test
  void answerFor_neighbours_areUnrelated() {
    var same =
        IntStream.range(600_000_000, 600_010_000)
            .filter(n -> PortalNumbering.answerFor(n).equals(PortalNumbering.answerFor(n + 1)))
            .count();

    assertTrue(same > 800 && same < 1700, () -> same + " of 10000 neighbours are alike");
  }

  @Test
  void operator_ofPlaceholders_isNobody() {
    assertEquals(
        Optional.empty(), new PortalNumbering.Line("No existe", "No existe", "98").operator());
    assertEquals(Optional.empty(), new PortalNumbering.Line("Desconocido", "", "99").operator());
    assertEquals(Optional.of("Yoigo"), new PortalNumbering.Line("Yoigo", "", "21").operator());
  }
}
