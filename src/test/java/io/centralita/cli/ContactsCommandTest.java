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
  void check_ofAStoreThatIsRight_agrees() {
    assertEquals(0, run("check"), printed.err());
    assertTrue(printed.out().contains("all agrees"), printed.out());
    assertEquals(18, printed.out().lines().count(), printed.out());
  }
}
