package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a whole node. */
final class ContactsCommandTest {
  @TempDir private Path folder = Path.of("");
  private Printed printed = new Printed();

  private int run(String... arguments) {
    printed = new Printed();
    var all = new ArrayList<>(List.of("contacts"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--url", TestNode.uri().toString()));
    return printed.run(Map.of("CENTRALITA_KEY", TestNode.ADMIN_KEY), all.toArray(String[]::new));
  }

  @Test
  void optOut_ofAFile_tellsWhatBecameOfIt() throws IOException {
    var list = Files.writeString(folder.resolve("list"), "5510000001\n\nnobody\n+525510000002,x\n");

    assertEquals(1, run("opt-out", list.toString(), "--reason", "May"), printed.err());

    assertTrue(printed.out().contains("line 3: contains letters"), printed.out());
    assertTrue(printed.out().contains("2 opted out, 0 had before, 1 lines"), printed.out());
    Files.writeString(list, "5510000001\n5510000002\n");
    assertEquals(0, run("opt-out", list.toString()));
    assertTrue(printed.out().contains("0 opted out, 2 had before"), printed.out());
    Files.writeString(list, "\n");
    assertEquals(1, run("opt-out", list.toString()));
  }

  @Test
  void questions_areAnsweredOrRefusedWithTheWayOut() {
    assertEquals(0, run("count", "--lada", "999", "--mobile", "true"));
    assertEquals("0", printed.out().strip());
    assertEquals(0, run("list", "--search", "nobody of that name"));
    assertEquals("none", printed.out().strip());
    assertEquals(1, run("list", "--state", "Jalixxo"));
    assertTrue(printed.err().contains("state"), printed.err());
    assertEquals(1, run("show", "5510000009"));
    assertTrue(printed.err().contains("there is no such contact"), printed.err());
    assertEquals(2, run("list", "--limit", "0"));
    assertEquals(2, new Printed().run(Map.of(), "contacts"));
  }

  @Test
  void extract_fromACity_writesTheFileAndGivesItBack() throws IOException {
    var list = new StringBuilder("numero,ciudad\n");
    for (var i = 0; i < 12; i++) {
      list.append(6181110000L + i).append(",Villa del Mandato\n");
    }
    var file = Files.writeString(folder.resolve("people.csv"), list);
    assertEquals(0, run("import", file.toString()), printed.err());
    var out = folder.resolve("numbers.txt");
    var order =
        List.of("extract", "--type", "city", "--value", "villa del mandato", "--format", "txt");

    assertEquals(1, run(with(order, "--amount", "13")));
    assertTrue(printed.err().contains("12 contacts to be drawn"), printed.err());
    assertEquals(0, run(with(order, "--amount", "10", "--out", out.toString())), printed.err());

    assertEquals(10, Files.readAllLines(out).size());
    assertTrue(printed.out().contains("10 contacts written to " + out), printed.out());
    var id = printed.out().replaceAll("(?s).*extraction (\\d+) of 10 .*", "$1");
    assertEquals(0, run("return", id), printed.err());
    assertEquals(0, run("extractions", "--limit", "200"), printed.err());
    assertTrue(printed.out().matches("(?s).*\\n" + id + "  .*returned .*"), printed.out());
    assertEquals(1, run("return", "999999"));
    assertTrue(printed.err().contains("there is no such extraction"), printed.err());
  }

  private static String[] with(List<String> order, String... more) {
    var all = new ArrayList<>(order);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void undo_ofAnImport_followsItToItsEnd() throws IOException, SQLException {
    var file = TestNode.importFolder().resolve("undo-command.db");
    Files.deleteIfExists(file);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE numeros (numero TEXT)");
      statement.execute("INSERT INTO numeros VALUES ('6149110001'), ('6149110002')");
    }
    assertEquals(0, run("import", "undo-command.db"), printed.err());
    var id = printed.out().split(" ", 3)[1];

    assertEquals(0, run("undo", id), printed.err());

    assertTrue(printed.out().contains("2 contacts removed"), printed.out());
    assertEquals(0, run("undo", id), printed.err());
    assertEquals(1, run("undo", "999999"));
    assertTrue(printed.err().contains("there is no such import"), printed.err());
    assertEquals(2, run("undo", "0"));
  }

  @Test
  void import_ofAFileThatIsHere_isUploaded_andItsRejectsShown() throws IOException {
    var file =
        Files.writeString(folder.resolve("a b.csv"), "contacto;nombre\n7731110001;Ana\n77;Eva\n");

    assertEquals(1, run("import", file.toString()));
    assertTrue(printed.err().contains("the columns are: contacto, nombre"), printed.err());
    assertEquals(0, run("import", file.toString(), "--column", "number=contacto"), printed.err());

    assertTrue(printed.out().contains("sent; the node looks at it"), printed.out());
    assertTrue(printed.out().contains("completed: 2 rows read; 1 imported"), printed.out());
    var id = printed.out().replaceAll("(?s).*contacts rejects (\\d+).*", "$1");
    assertEquals(0, run("rejects", id), printed.err());
    assertTrue(printed.out().contains("1 rows rejected"), printed.out());
    assertTrue(printed.out().contains("row 3: too short (2 digits)"), printed.out());
    var csv = folder.resolve("rejects.csv");
    assertEquals(0, run("rejects", id, "--reason", "too_short", "--csv", csv.toString()));
    assertEquals(2, Files.readAllLines(csv).size());
    assertEquals(0, run("retry", id), printed.err());
    assertTrue(printed.out().contains("0 imported"), printed.out());
    assertEquals(1, run("rejects", id, "--reason", "short"));
    assertTrue(printed.err().contains("too_short"), printed.err());
  }

  @Test
  void import_ofAFileThatIsNotHere_isOneOfTheNodesFolder() throws IOException {
    var here = TestNode.importFolder().resolve("folder.csv");
    Files.writeString(here, "numero\n7731120001\n");

    assertEquals(0, run("import", "folder.csv"), printed.err());
    assertEquals(0, run("import", "folder.csv", "--no-upload"), printed.err());
    assertEquals(1, run("import", "absent.csv"));
    assertTrue(printed.err().contains("no such file"), printed.err());
    assertEquals(1, run("import", "absent.csv", "--upload"));
    assertTrue(printed.err().contains("there is no file absent.csv"), printed.err());
  }

  @Test
  void check_ofAStoreThatIsRight_agrees() {
    assertEquals(0, run("check"), printed.err());
    assertTrue(printed.out().contains("all agrees"), printed.out());
    assertEquals(18, printed.out().lines().count(), printed.out());
  }
}
