package io.centralita.lookup;

import static io.centralita.lookup.Person.asked;
import static io.centralita.lookup.Person.numbers;
import static io.centralita.lookup.Person.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.phone.SpanishNumber;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalNumbering;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a file is: one user and one name; what counts in it, and what is asked again. */
final class FileSemanticsTest {
  private final Person ana = Person.fresh();

  @AfterEach
  void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  @Test
  void sameFileAgain_addsWhatIsNew_andAsksOnlyForThat() {
    var first = numbers(3);
    var id = ana.file("a.csv", first);
    ana.completed(id);
    var second = new ArrayList<>(first);
    second.addAll(numbers(2));

    assertEquals(id, ana.file("a.csv", second));
    var file = ana.completed(id);

    assertEquals(5, file.get("total").asInt());
    assertEquals(5, file.get("progres").asInt());
    assertEquals(8, file.get("subido").asInt());
    assertEquals(3, file.get("duplicates").asInt());
    assertEquals(List.of(1, 1, 1, 1, 1), second.stream().map(Person::asked).toList());
    assertEquals(1, ana.listed().size());
    assertEquals(second, ana.results(id, "").findValuesAsText("number"));
  }

  @Test
  void sameFileAgain_whilePaused_goesOn() {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(100, 100));
    var numbers = numbers(100);
    var id = ana.file("a.csv", numbers);
    ana.pause(id);
    TestNode.PORTAL.faults(Faults.NONE);

    ana.file("a.csv", numbers);

