package io.centralita.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LadasTest {

  @ParameterizedTest
  @CsvSource({
    "55, CDMX, Ciudad de México",
    "33, JAL, Guadalajara",
    "81, NL, Monterrey",
    "274, VER, Tierra Blanca",
    "477, GTO, León",
    "871, COAH, Torreón",
    "998, QROO, Cancún"
  })
  void of_knownAreaCode_isItsPlace(int code, MexicanState state, String city) {
    assertEquals(Optional.of(new Lada(code, state, city)), Ladas.of(code));
  }

  @Test
  void of_everyGeographicPrefix_hasAPlaceButOne() {
    var without = new ArrayList<Integer>();
    for (var prefix = 100; prefix < 1000; prefix++) {
      if (PhoneNumbers.lada(52_000_0000000L + prefix * 10_000_000L + 2_123_456L) > 0
          && Ladas.of(Ladas.codeOf(prefix)).isEmpty()) {
        without.add(prefix);
      }
    }

    assertEquals(List.of(359), without); // libphonenumber knows no place of it either
  }

  @Test
  void all_everyAreaCode_isOneThatNumbersHave() {
    for (var lada : Ladas.all()) {
      var national = Long.parseLong((lada.code() + "2123456789").substring(0, 10));
      assertEquals(lada.code(), PhoneNumbers.lada(52_0000000000L + national));
      assertTrue(!lada.city().isBlank());
    }
    assertEquals(412, Ladas.all().size());
    var states = EnumSet.noneOf(MexicanState.class);
    Ladas.all().forEach(lada -> states.add(lada.state()));
    assertEquals(EnumSet.allOf(MexicanState.class), states);
  }

  @ParameterizedTest
  @CsvSource({"-1", "0", "54", "100", "213", "359", "999999"})
  void of_noAreaCode_isEmpty(int code) {
    assertEquals(Optional.empty(), Ladas.of(code));
  }
}
