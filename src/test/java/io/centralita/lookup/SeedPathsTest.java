package io.centralita.lookup;

import static io.centralita.lookup.Person.numbers;
import static io.centralita.lookup.Person.ok;
import static io.centralita.lookup.Person.operatorOf;
import static io.centralita.lookup.Person.reason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalNumbering;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The older API's six paths, word for word. */
final class SeedPathsTest {
  private final Person ana = Person.fresh();

  @AfterEach
  void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  private void slowPortal() {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(150, 150));
  }

  private long processed(String file, List<String> numbers) {
    ok(ana.process(file, numbers));
    return ana.listed().get(0).get("id").asLong();
  }

  @Test
  void process_answersThatTheWorkBegan() {
    var answer = ana.process("enero.xlsx", numbers(1));

    assertEquals(
        "{\"code\":200,\"status\":\"OK\",\"message\":\"Proceso activado.\"}", answer.body());
    assertEquals(200, answer.statusCode());
  }

  @Test
  void process_userThatIsNew_isMade() {
    var name = TestNode.newUser();

    ok(
        TestNode.admin()
            .post(
                "/process/",
                "{\"user\":\"%s\",\"file\":\"a\",\"number\":[\"600000001\"]}".formatted(name)));

    assertEquals(1, TestNode.count("SELECT count(*) FROM users WHERE name = '" + name + "'"));
  }

  @Test
  void consult_givesTheFileAndTheOperatorsFound() {
    var numbers = numbers(3);
    var unknown = Person.numberAnswered("No existe");
    var id =
        processed("enero.xlsx", List.of(numbers.get(0), numbers.get(1), numbers.get(2), unknown));
    ana.completed(id);

    var answer = ok(ana.seed("/consult/", ",\"id\":" + id));

    assertEquals("[code, status, message, nameFile, data]", fields(answer));
    assertEquals("Proceso completado", answer.get("message").asText());
    assertEquals("enero.xlsx", answer.get("nameFile").asText());
    var data = answer.get("data");
    assertEquals("[total, proces, subido, list]", fields(data));
    assertEquals(4, data.get("total").asInt());
    assertEquals(4, data.get("proces").asInt());
    assertEquals(4, data.get("subido").asInt());
    var found = new HashMap<String, String>();
    data.get("list")
        .forEach(item -> found.put(item.get("number").asText(), item.get("operator").asText()));
    assertEquals(numbers.stream().collect(Collectors.toMap(n -> n, Person::operatorOf)), found);
  }

  @Test
  void consult_saysTheStateInWords() {
    slowPortal();
    var id = processed("estado.csv", numbers(50));

    assertEquals("Proceso activo", message(id));
    ok(ana.seed("/pause/", ",\"file\":\"estado.csv\""));
    assertEquals("Proceso pendiente", message(id));
  }

  private String message(long id) {
    return ok(ana.seed("/consult/", ",\"id\":" + id)).get("message").asText();
  }

  @Test
  void filterData_listsTheFiles_theNewestFirst_countedFrom001() {
    var first = processed("uno.csv", numbers(2));
    ana.completed(first);
    slowPortal();
    ok(ana.process("dos.csv", numbers(2)));

    var files = ana.listed();

    assertEquals(2, files.size());
    assertEquals(
        "[id, file, total, progres, conse, created, finish, active, status, status_display, progress_percentage]",
        fields(files.get(0)));
    assertEquals("dos.csv 002 processing Procesando", summary(files.get(0)));
    assertTrue(files.get(0).get("active").asBoolean());
    assertTrue(files.get(0).get("finish").isNull());
    assertEquals(0, files.get(0).get("progress_percentage").asDouble());
    assertEquals("uno.csv 001 completed Completado", summary(files.get(1)));
    assertFalse(files.get(1).get("active").asBoolean());
    assertFalse(files.get(1).get("finish").isNull());
    assertEquals(100, files.get(1).get("progress_percentage").asDouble());
  }

  private static String summary(JsonNode file) {
    return List.of("file", "conse", "status", "status_display").stream()
        .map(field -> file.get(field).asText())
        .collect(Collectors.joining(" "));
  }

  @Test
  void filterData_moreFilesThanOneReading_givesThemAll() {
    ok(ana.process("one", numbers(1)));
    TestNode.db()
        .update(
            """
            INSERT INTO files (user_id, name, conse)
            SELECT id, 'more-' || n, n + 1 FROM users, generate_series(1, 1100) n WHERE name = ?
            """,
            st -> st.setString(1, ana.name()))
        .toCompletableFuture()
        .join();

    var files = ana.listed();

    assertEquals(1101, files.size());
    var ids = files.findValuesAsText("id").stream().map(Long::valueOf).toList();
    assertEquals(ids.stream().sorted((a, b) -> Long.compare(b, a)).distinct().toList(), ids);
  }

  @Test
  void filterData_userWithoutFiles_givesNone() {
    assertEquals("{\"data\":[]}", ana.seed("/filter_data/", "").body());
  }

  @Test
  void pause_stopsTheFile() {
    slowPortal();
    var id = processed("largo.csv", numbers(200));

    var answer = ana.seed("/pause/", ",\"file\":\"largo.csv\"");

    assertEquals("{\"code\":200,\"status\":\"OK\",\"message\":\"Proceso pausado\"}", answer.body());
    var file = ana.view(id);
    assertFalse(file.get("active").asBoolean());
    assertEquals(ana.name(), file.get("paused").get("by").asText());
  }

  @Test
  void remove_takesTheFileWithItsResults() {
    var numbers = numbers(2);
    var id = processed("adios.csv", numbers);
    ana.completed(id);

    var answer = ana.seed("/remove/", ",\"id\":" + id);

    assertEquals(
        "{\"code\":200,\"status\":\"OK\",\"message\":\"Base eliminada correctamente\"}",
        answer.body());
    assertEquals(0, ana.listed().size());
    assertEquals(404, ana.seed("/consult/", ",\"id\":" + id).statusCode());
    assertEquals(0, TestNode.count("SELECT count(*) FROM file_windows WHERE file_id = " + id));
    assertEquals(
        2,
        TestNode.count(
            "SELECT count(*) FROM lookup_results WHERE number IN ("
                + String.join(",", numbers)
                + ")"),
        "what was found out stays known");
  }

  @Test
  void phoneConsult_givesThePortalsOperator() {
    var number =
        numbers(
                1,
                answer ->
                    answer instanceof PortalNumbering.Line line && line.operatorId().equals("7"))
            .getFirst();
    var line = (PortalNumbering.Line) PortalNumbering.answerFor(Integer.parseInt(number));

    var answer = ana.seed("/phone/consult/", ",\"phone\":\"%s\"".formatted(number));

    assertEquals("{\"data\":[200," + line.json() + "]}", answer.body());
  }

  @Test
  void phoneConsult_lineOfThePortalsOwn_isDigi() {
    var number = numbers(1, PortalNumbering.OwnLine.class::isInstance).getFirst();

    var pair = ok(ana.seed("/phone/consult/", ",\"phone\":\"%s\"".formatted(number))).get("data");

    assertEquals(200, pair.get(0).asInt());
    assertEquals("DIGI SPAIN TELECOM, S.L.", pair.get(1).get("name").asText());
    assertEquals("DIGI SPAIN TELECOM, S.L.", pair.get(1).get("tradeName").asText());
    assertTrue(pair.get(1).get("operatorId").isNull());
  }

  @Test
  void phoneConsult_noOperator_is404InThePair() {
    var number = Person.numberAnswered("No existe");

    var pair = ok(ana.seed("/phone/consult/", ",\"phone\":\"%s\"".formatted(number))).get("data");

    assertEquals(404, pair.get(0).asInt());
    assertTrue(pair.get(1).get("message").asText().contains("No existe"));
  }

  @Test
  void phoneConsult_sourceThatFails_is502InThePair() {
    TestNode.PORTAL.faults(Faults.NONE.with(Faults.Kind.SERVER_ERROR, 1));

    var pair =
        ok(ana.seed("/phone/consult/", ",\"phone\":\"%s\"".formatted(numbers(1).getFirst())))
            .get("data");

    assertEquals(502, pair.get(0).asInt());
    assertTrue(pair.get(1).get("message").asText().contains("3 tries"), pair.toString());
  }

  @Test
  void phoneConsult_notAMobileNumber_isRefused() {
    assertEquals(
        "landline", reason(ana.seed("/phone/consult/", ",\"phone\":\"912345678\""), "phone"));
  }

  @Test
  void paths_workWithAndWithoutTheirLastSlash() {
    var id = processed("barra.csv", numbers(1));
    ana.completed(id);
    var number = numbers(1).getFirst();

    for (var slash : List.of("", "/")) {
      ok(ana.seed("/filter_data" + slash, ""));
      ok(ana.seed("/consult" + slash, ",\"id\":" + id));
      ok(ana.seed("/phone/consult" + slash, ",\"phone\":\"" + number + "\""));
      ok(ana.seed("/process" + slash, ",\"file\":\"x" + slash.length() + "\",\"number\":[\"1\"]"));
      assertEquals(404, ana.seed("/pause" + slash, ",\"file\":\"none\"").statusCode());
      assertEquals(404, ana.seed("/remove" + slash, ",\"id\":999999999").statusCode());
    }
  }

  @Test
  void paths_otherMethods_are405() {
    for (var path :
        List.of(
            "/process/", "/consult/", "/filter_data/", "/pause/", "/remove/", "/phone/consult/")) {
      var answer = ana.api().get(path);

      assertEquals(405, answer.statusCode(), path);
      assertEquals("POST", answer.headers().firstValue("Allow").orElse(""), path);
    }
  }

  @Test
  void process_withoutNumbersThatAreNumbers_isCompletedAtOnce() {
    var id = processed("nada.csv", List.of("912345678", "hola"));

    var file = ana.view(id);

    assertEquals("completed", file.get("status").asText());
    assertEquals(0, file.get("total").asInt());
    assertEquals(2, file.get("subido").asInt());
    assertEquals(100, file.get("progress_percentage").asDouble());
    assertEquals(2, file.get("outcomes").get("INVALID").asInt());
  }

  @Test
  void operatorsFound_areTheTradeName_elseTheName() {
    var numbers = numbers(12);
    var id = processed("nombres.csv", numbers);
    ana.completed(id);

    var list = ok(ana.seed("/consult/", ",\"id\":" + id)).get("data").get("list");

    for (var item : list) {
      assertEquals(operatorOf(item.get("number").asText()), item.get("operator").asText());
    }
    assertEquals(12, list.size());
  }

  private static String fields(JsonNode object) {
    return OpenApi.names(object).toString();
  }
}