    assertEquals(100, ana.completed(id).get("progres").asInt());
  }

  @Test
  void sameName_ofAnotherUser_isAnotherFile() {
    var bob = Person.fresh();

    assertNotEquals(ana.file("a.csv", numbers(1)), bob.file("a.csv", numbers(1)));
  }

  @Test
  void completed_again_asksOnlyWhatHasNoOperator() {
    var found = numbers(4);
    var unknown = Person.numberAnswered("No existe");
    var all = new ArrayList<>(found);
    all.add(unknown);
    var id = ana.file("a.csv", all);
    var before = ana.completed(id);
    assertEquals(1, before.get("outcomes").get("UNKNOWN").asInt());

    ok(ana.process("a.csv", found));
    var after = ana.completed(id);

    assertEquals(List.of(1, 1, 1, 1), found.stream().map(Person::asked).toList());
    assertEquals(2, asked(unknown));
    assertEquals(2, after.get("round").asInt());
    assertEquals(5, after.get("progres").asInt());
    assertEquals(4, after.get("outcomes").get("FOUND").asInt());
    assertEquals(1, after.get("outcomes").get("UNKNOWN").asInt());
  }

  @Test
  void completed_again_betterAnswersReplaceFailures() {
    TestNode.PORTAL.faults(Faults.NONE.with(Faults.Kind.SERVER_ERROR, 1));
    var numbers = numbers(3);
    var id = ana.file("a.csv", numbers);
    assertEquals(3, ana.completed(id).get("outcomes").get("FAILED").asInt());
    TestNode.PORTAL.faults(Faults.NONE);

    ok(ana.process("a.csv", numbers));

    var outcomes = ana.completed(id).get("outcomes");
    assertEquals(3, outcomes.get("FOUND").asInt());
    assertEquals(0, outcomes.get("FAILED").asInt());
  }

  @Test
  void reprocess_asksThePortalAnewForAll() {
    var numbers = numbers(600); // two windows
    var id = ana.file("a.csv", numbers);
    ana.completed(id);

    ok(ana.reprocess("a.csv", numbers));
    var file = ana.completed(id);

    assertEquals(2, file.get("round").asInt());
    assertEquals(600, file.get("progres").asInt());
    assertTrue(numbers.stream().allMatch(number -> asked(number) == 2));
    assertEquals(1200, file.get("subido").asInt());
  }

  @Test
  void reprocess_ofAFileThatIsNew_takesNoStoredAnswerEither() {
    var numbers = numbers(3);
    ana.done("a.csv", numbers);

    ok(ana.reprocess("b.csv", numbers));

    var id = ana.listed().get(0).get("id").asLong();
    assertEquals(3, ana.completed(id).get("outcomes").get("FOUND").asInt());
    assertEquals(List.of(2, 2, 2), numbers.stream().map(Person::asked).toList());
  }

  @Test
  void numbersInManyForms_areCountedOnce_andReported() {
    var number = numbers(1).getFirst();
    var spaced = number.substring(0, 3) + " " + number.substring(3, 6) + " " + number.substring(6);
    var id =
        ana.file(
            "forms.csv",
            List.of(
                number,
                spaced,
                "+34" + number,
                "0034 " + spaced,
                "912345678",
                "+33612345678",
                "6o0123456",
                "",
                "912345678"));

    var file = ana.completed(id);

    assertEquals(9, file.get("subido").asInt());
    assertEquals(1, file.get("total").asInt());
    assertEquals(4, file.get("duplicates").asInt());
    assertEquals(4, file.get("invalid").asInt());
    assertEquals(4, file.get("outcomes").get("INVALID").asInt());
    assertEquals(1, asked(number));
    var invalid = ana.results(id, "?outcome=INVALID").get("items");
    assertEquals(
        List.of("912345678", "+33612345678", "6o0123456", ""), invalid.findValuesAsText("number"));
    assertEquals(
        List.of("landline", "foreign number (+33)", "contains letters", "empty"),
        invalid.findValuesAsText("reason"));
    assertEquals(
        0, TestNode.PORTAL.calls(912_345_678).asked(), "what is no mobile is never looked up");
  }

  @Test
  void sameFileTwiceAtOnce_isOneFile_withEveryNumberOnce() {
    for (var round = 0; round < 5; round++) {
      var numbers = numbers(40);
      var name = "twice-" + round;
      var both =
          List.of(
              CompletableFuture.supplyAsync(() -> ana.file(name, numbers)),
              CompletableFuture.supplyAsync(() -> ana.file(name, numbers)));

      var ids = both.stream().map(CompletableFuture::join).distinct().toList();

      assertEquals(1, ids.size());
      var file = ana.completed(ids.getFirst());
      assertEquals(40, file.get("total").asInt());
      assertEquals(80, file.get("subido").asInt());
      assertEquals(40, file.get("duplicates").asInt());
      assertEquals(numbers, ana.results(ids.getFirst(), "").findValuesAsText("number"));
      assertTrue(numbers.stream().allMatch(number -> asked(number) == 1));
    }
    var conse = ana.listed().findValuesAsText("conse");
    assertEquals(List.of("005", "004", "003", "002", "001"), conse);
  }

  @Test
  void twoDeliveriesAtOnce_ofDifferentNumbers_bothStay() {
    for (var round = 0; round < 5; round++) {
      var name = "both-" + round;
      var sent =
          List.of(numbers(510), numbers(20), numbers(30)).stream()
              .map(numbers -> CompletableFuture.supplyAsync(() -> ana.file(name, numbers)))
              .toList();

      var id = sent.stream().map(CompletableFuture::join).distinct().toList().getFirst();

      var file = ana.completed(id);
      assertEquals(560, file.get("total").asInt());
      assertEquals(560, file.get("progres").asInt());
    }
  }

  @Test
  void answersThatAreNone_areNeverStored() {
    var none = List.of(Person.numberAnswered("No existe"), Person.numberAnswered("Desconocido"));
    var digi = numbers(1, PortalNumbering.OwnLine.class::isInstance).getFirst();
    var all = new ArrayList<>(none);
    all.add(digi);

    var file = ana.done("none.csv", all);

    assertEquals(2, file.get("outcomes").get("UNKNOWN").asInt());
    for (var number : none) {
      assertEquals(0, TestNode.redis().exists("phone:" + number));
      assertEquals(
          0, TestNode.count("SELECT count(*) FROM lookup_results WHERE number = " + number));
    }
    assertEquals("DIGI SPAIN TELECOM, S.L.", TestNode.redis().get("phone:" + digi));
    assertTrue(TestNode.redis().ttl("phone:" + digi) > 2_592_000 - 60);
    assertEquals(
        1,
        TestNode.count(
            "SELECT count(*) FROM lookup_results r JOIN operators o ON o.id = r.operator"
                + " WHERE o.name = 'DIGI SPAIN TELECOM, S.L.' AND r.number = "
                + digi));
    var reasons =
        ana.results(file.get("id").asLong(), "?outcome=UNKNOWN").findValuesAsText("reason");
    assertTrue(reasons.getFirst().contains("No existe"), reasons.toString());
  }

  @Test
  void progress_isPausedOncePartIsDone_andHasItsPercentage() {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(5, 5));
    var numbers = numbers(3000);
    var id = ana.file("part.csv", numbers);
    TestNode.until(() -> ana.view(id).get("progres").asInt() > 0);

    var file = ana.pause(id);

    assertEquals("paused", file.get("status").asText());
    assertEquals("Pausado", file.get("status_display").asText());
    var done = file.get("progres").asInt();
    assertEquals(
        Math.floor(done * 10_000.0 / 3000) / 100, file.get("progress_percentage").asDouble());
    assertTrue(file.get("waiting").isNull());
    TestNode.PORTAL.faults(Faults.NONE);
    assertEquals("processing", ana.resume(id).get("status").asText());
    assertEquals(3000, ana.completed(id).get("progres").asInt());
  }

  @Test
  void list_isPagedAndFiltered() {
    for (var i = 0; i < 5; i++) {
      ana.done("f" + i, numbers(1));
    }
    var names = new ArrayList<String>();
    JsonNode page = ok(ana.api().get("/api/v1/files?limit=2"));
    names.addAll(page.get("items").findValuesAsText("file"));
    while (!page.get("next_cursor").isNull()) {
      page = ok(ana.api().get("/api/v1/files?limit=2&cursor=" + page.get("next_cursor").asText()));
      names.addAll(page.get("items").findValuesAsText("file"));
    }

    assertEquals(List.of("f4", "f3", "f2", "f1", "f0"), names);
    var listed = new ArrayList<>(OpenApi.names(page.get("items").get(0)));
    listed.addAll(List.of("rate", "eta_seconds"));
    var one = OpenApi.names(ana.view(page.get("items").get(0).get("id").asLong()));
    assertEquals(Set.copyOf(one), Set.copyOf(listed), "all but what only the file itself knows");
    assertTrue(listed.indexOf("rate") == listed.size() - 2, listed.toString());
    assertEquals(5, ok(ana.api().get("/api/v1/files?status=completed")).get("items").size());
    assertEquals(0, ok(ana.api().get("/api/v1/files?status=paused")).get("items").size());
    assertTrue(
        ok(TestNode.admin().get("/api/v1/files?limit=1&user=" + ana.name()))
            .get("items")
            .get(0)
            .get("user")
            .asText()
            .equals(ana.name()));
  }

  @Test
  void invalidTexts_areCutAndPrintable() {
    var id = ana.file("long.csv", List.of("x".repeat(99), "a\\u0000b", "\uD83D\uDE00".repeat(60)));

    var texts = ana.results(id, "").findValuesAsText("number");

    assertEquals("x".repeat(63) + "…", texts.get(0));
    assertEquals("a\uFFFDb", texts.get(1));
    assertEquals("\uD83D\uDE00".repeat(31) + "…", texts.get(2));
    assertEquals(-1, SpanishNumber.mobile(texts.get(0)));
  }
}
