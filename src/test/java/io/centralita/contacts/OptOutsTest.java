package io.centralita.contacts;

import static io.centralita.OpenApi.json;
import static io.centralita.OpenApi.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.access.Scope;
import io.centralita.contacts.OptOuts.Order;
import io.centralita.contacts.OptOuts.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class OptOutsTest {
  private static final String CONTACTS = "/api/v1/contacts";
  private static final Order ORDER = new Order("LIST", "asked", "ana");

  private static ContactsServer server;

  @BeforeAll
  static void start() throws Exception {
    var store = new Store().fill(3_000);
    server = new ContactsServer(store);
  }

  @AfterAll
  static void stop() throws Exception {
    try (var connection = server.store.connect()) {
      connection.setAutoCommit(false);
      var sum = ContactCheck.run(connection, _ -> {}, new AtomicBoolean(true));
      assertTrue(sum.sound(), sum::toString); // whatever the tests did
    }
    server.close();
  }

  private static long optedOut() {
    return json(server.admin.get(CONTACTS + "/count?opted_out=true")).path("count").asLong();
  }

  private static JsonNode optOut(String number, String body) {
    var answer = server.admin.post(CONTACTS + "/" + number + "/opt-out", body);
    assertEquals(200, answer.statusCode(), answer.body());
    return json(answer);
  }

  private static List<Long> free(int from, int count) {
    return Store.done(
        server.store.db.query(
            "SELECT phone FROM contacts WHERE opt_out_at IS NULL AND kind = 1 ORDER BY phone"
                + " OFFSET "
                + from
                + " LIMIT "
                + count,
            _ -> {},
            row -> row.getLong(1)));
  }

  @Test
  void contact_optedOut_isSaidEverywhereAndForEver() {
    server.store.person(525511112222L, "Eva Uno");
    server.store.count();
    var before = optedOut();

    var first = optOut("5511112222", "{\"reason\":\"called\",\"method\":\"TELEPHONE\"}");
    var again = optOut("+525511112222", "{\"reason\":\"other\",\"method\":\"SMS\"}");

    assertFalse(first.path("repeated").asBoolean());
    assertTrue(again.path("repeated").asBoolean());
    assertEquals(first.path("opt_out_at"), again.path("opt_out_at"));
    assertEquals("called", again.path("reason").asText());
    assertEquals(before + 1, optedOut());
    var one = json(server.admin.get(CONTACTS + "/5511112222"));
    assertEquals("OPTED_OUT", one.path("status").asText());
    assertEquals("TELEPHONE", one.path("opt_out").path("method").asText());
    assertEquals(1, one.path("history").size());
    var change = one.path("history").path(0);
    assertEquals("admin", change.path("by").asText());
    assertEquals("VERIFIED", change.path("before").path("status").asText());
    assertEquals("OPTED_OUT", change.path("after").path("status").asText());
  }

  @Test
  void number_thatIsNoContact_isRememberedAllTheSame() {
    var answer = optOut("5599998888", "{}");

    assertFalse(answer.path("repeated").asBoolean());
    assertEquals(1, server.store.count("SELECT count(*) FROM opt_outs WHERE phone = 525599998888"));
    assertEquals(404, server.admin.get(CONTACTS + "/5599998888").statusCode());
  }

  @Test
  void oneNumber_byAnyKeyAndWithoutABody_isOptedOut() {
    var plain = server.user("pia", Scope.USER);

    assertEquals(200, plain.send("POST", CONTACTS + "/+525544443333/opt-out", null).statusCode());
    assertEquals(
        403, plain.post("/api/v1/opt-outs", "{\"numbers\":[\"5544443333\"]}").statusCode());
    assertEquals(
        400,
        server
            .admin
            .post(CONTACTS + "/+525544443333/opt-out", "{\"method\":\"a b\"}")
            .statusCode());
    assertEquals(400, server.admin.post(CONTACTS + "/12/opt-out", "{}").statusCode());
    assertEquals(401, server.admin.withKey(null).post(CONTACTS + "/12/opt-out", "{}").statusCode());
  }

  @Test
  void list_ofText_tellsWhatBecameOfEachLine() {
    var phones = free(0, 2);
    var text =
        "\uFEFFtelefono;nombre\r\n"
            + phones.getFirst()
            + ";x\r\n\r\n\"+"
            + phones.getLast()
            + "\"\r\n+525577776666\r\n+525577776666\r\nnobody\r\n";

    var answer =
        json(
            server.admin.upload(
                "/api/v1/opt-outs?method=LIST&reason=May",
                "text/csv",
                text.getBytes(StandardCharsets.UTF_8)));

    assertEquals(5, answer.path("lines").asInt(), answer.toString());
    assertEquals(3, answer.path("opted_out").asInt());
    assertEquals(2, answer.path("contacts").asInt());
    assertEquals(1, answer.path("refused").asInt());
    assertEquals(7, answer.path("refusals").path(0).path("line").asInt());
    assertFalse(answer.toString().contains("nobody"));
    var again =
        json(
            server.admin.post("/api/v1/opt-outs", "{\"numbers\":[\"" + phones.getFirst() + "\"]}"));
    assertEquals(1, again.path("repeated").asInt());
    assertEquals(0, again.path("opted_out").asInt());
  }

  @Test
  void list_thatCannotBeTaken_isRefused() {
    for (var body :
        List.of("{\"numbers\":[]}", "{}", "{\"numbers\":[5]}", "{\"numbers\":[\"1\"],\"x\":1}")) {
      problem(server.admin.post("/api/v1/opt-outs", body));
    }
    var html = server.admin.send("POST", "/api/v1/opt-outs", "x", "Content-Type", "text/html");
    assertEquals(415, html.statusCode());
    var hostile =
        server.admin.post(
            CONTACTS + "/5533332222/opt-out",
            "{\"reason\":\"'); DELETE FROM opt_outs; --\",\"method\":\"x\"}");
    assertEquals(200, hostile.statusCode());
    assertTrue(server.store.count("SELECT count(*) FROM opt_outs") > 0);
    assertEquals(
        400,
        server
            .admin
            .post(CONTACTS + "/5533332222/opt-out", "{\"reason\":\"a\\u0000\"}")
            .statusCode());
  }

  @Test
  void optOut_whileAnImportStoresItsContacts_waitsForIt() throws Exception {
    var optOuts = new OptOuts(server.store.db);
    var phone = free(50, 1).getFirst();
    try (var importing = server.store.connect()) {
      importing.setAutoCommit(false);
      ContactLocks.exclusive(importing);

      var waiting = optOuts.record(List.of(phone), ORDER).toCompletableFuture();
      while (server.store.count(
              "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
          == 0) {
        Thread.onSpinWait();
      }
      assertFalse(waiting.isDone());
      importing.commit();

      assertEquals(new Outcome(1, 1, 0), waiting.join());
    }
  }

  @Test
  void sameList_twiceAtOnce_isCountedOnce() {
    var optOuts = new OptOuts(server.store.db);
    var phones = free(200, 1_000);
    var reversed = phones.reversed();
    var before = optedOut();

    var one = optOuts.record(phones, ORDER).toCompletableFuture();
    var other = optOuts.record(reversed, ORDER).toCompletableFuture();

    var sum = one.join().and(other.join());
    assertEquals(new Outcome(1_000, 1_000, 1_000), sum);
    assertTrue(optedOut() >= before + 1_000);
    var history =
        server.store.count(
            "SELECT count(DISTINCT phone) FROM contact_changes WHERE phone IN ("
                + phones.stream().map(String::valueOf).collect(Collectors.joining(","))
                + ")");
    assertEquals(1_000, history);
  }

  @Test
  void list_longerThanATransaction_isTakenWhole() {
    var numbers = LongStream.range(0, 25_000).map(i -> 526560000000L + i).boxed().toList();

    var outcome = Store.done(new OptOuts(server.store.db).record(numbers, ORDER));

    assertEquals(new Outcome(25_000, 0, 0), outcome);
  }
}
