package io.centralita.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MexicanStateTest {

  @ParameterizedTest
  @CsvSource({
    "CDMX, CDMX",
    "cdmx, CDMX",
    "DF, CDMX",
    "D.F., CDMX",
    "d. f., CDMX",
    "Distrito Federal, CDMX",
    "CIUDAD DE MEXICO, CDMX",
    "Ciudad de México, CDMX",
    "'México, D.F.', CDMX",
    "Cd. de México, CDMX",
    "MX-CMX, CDMX",
    "09, CDMX",
    "9, CDMX",
    "México, MEX",
    "mexico, MEX",
    "Edo. Mex., MEX",
    "Edomex, MEX",
    "Edo. de Méx., MEX",
    "Estado de México, MEX",
    "15, MEX",
    "NL, NL",
    "N.L., NL",
    "Nuevo Leon, NL",
    "QRO, QRO",
    "Querétaro, QRO",
    "Q. Roo, QROO",
    "Mich., MICH",
    "Michoacán de Ocampo, MICH",
    "Coahuila de Zaragoza, COAH",
    "Veracruz de Ignacio de la Llave, VER",
    "MX-JAL, JAL",
    "jal, JAL",
    "B.C., BC",
    "BCN, BC",
    "B.C.S., BCS",
    "S.L.P., SLP",
    "San Luis Potosi, SLP",
    "' Yucatán ', YUC",
    "32, ZAC"
  })
  void of_waysOfWritingAState_isTheState(String name, MexicanState state) {
    assertEquals(Optional.of(state), MexicanState.of(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "33", "0", "Texas", "MX", "C", "Guadalajara", "MX-XXX", "''; --"})
  void of_noState_isEmpty(String name) {
    assertEquals(Optional.empty(), MexicanState.of(name));
  }

  @Test
  void of_everyNameOfEveryState_isThatState() {
    for (var state : MexicanState.values()) {
      assertEquals(Optional.of(state), MexicanState.of(state.code()));
      assertEquals(Optional.of(state), MexicanState.of(state.fullName()));
      assertEquals(Optional.of(state), MexicanState.of(state.iso()));
      assertEquals(Optional.of(state), MexicanState.of(state.inegi()));
    }
    assertEquals(32, MexicanState.values().length);
    assertEquals("01", MexicanState.AGS.inegi());
    assertEquals("MX-COA", MexicanState.COAH.iso());
  }
}
