package io.centralita.simulators;

import static io.centralita.simulators.ValidatorClient.body;
import static io.centralita.simulators.ValidatorClient.json;
import static io.centralita.simulators.ValidatorClient.results;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Platform;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValidatorSimulatorTest {
  private static final long NUMBER = 525_512_345_678L;

  private final ValidatorSimulator validators =
      ValidatorSimulator.start(ValidatorSimulator.Options.LOOPBACK);
  private final ValidatorClient client = new ValidatorClient(validators);

  @AfterEach
  void stop() {
    client.close();
    validators.close();
  }

  @ParameterizedTest
  @EnumSource(Platform.class)
  void check_batch_answersTheTruthInOrder(Platform platform) throws Exception {
    var numbers = LongStream.range(NUMBER, NUMBER + 25).toArray();

    var answer = client.check(platform, numbers);

    assertEquals(200, answer.statusCode());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    var results = results(answer);
    assertEquals(25, results.size());
    for (var i = 0; i < 25; i++) {
      var result = results.get(i);
      var truth = validators.truth(platform, numbers[i]);
      assertEquals(PhoneNumbers.e164(numbers[i]), result.get("number").textValue());
      assertEquals(truth.name(), result.get("status").textValue());
      assertEquals(
          truth != ValidatorTruth.Status.NOT_FOUND, result.get("details").has("last_seen_days"));
      assertTrue(!result.has("retry_after_s"));
    }
  }

  @Test
  void check_withoutTheToken_is401_andAsksNothing() throws Exception {
    var answer = client.post(Platform.APPLE, "guessed", body(NUMBER));

    assertEquals(401, answer.statusCode());
    assertEquals(401, json(answer).get("status").intValue());
    assertEquals(new Calls(0, 0), validators.calls(ValidatorService.APPLE, NUMBER));
    assertEquals(1, validators.stats(ValidatorService.APPLE).unauthorized());
  }

  @Test
  void check_moreThanABatch_is413() throws Exception {
    validators.faults(ValidatorFaults.NONE.withBatchSize(2));

    assertEquals(200, client.check(Platform.GOOGLE, NUMBER, NUMBER + 1).statusCode());
    var refused = client.check(Platform.GOOGLE, NUMBER, NUMBER + 1, NUMBER + 2);

    assertEquals(413, refused.statusCode());
    assertEquals("a batch has at most 2 numbers", json(refused).get("detail").textValue());
    assertEquals(2, validators.stats(ValidatorService.GOOGLE).asked());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"numbers\":[]}",
        "{\"numbers\":null}",
        "{\"numbers\":[null]}",
        "{\"numbers\":[525512345678]}",
        "{\"numbers\":[\"5512345678\"]}",
        "{\"number\":\"+525512345678\"}"
      })
  void check_bodyThatIsNone_is400(String body) throws Exception {
    var refused = client.post(Platform.GOOGLE, "demo", body);

    assertEquals(400, refused.statusCode());
    assertTrue(json(refused).has("detail"));
    assertEquals(1, validators.stats(ValidatorService.GOOGLE).refused());
  }

  @Test
  void check_overTheRate_is429OfThatServiceAlone() throws Exception {
    validators.faults(ValidatorFaults.NONE.withRequestsPerSecond(0.1));
    assertEquals(200, client.check(Platform.FACEBOOK, NUMBER).statusCode());

    var refused = client.check(Platform.FACEBOOK, NUMBER);

    assertEquals(429, refused.statusCode());
    var seconds = Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow());
    assertTrue(seconds >= 8 && seconds <= 10, () -> seconds + " s");
    assertEquals(200, client.check(Platform.APPLE, NUMBER).statusCode());
    assertEquals(new Calls(1, 1), validators.calls(ValidatorService.FACEBOOK, NUMBER));
    assertEquals(1, validators.stats(ValidatorService.FACEBOOK).rateLimited());
  }

  @Test
  void unknownPaths_are404() throws Exception {
    assertEquals(404, client.get("/", "none").statusCode());
    assertEquals(404, client.get("/telegram/check", "none").statusCode());
    assertEquals(404, client.get("/whatsapp/check", "Bearer demo").statusCode());
  }

  @Test
  void counts_ofEachService_tellWhatWasAskedAgain() throws Exception {
    client.check(Platform.WHATSAPP, NUMBER, NUMBER + 1);
    client.check(Platform.WHATSAPP, NUMBER);
    client.check(Platform.APPLE, NUMBER);

    var whatsapp = validators.stats(ValidatorService.WHATSAPP);
    assertEquals(2, whatsapp.calls());
    assertEquals(3, whatsapp.asked());
    assertEquals(3, whatsapp.answered());
    assertEquals(2, whatsapp.numbers());
    assertEquals(1, whatsapp.again());
    assertEquals(0, validators.stats(ValidatorService.APPLE).again());
    assertEquals(
        Map.of(NUMBER, new Calls(2, 2), NUMBER + 1, new Calls(1, 1)),
        validators.calls(ValidatorService.WHATSAPP));
    assertEquals(1, validators.stats().connections());
  }

  @Test
  void counts_ofMoreNumbersThanAreRemembered_sayHowManyAreMissing() throws Exception {
    var forgetful = ValidatorSimulator.Options.LOOPBACK.withRemembered(2);
    try (var few = ValidatorSimulator.start(forgetful);
        var asking = new ValidatorClient(few)) {
      asking.check(Platform.WHATSAPP, NUMBER, NUMBER + 1, NUMBER + 2, NUMBER);

      var stats = few.stats(ValidatorService.WHATSAPP);
      assertEquals(4, stats.asked());
      assertEquals(2, stats.numbers());
      assertEquals(1, stats.again());
      assertEquals(1, stats.uncounted());
    }
  }

  @Test
  void start_anotherTokenAndSeed_areDemandedAndTold() throws Exception {
    var options = ValidatorSimulator.Options.LOOPBACK.withToken("secret").withSeed(7);
    try (var other = ValidatorSimulator.start(options);
        var asking = new ValidatorClient(other)) {
      assertEquals(401, asking.check(Platform.GOOGLE, NUMBER).statusCode());
      var answer = asking.post(Platform.GOOGLE, "secret", body(NUMBER));

      assertEquals(
          ValidatorTruth.statusOf(Platform.GOOGLE, NUMBER, 7).name(),
          results(answer).get(0).get("status").textValue());
    }
  }

  @Test
  void start_portTaken_saysSo() {
    var taken = ValidatorSimulator.Options.LOOPBACK.withAddress("127.0.0.1", validators.port());

    var refusal = assertThrows(IllegalStateException.class, () -> ValidatorSimulator.start(taken));

    assertTrue(refusal.toString().contains("127.0.0.1:" + validators.port()));
  }

  @Test
  void control_overHttp_changesFaultsAndReadsCounts() throws Exception {
    var changed = client.control("PUT", "faults", "{\"down\":[\"apple\"],\"batchSize\":5}");

    assertEquals(200, changed.statusCode());
    assertEquals(
        ValidatorFaults.NONE.withDown(ValidatorService.APPLE).withBatchSize(5),
        validators.faults());

    client.control("PUT", "faults", "{\"down\":[]}");
    client.control("PUT", "faults", "{\"shares\":{\"leftOut\":0.5}}");
    assertEquals(
        ValidatorFaults.NONE.withBatchSize(5).with(ValidatorFaults.Kind.LEFT_OUT, 0.5),
        validators.faults());
    assertEquals(400, client.control("PUT", "faults", "{\"batchSize\":0}").statusCode());

    validators.faults(ValidatorFaults.NONE);
    client.check(Platform.WHATSAPP, NUMBER);
    var calls = json(client.control("GET", "calls", ""));
    assertEquals(1, calls.at("/whatsapp/" + NUMBER + "/asked").intValue());
    assertEquals(
        1, json(client.control("GET", "stats", "")).at("/services/whatsapp/asked").intValue());
    assertEquals(204, client.control("DELETE", "stats", "").statusCode());
    assertTrue(validators.calls(ValidatorService.WHATSAPP).isEmpty());
  }
}
