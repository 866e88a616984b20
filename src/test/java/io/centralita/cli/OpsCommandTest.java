package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.OpenApi;
import io.centralita.TestNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The operators' commands against a running node. */
final class OpsCommandTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("CENTRALITA_KEY", TestNode.ADMIN_KEY);

  private final Printed printed = new Printed();
  private final String url = TestNode.admin().server().toString();

  private int ops(String... arguments) {
    var all = new String[arguments.length + 3];
    all[0] = "ops";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--url";
    all[arguments.length + 2] = url;
    return printed.run(ENVIRONMENT, all);
  }

  private static long completedFile(String user) {
    var api = TestNode.user(user);
    var body = "{\"user\":\"%s\",\"name\":\"a.csv\",\"numbers\":[\"no number\"]}".formatted(user);
    var id = OpenApi.json(api.post("/api/v1/files", body)).get("id").asLong();
    TestNode.until(() -> api.get("/api/v1/files/" + id).body().contains("\"completed\""));
    return id;
  }

  @Test
  void looks_arePrintedAsTables() {
    var id = Long.toString(completedFile(TestNode.newUser()));

    assertEquals(0, ops("nodes"), printed.err());
    assertEquals(0, ops("types"), printed.err());
    assertEquals(0, ops("shards"), printed.err());
    assertEquals(0, ops("entities", "--state", "COMPLETED", "--limit", "200"), printed.err());
    assertEquals(0, ops("entity", "UserFile", id), printed.err());
    assertEquals(0, ops("journal", "UserFile", id), printed.err());
    assertEquals(0, ops("journal", "UserFile", id, "--as-of", "1"), printed.err());
    assertEquals(0, ops("journal", "UserFile", id, "--diff", "0"), printed.err());
    assertEquals(0, ops("targets"), printed.err());
    assertEquals(0, ops("hot"), printed.err());
    assertEquals(0, ops("pauses"), printed.err());
    assertEquals(0, ops("audit"), printed.err());

    var out = printed.out().replaceAll(" +", " ");
    for (var expected :
        new String[] {
          "ADDRESS",
          "(oldest)",
          "UserFile COMPLETED",
          "SHARD",
          "UserFile " + id,
          "Extended",
          "\"status\" : \"COMPLETED\"",
          "/status",
          "CLOSED UNTIL",
          "BECAUSE",
          "none",
          "inspect"
        }) {
      assertTrue(out.contains(expected), expected + " in\n" + out);
    }
  }

  @Test
  void journal_optionsThatExcludeEachOther_areMisuse() {
    assertEquals(2, ops("journal", "UserFile", "1", "--to", "9"));
    assertTrue(printed.err().contains("--to belongs to --diff"), printed.err());
    assertEquals(2, ops("journal", "UserFile", "1", "--diff", "1", "--from", "2"));
    assertEquals(2, ops("journal", "UserFile", "1", "--diff", "1", "--as-of", "2"));
    assertEquals(2, ops("journal", "UserFile", "1", "--as-of", "1", "--from", "2"));
    assertTrue(printed.err().contains("one of them"), printed.err());
  }

  @Test
  void audit_goesOnWhereAPageEnded() {
    assertEquals(0, ops("entity", "UserFile", Long.toString(completedFile(TestNode.newUser()))));
    assertEquals(0, ops("journal", "UserFile", Long.toString(completedFile(TestNode.newUser()))));
    TestNode.until(() -> TestNode.count("SELECT count(*) FROM ops_audit") > 1);
    assertEquals(0, ops("audit", "--limit", "1"), printed.err());
    var cursor = printed.out().replaceAll("(?s).*more with: --cursor (\\S+).*", "$1");

    assertEquals(0, ops("audit", "--limit", "1", "--cursor", cursor), printed.err());
    assertEquals(0, ops("audit", "--limit", "200", "--cursor", cursor), printed.err());
  }

  @Test
  void json_isTheAnswerItself() {
    assertEquals(0, ops("types", "--json"), printed.err());
    assertTrue(printed.out().startsWith("{\"items\":[{\"type\":\"UserFile\""), printed.out());
  }

  @Test
  void verbs_sayWhatTheyDo() {
    var user = TestNode.newUser();
    var id = Long.toString(completedFile(user));

    assertEquals(0, ops("pause", "--user", user, "--reason", "r", "--dry-run"), printed.err());
    assertEquals(0, ops("pause", "--user", user, "--reason", "r"), printed.err());
    assertEquals(0, ops("resume", "--user", user), printed.err());
    assertEquals(0, ops("passivate", "UserFile", id), printed.err());

    var lines = printed.out().lines().toList();
    assertTrue(lines.get(0).startsWith("it would: 0 UserFile, "), printed.out());
    assertTrue(lines.get(0).endsWith(" at work stop; what begins meanwhile waits"), printed.out());
    assertTrue(lines.get(2).contains("goes on"), printed.out());
    assertTrue(lines.get(3).contains("memory"), printed.out());
  }

  @Test
  void refusals_areSentences() {
    assertEquals(1, ops("resume", "--user", TestNode.newUser()));
    assertTrue(printed.err().contains("there is no such user"), printed.err());
    assertEquals(2, ops("pause", "--reason", "r"));
    assertTrue(printed.err().contains("--user NAME, or --all"), printed.err());
    assertEquals(2, ops("pause", "--all", "--reason", "r", "--until", "tomorrow"));
    assertTrue(printed.err().contains("--until"), printed.err());
    assertEquals(1, ops("drain", "10.9.8.7:1"));
    assertTrue(printed.err().contains("no such node"), printed.err());
    assertEquals(2, printed.run(ENVIRONMENT, "ops"));
  }
}
