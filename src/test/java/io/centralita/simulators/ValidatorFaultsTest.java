package io.centralita.simulators;

import static io.centralita.simulators.ValidatorClient.json;
import static io.centralita.simulators.ValidatorClient.results;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Platform;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ValidatorFaultsTest {
  private static final long NUMBER = 525_512_345_678L;

  private final ValidatorSimulator validators =
      ValidatorSimulator.start(ValidatorSimulator.Options.LOOPBACK);
  private final ValidatorClient client = new ValidatorClient(validators);

  @AfterEach
  void stop() {
    client.close();
    validators.close();
  }

  @Test
  void serverError_always_is500_andAnswersNobody() throws Exception {
    always(ValidatorFaults.Kind.SERVER_ERROR);

    var answer = client.check(Platform.WHATSAPP, NUMBER);

    assertEquals(500, answer.statusCode());
    assertEquals(500, json(answer).get("status").intValue());
    assertAnswered(0);
    assertEquals(
        1,
        validators
            .stats(ValidatorService.WHATSAPP)
            .faults()
            .get(ValidatorFaults.Kind.SERVER_ERROR));
  }

  @Test
  void html_always_isAPageWith200() throws Exception {
    always(ValidatorFaults.Kind.HTML);

    var answer = client.check(Platform.WHATSAPP, NUMBER);

    assertEquals(200, answer.statusCode());
    assertTrue(answer.headers().firstValue("Content-Type").orElseThrow().startsWith("text/html"));
    assertTrue(answer.body().contains("<html"));
    assertAnswered(0);
  }

  @Test
  void cut_always_endsTheConnectionWithinTheBody() {
    always(ValidatorFaults.Kind.CUT);

    var failure = assertThrows(IOException.class, () -> client.check(Platform.WHATSAPP, NUMBER));

    assertTrue(failure.toString().contains("fixed content-length: "), failure::toString);
    assertAnswered(0);
  }

  @Test
  void hang_always_neverAnswers() {
    always(ValidatorFaults.Kind.HANG);

    assertThrows(
        HttpTimeoutException.class,
        () -> client.check(Platform.WHATSAPP, Duration.ofMillis(300), NUMBER));
    assertAnswered(0);
  }

  @Test
  void leftOut_always_lacksTheFirstNumber() throws Exception {
    always(ValidatorFaults.Kind.LEFT_OUT);

    assertEquals(
        List.of(NUMBER + 1, NUMBER + 2),
        numbers(client.check(Platform.WHATSAPP, NUMBER, NUMBER + 1, NUMBER + 2)));
    assertAnswered(0);
    assertEquals(new Calls(1, 1), validators.calls(ValidatorService.WHATSAPP, NUMBER + 1));
  }

  @Test
  void stranger_always_addsANumberThatNobodyAskedFor() throws Exception {
    always(ValidatorFaults.Kind.STRANGER);

    assertEquals(
        List.of(NUMBER, NUMBER + 1, NUMBER + 2),
        numbers(client.check(Platform.WHATSAPP, NUMBER, NUMBER + 1)));
    assertAnswered(1);
    assertEquals(new Calls(0, 0), validators.calls(ValidatorService.WHATSAPP, NUMBER + 2));
  }

  @Test
  void twice_always_contradictsItself() throws Exception {
    always(ValidatorFaults.Kind.TWICE);

    var answer = client.check(Platform.WHATSAPP, NUMBER, NUMBER + 1);

    assertEquals(List.of(NUMBER, NUMBER + 1, NUMBER), numbers(answer));
    assertNotEquals(results(answer).get(0).get("status"), results(answer).get(2).get("status"));
    assertAnswered(0);
  }

  @Test
  void wrongTypes_always_areWrongThroughout() throws Exception {
    always(ValidatorFaults.Kind.WRONG_TYPES);

    var result = results(client.check(Platform.WHATSAPP, NUMBER)).get(0);

    assertTrue(result.get("number").isNumber());
    assertTrue(result.get("status").isNumber());
    assertTrue(result.get("details").isTextual());
    assertTrue(result.get("retry_after_s").isTextual());
    assertAnswered(0);
  }

  @Test
  void numbersLimited_some_sayWhenToAskAgain() throws Exception {
    validators.faults(ValidatorFaults.NONE.withNumbersLimited(0.5, 17));
    var batch = LongStream.range(NUMBER, NUMBER + 25).toArray();

    var limited = 0;
    for (var result : results(client.check(Platform.WHATSAPP, batch))) {
      if (result.get("status").textValue().equals("RATE_LIMITED")) {
        assertEquals(17, result.get("retry_after_s").intValue());
        limited++;
      }
    }

    assertTrue(limited > 4 && limited < 21, limited + " of 25");
    assertEquals(25 - limited, validators.stats(ValidatorService.WHATSAPP).answered());
  }

  @Test
  void numberErrors_always_areSaidOfEachNumber() throws Exception {
    validators.faults(ValidatorFaults.NONE.withNumberErrors(1));

    var result = results(client.check(Platform.WHATSAPP, NUMBER)).get(0);

    assertEquals("ERROR", result.get("status").textValue());
    assertAnswered(0);
  }

  @Test
  void down_oneService_cutsItsConnectionsUntilItIsBack() throws Exception {
    validators.faults(ValidatorFaults.NONE.withDown(ValidatorService.WHATSAPP));

    assertThrows(IOException.class, () -> client.check(Platform.WHATSAPP, NUMBER));
    assertEquals(200, client.check(Platform.APPLE, NUMBER).statusCode());
    assertTrue(validators.stats(ValidatorService.WHATSAPP).whileDown() > 0);
    assertEquals(new Calls(0, 0), validators.calls(ValidatorService.WHATSAPP, NUMBER));

    validators.faults(validators.faults().withUp(ValidatorService.WHATSAPP));
    assertEquals(200, client.check(Platform.WHATSAPP, NUMBER).statusCode());
  }

  @Test
  void latency_longerThanTheClientWaits_isNotCountedAsAnswered() throws Exception {
    validators.faults(ValidatorFaults.NONE.withLatency(60_000, 60_000));
    assertThrows(
        HttpTimeoutException.class,
        () -> client.check(Platform.WHATSAPP, Duration.ofMillis(100), NUMBER));
    validators.faults(ValidatorFaults.NONE.withLatency(150, 150));

    var before = System.nanoTime();
    assertEquals(200, client.check(Platform.WHATSAPP, NUMBER).statusCode());

    assertTrue(System.nanoTime() - before >= 140_000_000);
    assertEquals(new Calls(2, 1), validators.calls(ValidatorService.WHATSAPP, NUMBER));
  }

  @Test
  void shares_withTheSameSeed_fallOnTheSameRequests() throws Exception {
    var half = ValidatorFaults.NONE.with(ValidatorFaults.Kind.SERVER_ERROR, 0.5);
    validators.faults(half.withSeed(42));
    var first = statuses();
    validators.faults(half.withSeed(42));
    var again = statuses();

    assertEquals(first, again);
    assertTrue(first.contains(200) && first.contains(500), first::toString);
  }

  @Test
  void faults_thatCannotBe_areRefused() {
    var health = ValidatorFaults.NONE;

    assertThrows(IllegalArgumentException.class, () -> health.withBatchSize(0));
    assertThrows(IllegalArgumentException.class, () -> health.withNumberErrors(1.5));
    assertThrows(IllegalArgumentException.class, () -> health.withNumbersLimited(0.5, -1));
    assertThrows(IllegalArgumentException.class, () -> health.withRequestsPerSecond(-1));
  }

  private void always(ValidatorFaults.Kind kind) {
    validators.faults(ValidatorFaults.NONE.with(kind, 1));
  }

  private void assertAnswered(int times) {
    assertEquals(new Calls(1, times), validators.calls(ValidatorService.WHATSAPP, NUMBER));
  }

  private List<Integer> statuses() throws IOException, InterruptedException {
    var statuses = new ArrayList<Integer>();
    for (var i = 0; i < 30; i++) {
      statuses.add(client.check(Platform.GOOGLE, NUMBER).statusCode());
    }
    return statuses;
  }

  private static List<Long> numbers(HttpResponse<String> answer) throws IOException {
    var numbers = new ArrayList<Long>();
    for (var result : results(answer)) {
      numbers.add(PhoneNumbers.read(result.get("number").textValue()));
    }
    return numbers;
  }
}
