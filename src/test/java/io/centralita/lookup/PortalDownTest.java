package io.centralita.lookup;

import static io.centralita.lookup.Person.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestNode;
import io.centralita.simulators.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A portal that answers nobody for a while. */
final class PortalDownTest {
  private final Person ana = Person.fresh();

  @AfterEach
  void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  private void portalGoesDown(String fileName) {
    TestNode.PORTAL.faults(Faults.NONE.withTokenLife(1, 0).withLoginFailures(1));
    var id = ana.file(fileName, numbers(300));
    TestNode.until(
        () ->
            ana.view(id)
                .get("waiting")
                .asText("")
                .contains("the portal has answered nobody since"));
  }

  @Test
  void file_waitsAndSaysWhy_andGoesOnByItself_withNoNumberFailed() {
    portalGoesDown("down.csv");
    var id = ana.api().get("/api/v1/files?limit=1");
    var file = Person.ok(id).get("items").get(0);
    assertEquals("processing", file.get("status").asText());

    TestNode.PORTAL.faults(Faults.NONE);

    var done = ana.completed(file.get("id").asLong());
    assertEquals(0, done.get("outcomes").get("FAILED").asInt(), done.toString());
    assertEquals(300, done.get("outcomes").get("FOUND").asInt(), done.toString());
    assertTrue(done.get("waiting").isNull(), done.toString());
  }

  @Test
  void number_askedByHand_isToldWhy() {
    portalGoesDown("hand.csv");

    var answer = ana.api().get("/api/v1/numbers/" + numbers(1).getFirst());

    assertTrue(Person.detail(503, answer).contains("the portal has answered nobody since"));
  }
}
