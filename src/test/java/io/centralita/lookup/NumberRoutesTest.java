package io.centralita.lookup;

import static io.centralita.lookup.Person.numbers;
import static io.centralita.lookup.Person.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.TestNode;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalNumbering;
import io.lettuce.core.SetArgs;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One number, asked by hand. */
final class NumberRoutesTest {
  private final Person ana = Person.fresh();

  @AfterEach
  void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  private JsonNode lookUp(String text) {
    var path = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    return ok(ana.api().get("/api/v1/numbers/" + path));
  }

  @Test
  void number_comesFromTheSource_thenTheCache_thenTheDatabase() {
    var number = numbers(1, PortalNumbering.Line.class::isInstance).getFirst();
    while (PortalNumbering.answerFor(Integer.parseInt(number)).operator().isEmpty()) {
      number = numbers(1, PortalNumbering.Line.class::isInstance).getFirst();
    }
    var line = (PortalNumbering.Line) PortalNumbering.answerFor(Integer.parseInt(number));

    var scraped = lookUp(number);
    assertEquals("scraping", scraped.get("source").asText());
    assertEquals(line.name(), scraped.get("name").asText());
    assertEquals(line.tradeName(), scraped.get("trade_name").asText());
    assertEquals(line.operatorId(), scraped.get("operator_id").asText());

    assertEquals("cache", lookUp(number).get("source").asText());

    TestNode.redis().del("phone:" + number);
    var stored = lookUp(number);
    assertEquals("database", stored.get("source").asText());
    assertEquals(line.operatorId(), stored.get("operator_id").asText());

    assertEquals(
        "cache", lookUp(number).get("source").asText(), "what is found below is written above");
    assertEquals(Person.operatorOf(number), lookUp(number).get("operator").asText());
    assertEquals(1, Person.asked(number));
  }

  @ParameterizedTest
  @CsvSource({"29,database,0", "31,scraping,1"})
  void storedAnswer_countsFor30Days(int days, String source, int asked) {
    lookUp(numbers(1).getFirst()); // so that there is an operator
    var number = numbers(1).getFirst();
    store(number, days);

    assertEquals(source, lookUp(number).get("source").asText());
    assertEquals(asked, Person.asked(number));
  }

  /** An answer of so many days ago, in the database alone. */
  private static void store(String number, int daysAgo) {
    TestNode.db()
        .update(
            "INSERT INTO lookup_results SELECT ?, min(id), now() - ? * interval '1 day' FROM operators",
            st -> {
              st.setInt(1, Integer.parseInt(number));
              st.setInt(2, daysAgo);
            })
        .toCompletableFuture()
        .join();
  }

  private static void assertAgo(Duration expected, JsonNode answer) {
    var age = Duration.between(Instant.parse(answer.get("at").asText()), Instant.now());
    assertTrue(age.minus(expected).abs().toSeconds() < 60, answer.toString());
  }

  @Test
  void cachedAnswer_saysWhenItWasGiven_notWhenItWasRead() {
    var asked = lookUp(numbers(1).getFirst()); // so that there is an operator
    var again = lookUp(asked.get("number").asText());
    var number = numbers(1).getFirst();
    store(number, 29);

    var stored = lookUp(number);
    var cached = lookUp(number);

    assertEquals("database", stored.get("source").asText());
    assertEquals("cache", cached.get("source").asText());
    assertAgo(Duration.ofDays(29), cached);
    assertEquals(86_400, TestNode.redis().ttl("phone:" + number), 60, "30 days from the answer");
    var late =
        Duration.between(
            Instant.parse(asked.get("at").asText()), Instant.parse(again.get("at").asText()));
    assertTrue(late.abs().toMillis() < 500, asked + " " + again);
  }

  @Test
  void cachedAnswer_ofAnotherProgram_wasGivenWhenItsTimeBegan() {
    var number = numbers(1).getFirst();
    TestNode.redis().set("phone:" + number, "Otro", SetArgs.Builder.ex(Duration.ofDays(10)));
    var endless = numbers(1).getFirst();
    TestNode.redis().set("phone:" + endless, "Otro");

    assertAgo(Duration.ofDays(20), lookUp(number));
    assertAgo(Duration.ZERO, lookUp(endless));
    assertEquals("Otro", TestNode.redis().get("phone:" + number));
  }

  @Test
  void cachedWordForNobody_isNoAnswer() {
    var number = numbers(1).getFirst();
    TestNode.redis().set("phone:" + number, "Desconocido");

    assertEquals("scraping", lookUp(number).get("source").asText());
  }

  @Test
  void cachedOperator_thatNoAnswerHasNamed_isTaken() {
    var number = numbers(1).getFirst();
    TestNode.redis().set("phone:" + number, "Operador de otro sistema");

    var answer = lookUp(number);

    assertEquals("cache", answer.get("source").asText());
    assertEquals("Operador de otro sistema", answer.get("operator").asText());
    assertEquals(0, Person.asked(number));
  }

  @ParameterizedTest
  @CsvSource({"+34", "0034", "34", "+34 ", "0034 "})
  void prefixes_areUnderstood(String prefix) {
    var number = numbers(1).getFirst();

    assertEquals(number, lookUp(prefix + number).get("number").asText());
  }

  @ParameterizedTest
  @CsvSource({"912345678,landline", "hola,contains letters", "+33612345678,foreign number (+33)"})
  void whatIsNoMobileNumber_isAnsweredAsInvalid(String text, String reason) {
    var answer = lookUp(text);

    assertEquals("INVALID", answer.get("outcome").asText());
    assertEquals(text, answer.get("number").asText());
    assertEquals(reason, answer.get("reason").asText());
    assertTrue(answer.get("source").isNull());
  }

  @Test
  void unknown_isAnsweredAsSuch_andAskedAnewNextTime() {
    var number = Person.numberAnswered("Desconocido");

    var answer = lookUp(number);
    lookUp(number);

    assertEquals("UNKNOWN", answer.get("outcome").asText());
    assertTrue(answer.get("operator").isNull());
    assertEquals(2, Person.asked(number));
  }

  @Test
  void sourceThatFails_isToldAsFailed() {
    TestNode.PORTAL.faults(Faults.NONE.with(Faults.Kind.FORBIDDEN, 1));

    var answer = lookUp(numbers(1).getFirst());

    assertEquals("FAILED", answer.get("outcome").asText());
    assertTrue(answer.get("reason").asText().contains("403"));
  }
}
