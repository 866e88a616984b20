package io.centralita.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.http.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void check_ordinaryNames_areKept() {
    for (var name :
        List.of("a", "Ana María", "enero (2).xlsx", "x".repeat(150), "😀".repeat(150))) {
      assertEquals(name, Names.check("user", name));
    }
  }

  @Test
  void check_accentsTypedApart_areComposed() {
    assertEquals("Jos\u00e9", Names.check("user", "Jose\u0301"));
  }

  @Test
  void check_whatWillNotDo_isRefusedWithoutRepeatingIt() {
    for (var name :
        List.of(
            "",
            " ",
            "\t",
            " ana",
            "ana ",
            "ana\u00a0",
            "a/b",
            "a\\b",
            "a\nb",
            "a\u0000b",
            "a\u007fb",
            "\u202egnp.exe",
            "a\u200bb",
            "\ud800",
            "..",
            ".",
            "x".repeat(151))) {
      var refusal = assertThrows(ProblemException.class, () -> Names.check("file", name), name);
      assertEquals(400, refusal.problem().status());
      assertEquals("file", refusal.problem().errors().getFirst().field());
      assertTrue(name.length() < 4 || !refusal.problem().detail().contains(name));
    }
  }
}
