package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
final class ProxiesCommandTest {
  @TempDir private Path folder = Path.of("");
  private Printed printed = new Printed();

  private int run(String... arguments) {
    printed = new Printed();
    var all = new ArrayList<>(List.of("proxies"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--url", TestNode.uri().toString()));
    return printed.run(Map.of("CENTRALITA_KEY", TestNode.ADMIN_KEY), all.toArray(String[]::new));
  }

  private String add(String host) throws IOException {
    var password = Files.writeString(folder.resolve("password"), "pw-cli\n");
    assertEquals(
        0,
        run(
            "add",
            host,
            "10000-10009",
            "--user-name",
            "user-cli",
            "--password-file",
            password.toString()),
        printed.err());
    return printed.out().strip().replace("proxy ", "");
  }

  @Test
  void oneProxy_fromAddToRemove() throws IOException {
    var id = add("cli-1.example.net");

    assertEquals(0, run("list"));
    assertTrue(printed.out().contains("CLOSED     cli-1.example.net:10000-10009"), printed.out());
    assertEquals(0, run("disable", id, "--reason", "too dear"));
    assertEquals(0, run("list", "--state", "disabled"));
    assertTrue(printed.out().contains("too dear"), printed.out());
    assertEquals(0, run("enable", id));
    assertEquals(0, run("show", id));
    assertTrue(printed.out().contains("\"user_names\" : 1"), printed.out());
    assertEquals(0, run("history", id));
    assertEquals(3, printed.out().lines().count(), printed.out());
    assertFalse(printed.out().contains("user-cli"), printed.out());
    assertEquals(0, run("remove", id));
    assertEquals(1, run("show", id));
    assertTrue(printed.err().contains("there is no such proxy"), printed.err());
  }

  @Test
  void test_proxyThatIsNotThere_failsAndSaysWhy() throws IOException {
    var password = Files.writeString(folder.resolve("password"), "pw");
    run("add", "127.0.0.1", "1", "--user-name", "a", "--password-file", password.toString());
    var id = printed.out().strip().replace("proxy ", "");

    assertEquals(1, run("test", id));

    assertTrue(printed.out().startsWith("failed: proxy failed"), printed.out());
    assertEquals(0, run("remove", id));
  }

  @Test
  void importList_tellsTheLinesThatCannotBeUsed() throws IOException {
    var list = Files.writeString(folder.resolve("list"), "cli-2.example.net:1:a:b\nnonsense\n");

    assertEquals(1, run("import", list.toString()));

    assertTrue(printed.out().contains("line 2: refused, the port is missing"), printed.out());
    assertTrue(printed.out().contains("1 added, 0 known already, 1 refused"), printed.out());
  }

  @Test
  void misuse_isToldWithTheWayOut() {
    assertEquals(1, run("add", "h", "port"));
    assertTrue(printed.err().contains("PORTS: expected a port"), printed.err());
    assertEquals(2, new Printed().run(Map.of(), "proxies"));
    assertEquals(2, run("list", "--colour", "red"));
  }
}
