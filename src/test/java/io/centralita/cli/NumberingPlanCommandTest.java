package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a whole node. */
final class NumberingPlanCommandTest {
  @TempDir private Path folder = Path.of("");
  private Printed printed = new Printed();

  private int run(String... arguments) {
    printed = new Printed();
    var all = new ArrayList<>(List.of("numbering-plan"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--url", TestNode.uri().toString()));
    return printed.run(Map.of("CENTRALITA_KEY", TestNode.ADMIN_KEY), all.toArray(String[]::new));
  }

  @Test
  void load_ofAFile_isFollowedListedAndShown() throws IOException {
    var file = Files.writeString(folder.resolve("plan.csv"), text("MPP"));

    assertEquals(0, run("load", file.toString(), "--date", "2023-05-01"), printed.err());
    assertTrue(printed.out().contains("of 2023-05-01: 1 ranges of 1 rows"), printed.out());
    assertTrue(printed.out().contains("completed: "), printed.out());
    assertEquals(0, run("load", file.toString(), "--date", "2023-05-01"));
    assertTrue(printed.out().contains("loaded before"), printed.out());
    assertEquals(0, run("load", file.toString(), "--date", "2009-05-01"));
    assertTrue(printed.out().contains("is in force, and not this one"), printed.out());
    assertEquals(0, run("list"));
    assertTrue(printed.out().contains("2023-05-01  1 "), printed.out());
    assertEquals(0, run("show", "2299990000"));
    assertTrue(
        printed.out().contains("+522299990000: mobile, first given to TEST S.A. (+522299990000"),
        printed.out());
    assertEquals(0, run("show"));
    assertTrue(printed.out().contains("\"in_force\" : true"), printed.out());
  }

  @Test
  void load_thatIsRefused_saysWhy() throws IOException {
    var file = Files.writeString(folder.resolve("other.csv"), "number\n1\n");

    assertEquals(1, run("load", file.toString()));
    assertTrue(printed.err().contains("file: line 1: expected a header"), printed.err());
    assertEquals(1, run("load", folder.resolve("absent").toString()));
    assertTrue(printed.err().contains("there is no file"), printed.err());
    Files.writeString(file, text("CPP"));
    assertEquals(1, run("load", file.toString(), "--date", "yesterday"));
    assertTrue(printed.err().contains("date: expected a day"), printed.err());
    assertEquals(1, run("show", "nobody"));
    assertEquals(2, new Printed().run(Map.of(), "numbering-plan"));
  }

  private static String text(String kind) {
    return "ZONA, NUMERACION_INICIAL, NUMERACION_FINAL, OCUPACION, MODALIDAD, RAZON_SOCIAL, FECHA_ASIGNACION\n"
        + "2,2299990000,2299999999,10000,"
        + kind
        + ",TEST S.A.,01/05/2022,\n";
  }
}
