package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
  void importList_thatIsNoText_saysSo() throws IOException {
    var latin1 = Files.write(folder.resolve("latin1"), new byte[] {'a', (byte) 0xf1, '\n'});

    assertEquals(1, run("import", latin1.toString()));
    assertTrue(printed.err().contains(latin1 + " is not text in UTF-8"), printed.err());
    assertEquals(1, run("import", folder.toString()));
    assertTrue(printed.err().contains(folder + " cannot be read"), printed.err());
    assertEquals(1, run("import", folder.resolve("none").toString()));
    assertTrue(printed.err().contains("none cannot be read"), printed.err());
  }

  @Test
  void password_inputEndsBeforeIt_saysHowToGiveOne() {
    var failure = assertThrows(CommandFailure.class, () -> ProxyOptions.given(null));

    assertTrue(String.valueOf(failure.getMessage()).contains("--password-file"));
  }

  @Test
  void change_whatIsGiven_andNothingElse() throws IOException {
    var id = add("cli-3.example.net");
    var user = TestNode.newUser();
    var password = folder.resolve("password").toString();

    assertEquals(
        0,
        run(
            "change",
            id,
            "--user",
            user,
            "--calls-at-once",
            "9",
            "--calls-per-second",
            "2.5",
            "--sessions-at-once",
            "7",
            "--password-file",
            password),
        printed.err());
    assertTrue(printed.out().contains(user), printed.out());
    assertEquals(0, run("show", id));
    for (var field : List.of("calls_at_once\" : 9", "second\" : 2.5", "sessions_at_once\" : 7")) {
      assertTrue(printed.out().contains(field), printed.out());
    }
    assertEquals(0, run("change", id, "--everybody", "--calls-at-once", "none"), printed.err());
    assertEquals(0, run("show", id));
    assertTrue(printed.out().contains("calls_at_once\" : null"), printed.out());
    assertTrue(printed.out().contains("\"user\" : null"), printed.out());
    assertEquals(1, run("change", id, "--ports", "5-6"));
    assertTrue(printed.err().contains("username"), printed.err());
    assertEquals(
        0,
        run("change", id, "--ports", "5-6", "--user-name", "user-cli", "--password-file", password),
        printed.err());
    assertTrue(printed.out().contains("cli-3.example.net:5-6"), printed.out());
    assertEquals(0, run("remove", id));
  }

  @Test
  void key_emptyVariable_isAsGoodAsNone() {
    var environment = Map.of("CENTRALITA_KEY", "", "CENTRALITA_ADMIN_KEY", TestNode.ADMIN_KEY);
    var url = TestNode.uri().toString();

    assertEquals(0, printed.run(environment, "proxies", "list", "--url", url), printed.err());
  }

  @Test
  void misuse_isToldWithTheWayOut() {
    for (var ports : List.of("port", "0", "65536", "1-", "1-99999")) {
      assertEquals(2, run("add", "h", ports));
      assertTrue(printed.err().contains("PORTS: expected a port"), printed.err());
    }
    assertEquals(2, run("add", "h", "9-8"));
    assertEquals(2, run("add", "h", "9", "--calls-at-once", "2.5"));
    assertTrue(printed.err().contains("--calls-at-once: expected a number"), printed.err());
    assertEquals(2, run("change", "7"));
    assertTrue(printed.err().contains("nothing to change"), printed.err());
    assertEquals(2, run("change", "7", "--user", "ana", "--everybody"));
    assertEquals(2, new Printed().run(Map.of(), "proxies"));
    assertEquals(2, run("list", "--colour", "red"));
  }
}
