package io.centralita.lookup;

import static io.centralita.lookup.Person.numbers;
import static io.centralita.lookup.Person.reason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.TestNode;
import io.centralita.simulators.Faults;
import io.centralita.tables.Tables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One file of several windows with every outcome in it, read in every way. */
final class FileResultsTest {
  private static final Person ana = Person.fresh();
  private static final List<String> FOUND = numbers(1100);
  private static final List<String> FAILED = numbers(12);
  private static final List<String> INVALID = List.of("912345678", "=1+1", "ñandú;\"x\"");
  private static final List<String> ALL =
      Stream.of(FOUND.subList(0, 700), FAILED, FOUND.subList(700, 1100), INVALID)
          .flatMap(List::stream)
          .toList();
  private static long id;

  @TempDir Path folder;

  @BeforeAll
  static void makeTheFile() {
    var escaped = INVALID.stream().map(text -> text.replace("\"", "\\\"")).toList();
    var sent =
        Stream.of(FOUND.subList(0, 700), FAILED, FOUND.subList(700, 1100), escaped)
            .flatMap(List::stream)
            .toList();
    // Only what is asked while the portal fails has no answer: the others are in the cache by then.
    ana.done("before.csv", FOUND);
    TestNode.PORTAL.faults(Faults.NONE.with(Faults.Kind.HTML, 1));
    id = ana.file("all.csv", sent);
    ana.completed(id);
    TestNode.PORTAL.faults(Faults.NONE);
  }

  @AfterAll
  static void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  private static List<JsonNode> paged(String query) {
    var items = new ArrayList<JsonNode>();
    var page = ana.results(id, query);
    page.get("items").forEach(items::add);
    while (!page.get("next_cursor").isNull()) {
      page = ana.results(id, query + "&cursor=" + page.get("next_cursor").asText());
      page.get("items").forEach(items::add);
    }
    return items;
  }

  private static List<String> texts(List<JsonNode> items, String field) {
    return items.stream().map(item -> item.get(field).asText()).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1112, 1115, 5000, 500, 499, 333})
  void pages_ofAnySize_giveEveryNumberOnceInItsOrder(int limit) {
    assertEquals(ALL, texts(paged("?limit=" + limit), "number"));
  }

  @Test
  void pages_byOutcome() {
    assertEquals(FOUND, texts(paged("?limit=300&outcome=FOUND"), "number"));
    assertEquals(INVALID, texts(paged("?limit=2&outcome=INVALID"), "number"));
    var failed = paged("?limit=2&outcome=FAILED");
    assertEquals(FAILED, texts(failed, "number"));
    assertTrue(failed.getFirst().get("reason").asText().contains("a page in place of an answer"));
    assertTrue(failed.getFirst().get("source").isNull());
    assertEquals(List.of(), paged("?limit=2&outcome=UNKNOWN"));
  }

  @Test
  void item_hasWhatTheContractNames() {
    var item = ana.results(id, "?limit=1").get("items").get(0);

    assertEquals(FOUND.getFirst(), item.get("number").asText());
    assertEquals(Person.operatorOf(FOUND.getFirst()), item.get("operator").asText());
    assertEquals("FOUND", item.get("outcome").asText());
    assertEquals("cache", item.get("source").asText());
    assertTrue(item.get("reason").isNull());
    assertNotNull(Instant.parse(item.get("at").asText()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NUMBERS.0.-1",
        "NUMBERS.-1.0",
        "INVALID.0.-1",
        "INVALID.-1.0",
        "OTHERS.0.0",
        "0.0.0",
        "NUMBERS.1",
        "NUMBERS.1.2.3",
        "NUMBERS.a.b",
        "NUMBERS.9999999999.0",
        ""
      })
  void cursor_thatWasNeverGiven_isRefused(String text) {
    var cursor =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(text.getBytes(StandardCharsets.UTF_8));

    assertEquals(
        "not a next_cursor of this list",
        reason(ana.api().get("/api/v1/files/" + id + "/results?cursor=" + cursor), "cursor"));
  }

  @Test
  void cursor_ofAListWithAnotherOutcome_isRefused() {
    var cursor = ana.results(id, "?limit=2&outcome=FOUND").get("next_cursor").asText();

    var path = "/api/v1/files/" + id + "/results?outcome=INVALID&cursor=" + cursor;

    assertEquals("not a next_cursor of this list", reason(ana.api().get(path), "cursor"));
  }

  private List<List<String>> downloaded(String accept, String query, String name)
      throws IOException {
    var answer = ana.api().bytes("/api/v1/files/" + id + "/results" + query, "Accept", accept);
    assertEquals(200, answer.statusCode());
    assertEquals(
        "attachment; filename=\"results-" + id + name.substring(name.indexOf('.')) + "\"",
        answer.headers().firstValue("Content-Disposition").orElse(""));
    var file = Files.write(folder.resolve(name), answer.body());
    var rows = new ArrayList<List<String>>();
    try (var table = Tables.open(file, name)) {
      for (var row = table.next(); row != null; row = table.next()) {
        rows.add(row.cells());
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "text/csv,r.csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,r.xlsx"
  })
  void download_readBack_isTheWholeFile(String accept, String name) throws IOException {
    var rows = downloaded(accept, "", name);

    assertEquals(
        List.of("number", "operator", "outcome", "source", "reason", "at"), rows.getFirst());
    var data = rows.subList(1, rows.size());
    assertEquals(
        ALL.stream()
            .map(text -> text.replace("=1+1", name.endsWith("csv") ? "'=1+1" : "=1+1"))
            .toList(),
        data.stream().map(List::getFirst).toList());
    assertEquals(
        List.of(FOUND.getFirst(), Person.operatorOf(FOUND.getFirst()), "FOUND", "cache", ""),
        data.getFirst().subList(0, 5));
  }

  @Test
  void download_byOutcome() throws IOException {
    var rows = downloaded("text/csv", "?outcome=INVALID", "r.csv");

    assertEquals(1 + INVALID.size(), rows.size());
  }

  @Test
  void download_withACursor_isRefused() {
    var answer = ana.api().get("/api/v1/files/" + id + "/results?limit=5", "Accept", "text/csv");

    assertTrue(reason(answer, "query").contains("there are outcome"));
  }

  @Test
  void mediaTypeThatIsNotGiven_is406() {
    assertEquals(
        406, ana.api().get("/api/v1/files/" + id + "/results", "Accept", "image/png").statusCode());
  }
}
