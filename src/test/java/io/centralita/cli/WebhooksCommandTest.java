package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against a whole node; nobody receives what is told. */
final class WebhooksCommandTest {
  private static final String NOBODY = "http://127.0.0.1:9/hooks";

  private Printed printed = new Printed();

  private int run(String... arguments) {
    printed = new Printed();
    var all = new ArrayList<>(List.of("webhooks"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--url", TestNode.uri().toString()));
    return printed.run(Map.of("CENTRALITA_KEY", TestNode.ADMIN_KEY), all.toArray(String[]::new));
  }

  private void assertRuns(String told, String... arguments) {
    assertEquals(0, run(arguments), printed.err());
    assertTrue(printed.out().contains(told), printed.out());
  }

  @Test
  void oneWebhook_fromAddToRemove() {
    assertRuns("whsec_", "add", NOBODY, "--events", "score.tier_changed,webhook.test");
    var id = printed.out().lines().findFirst().orElseThrow().replace("webhook ", "");

    assertRuns("score.tier_changed,webhook.test", "list");
    assertRuns("msg_", "test", id);
    var message = printed.out().split(" ", -1)[0];
    TestNode.until(
        () ->
            run("deliveries", id, "--status", "failed") == 0
                && printed.out().contains("webhook.test"));
    assertTrue(printed.out().contains("connection failed"), printed.out());
    assertRuns("delivery 1 of webhook " + id + " is sent again: " + message, "resend", id, "1");
    TestNode.until(
        () ->
            run("deliveries", id, "--status", "failed") == 0
                && printed.out().contains("webhook.test"));
    assertRuns("1 deliveries are sent again", "replay", id, "1");
    assertRuns("0 deliveries are sent again", "replay", id, "2999-01-01T00:00:00Z");
    assertRuns("is off", "disable", id);
    assertRuns("off: switched off by its owner", "list");
    assertEquals(1, run("test", id));
    assertTrue(printed.err().contains("enable it first"), printed.err());
    assertRuns("is on", "enable", id);
    assertRuns("is removed", "remove", id);
    assertEquals(1, run("deliveries", id));
    assertTrue(printed.err().contains("there is no such webhook"), printed.err());
  }

  @Test
  void add_whatTheNodeRefuses_saysWhy() {
    assertEquals(1, run("add", NOBODY, "--events", "score.changed"));
    assertTrue(
        printed.err().contains("events: expected some of score.tier_changed"), printed.err());
    assertEquals(1, run("add", "ftp://example.net"));
    assertTrue(printed.err().contains("url: expected https://"), printed.err());
    assertEquals(2, run("add"));
  }
}
