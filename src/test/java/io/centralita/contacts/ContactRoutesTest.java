package io.centralita.contacts;

import static io.centralita.OpenApi.json;
import static io.centralita.OpenApi.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.access.Scope;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ContactRoutesTest {
  private static final String CONTACTS = "/api/v1/contacts";
  private static final int PEOPLE = 2_000;
  private static final List<String> HOSTILE =
      List.of(
          "'; DROP TABLE contacts; --",
          "' OR '1'='1",
          "x' | 'y",
          "a & !b <-> c:*",
          "\\",
          "%_%",
          "\u0000",
          "𝒜\uD83D\uDE00\u202E",
          "$1 ? {0} %s",
          "x".repeat(199));

  private static ContactsServer server;

  @BeforeAll
  static void start() throws Exception {
    var store = new Store().fill(PEOPLE);
    store.person(525512345678L, "=María \"la Güera\" Núñez");
    store.sql(
        """
        UPDATE contacts SET state = 9, city = 1, lada = 55, address = '@Calle 5', original = '55-1234'
        WHERE phone = 525512345678
        """);
    store.count();
    server = new ContactsServer(store);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode ok(String path) {
    var answer = server.admin.get(path);
    assertEquals(200, answer.statusCode(), answer.body());
    return json(answer);
  }

  private static long count(String query) {
    return ok(CONTACTS + "/count" + (query.isEmpty() ? "" : "?" + query)).path("count").asLong();
  }

  @Test
  void list_ofAll_givesEachOnce() {
    var seen = new HashSet<String>();
    var pages = 0;
    var cursor = "";
    do {
      var page = ok(CONTACTS + "?limit=300" + cursor);
      page.path("items").forEach(one -> assertTrue(seen.add(one.path("phone_e164").asText())));
      cursor =
          page.path("next_cursor").isNull() ? "" : "&cursor=" + page.path("next_cursor").asText();
      pages++;
    } while (!cursor.isEmpty());
    assertEquals(PEOPLE + 1, seen.size());
    assertEquals(7, pages);
    assertEquals(PEOPLE + 1, count(""));
  }

  @Test
  void one_byAnyFormOfItsNumber_isWhole() {
    for (var path : List.of("+525512345678", "%2B525512345678", "5512345678")) {
      var one = ok(CONTACTS + "/" + path);
      assertEquals("+525512345678", one.path("phone_e164").asText());
      assertEquals("5512345678", one.path("phone_national").asText());
      assertEquals("CDMX", one.path("state_code").asText());
      assertEquals("Ciudad de México", one.path("state_name").asText());
      assertEquals("55", one.path("lada").asText());
      assertEquals("City 1", one.path("city").asText());
      assertTrue(one.path("carrier").isNull() && one.path("municipality").isNull());
      assertEquals("VERIFIED", one.path("status").asText());
      assertEquals(0, one.path("history").size());
    }
    assertEquals(404, server.admin.get(CONTACTS + "/5512345679").statusCode());
    assertEquals(400, server.admin.get(CONTACTS + "/12345").statusCode());
    assertEquals(400, server.admin.get(CONTACTS + "/%00").statusCode());
  }

  @Test
  void places_asPeopleTypeThem_areFound() {
    var all = count("state=CDMX");
    assertTrue(all > 0);
    for (var name :
        List.of("cdmx", "Ciudad de Mexico", "CIUDAD DE MÉXICO", "DF", "Ciudda de México", "9")) {
      assertEquals(all, count("state=" + encoded(name)), name);
    }
    assertEquals(count("state=MEX"), count("state=Edo.+Mex."));
    assertEquals(count("city=City+17"), count("city=ctiy+17"));
  }

  @Test
  void places_thatAreNot_areToldWithTheNearest() {
    for (var query :
        List.of("state=Jalixxo", "city=Citi+10000", "municipality=Municipia", "carrier=Carriage")) {
      var answer = server.admin.get(CONTACTS + "?" + query);
      assertEquals(404, answer.statusCode(), answer.body());
      var problem = problem(answer);
      assertEquals(5, problem.path("suggestions").size(), answer.body());
      assertEquals(
          query.substring(0, query.indexOf('=')),
          problem.path("errors").path(0).path("field").asText());
    }
    var jalisco = problem(server.admin.get(CONTACTS + "/count?state=Jalixxo"));
    assertEquals("Jalisco", jalisco.path("suggestions").path(0).asText());
    // one letter could be wrong in many ways
    assertEquals(404, server.admin.get(CONTACTS + "?city=City+x").statusCode());
  }

  @Test
  void municipality_ofSeveralStates_isOneWhereTheStateIsSaid() {
    var shared =
        server.store.count(
            "SELECT min(id) FROM municipalities GROUP BY key HAVING count(*) > 1 LIMIT 1");
    var name =
        Store.done(
                server.store.db.queryOne(
                    "SELECT name FROM municipalities WHERE id = " + shared,
                    _ -> {},
                    row -> row.getString(1)))
            .orElseThrow();
    var both =
        server.store.count(
            "SELECT count(*) FROM contacts c JOIN municipalities m ON m.id = c.municipality"
                + " WHERE m.name = '"
                + name
                + "'");
    assertEquals(both, count("municipality=" + encoded(name)));
    var items = ok(CONTACTS + "?limit=1000&municipality=" + encoded(name)).path("items");
    assertEquals(both, items.size());
  }

  @Test
  void parameters_thatCannotBeMeant_areNamed() {
    for (var query :
        List.of(
            "color=red",
            "state=",
            "state=..",
            "lada=5",
            "lada=abc",
            "mobile=yes",
            "opted_out=1",
            "last_sent=always",
            "last_sent_before=yesterday",
            "last_sent_after=2026-13-01",
            "sends_min=-1",
            "sends_min=3&sends_max=2",
            "q=de+la",
            "q=ab*",
            "q=a*b",
            "q=" + "x".repeat(300),
            "limit=0",
            "limit=1001",
            "cursor=abc",
            "state=JAL&state=NL")) {
      var answer = server.admin.get(CONTACTS + "?" + query);
      assertEquals(400, answer.statusCode(), query);
      var field = problem(answer).path("errors").path(0).path("field").asText();
      assertTrue(query.contains(field) || field.equals("query"), query + " " + field);
    }
    var unknown = problem(server.admin.get(CONTACTS + "/count?color=red"));
    assertTrue(unknown.path("detail").asText().contains("municipality"), unknown.toString());
  }

  @Test
  void search_findsWordsInAnyOrderAndBeginnings() {
    assertEquals(1, count("q=" + encoded("NUÑEZ maria")));
    assertEquals(1, count("q=" + encoded("güe* la núñez")));
    assertEquals(0, count("q=" + encoded("nunez pedro")));
    assertEquals(1, ok(CONTACTS + "?q=nun*&state=CDMX").path("items").size());
  }

  @Test
  void hostileText_inEveryField_isOnlyText() {
    for (var text : HOSTILE) {
      for (var field : List.of("state", "city", "municipality", "carrier", "q", "cursor", "lada")) {
        var answer = server.admin.get(CONTACTS + "?" + field + "=" + encoded(text));
        assertTrue(
            List.of(200, 400, 404).contains(answer.statusCode()), field + " " + answer.body());
        assertEquals(
            answer.statusCode() != 200,
            !answer.body().startsWith("{\"items\":["),
            field + answer.body());
      }
      assertTrue(
          List.of(200, 400)
              .contains(
                  server.admin.get("/api/v1/places/suggest?q=" + encoded(text)).statusCode()));
      var number = server.admin.get(CONTACTS + "/" + encoded(text).replace("+", "%20"));
      assertTrue(List.of(400, 404).contains(number.statusCode()), number.body());
    }
    assertEquals(PEOPLE + 1, server.store.count("SELECT count(*) FROM contacts"));
  }

  @Test
  void csv_ofASelection_isWholeAndNoFormula() {
    var answer = server.admin.get(CONTACTS + "?state=CDMX", "Accept", "text/csv");
    assertEquals(200, answer.statusCode());
    var lines = new ArrayList<>(answer.body().lines().toList());
    assertEquals(ContactExport.HEADER, List.of(lines.removeFirst().split(",", -1)));
    assertEquals(count("state=CDMX"), lines.size());
    var one =
        lines.stream().filter(line -> line.startsWith("+525512345678")).findFirst().orElseThrow();
    assertTrue(one.contains(",\"'=María \"\"la Güera\"\" Núñez\",'@Calle 5,"), one);
    assertEquals(400, server.admin.get(CONTACTS + "?limit=5", "Accept", "text/csv").statusCode());
    assertEquals(404, server.admin.get(CONTACTS + "?city=zzz", "Accept", "text/csv").statusCode());
    assertEquals(406, server.admin.get(CONTACTS, "Accept", "image/png").statusCode());
  }

  @Test
  void suggestions_beginWithWhatWasTyped() {
    var items = ok("/api/v1/places/suggest?q=chih&kind=state").path("items");
    assertEquals("Chihuahua", items.path(0).path("name").asText());
    var municipality = ok("/api/v1/places/suggest?q=Municipio+13+0").path("items").path(0);
    assertEquals("municipality", municipality.path("kind").asText());
    assertFalse(municipality.path("state").isNull());
    assertEquals(400, server.admin.get("/api/v1/places/suggest?q=a&kind=planet").statusCode());
    assertEquals(400, server.admin.get("/api/v1/places/suggest").statusCode());
  }

  @Test
  void keys_ofAnotherScope_seeNoContacts() {
    var plain = server.user("pablo", Scope.USER);
    var reader = server.user("rosa", Scope.CONTACTS);
    for (var path :
        List.of("", "/count", "/5512345678", "/../places/suggest?q=a", "/../segments")) {
      var clean = path.startsWith("/..") ? "/api/v1" + path.substring(3) : CONTACTS + path;
      assertEquals(403, plain.get(clean).statusCode(), clean);
      assertEquals(200, reader.get(clean).statusCode(), clean);
      assertEquals(401, server.admin.withKey(null).get(clean).statusCode(), clean);
    }
    assertEquals(403, reader.send("POST", CONTACTS + "/check", null).statusCode());
  }

  @Test
  void check_ofARightStore_isSound_andOfAWrongOneIsNot() throws Exception {
    try (var other = new ContactsServer(new Store().fill(500))) {
      var sound = json(other.admin.send("POST", CONTACTS + "/check", null));
      assertEquals(16, sound.path("parts").size());
      assertTrue(sound.path("result").path("sound").asBoolean(), sound.toString());
      assertEquals(500, sound.path("result").path("contacts").asInt());

      other.store.sql(
          "UPDATE contact_counts SET n = n + 1 WHERE (state, city, lada, municipality, kind, opted_out, held) = (SELECT state, city, lada, municipality, kind, opted_out, held FROM contact_counts LIMIT 1)");
      var counter = json(other.admin.send("POST", CONTACTS + "/check", null)).path("result");
      assertEquals(1, counter.path("counts_wrong").asInt());
      assertFalse(counter.path("sound").asBoolean());

      other.store.count();
      other.store.sql(
          "UPDATE contacts SET words = 'x' WHERE phone = (SELECT min(phone) FROM contacts)",
          "DELETE FROM opt_outs WHERE phone = (SELECT min(phone) FROM opt_outs)");
      var parts = json(other.admin.send("POST", CONTACTS + "/check", null)).path("parts");
      assertEquals(1, parts.findValues("words").stream().mapToInt(JsonNode::asInt).sum());
      assertEquals(1, parts.findValues("opt_outs").stream().mapToInt(JsonNode::asInt).sum());
    }
  }
}
