package io.centralita.simulators;

import static io.centralita.simulators.ValidatorClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The look-ups of carriers, and the capabilities of RCS. */
final class ValidatorLookupsTest {
  private static final String BEARER = "Bearer demo";
  private static final long MOBILE =
      numberWhere(n -> ValidatorTruth.lineOf(n, 1).kind() == ValidatorTruth.LineKind.MOBILE);
  private static final String TELNYX = "/v2/number_lookup/%2B" + MOBILE + "?type=carrier";
  private static final String TWILIO =
      "/v2/PhoneNumbers/+" + MOBILE + "?Fields=line_type_intelligence";
  private static final String ASKED = "/capabilities?requestId=r1&agentId=a1";

  private final ValidatorSimulator validators =
      ValidatorSimulator.start(ValidatorSimulator.Options.LOOPBACK);
  private final ValidatorClient client = new ValidatorClient(validators);

  @AfterEach
  void stop() {
    client.close();
    validators.close();
  }

  @Test
  void telnyx_mobile_tellsTheCarrier() throws Exception {
    var answer = client.get(TELNYX, BEARER);

    assertEquals(200, answer.statusCode());
    var data = json(answer).get("data");
    var carrier = ValidatorTruth.lineOf(MOBILE, 1).carrier();
    assertEquals("number_lookup", data.get("record_type").textValue());
    assertEquals("MX", data.get("country_code").textValue());
    assertEquals("+" + MOBILE, data.get("phone_number").textValue());
    assertTrue(data.get("valid_number").booleanValue());
    assertTrue(data.get("fraud").isNull());
    assertEquals("mobile", data.at("/carrier/type").textValue());
    assertEquals(carrier.name(), data.at("/carrier/name").textValue());
    assertEquals(carrier.brand(), data.at("/carrier/normalized_carrier").textValue());
    assertEquals("334", data.at("/carrier/mobile_country_code").textValue());
    assertEquals("N", data.at("/portability/ported_status").textValue());
    assertEquals(new Calls(1, 1), validators.calls(ValidatorService.TELNYX, MOBILE));
  }

  @Test
  void telnyx_withoutTheType_tellsNoCarrier() throws Exception {
    var answer = client.get("/v2/number_lookup/+" + MOBILE, BEARER);

    assertTrue(json(answer).at("/data/carrier").isNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {"5512345678", "+12025550123", "+52", "nobody", ""})
  void telnyx_badNumber_is422(String number) throws Exception {
    var answer = client.get("/v2/number_lookup/" + number + "?type=carrier", BEARER);

    assertEquals(422, answer.statusCode());
    assertTrue(json(answer).at("/errors/0/title").isTextual());
    assertEquals(1, validators.stats(ValidatorService.TELNYX).refused());
  }

  @Test
  void telnyx_refusals_haveItsCodes() throws Exception {
    var stranger = client.get(TELNYX, "Bearer guessed");
    assertEquals(401, stranger.statusCode());
    assertEquals("10009", json(stranger).at("/errors/0/code").textValue());

    validators.faults(ValidatorFaults.NONE.withRequestsPerSecond(0.1));
    client.get(TELNYX, BEARER);
    var early = client.get(TELNYX, BEARER);
    assertEquals(429, early.statusCode());
    assertEquals("10011", json(early).at("/errors/0/code").textValue());
    assertTrue(early.headers().firstValue("Retry-After").isPresent());
  }

  @Test
  void twilio_mobile_tellsTheLineType() throws Exception {
    var answer = client.get(TWILIO, basic("demo"));

    assertEquals(200, answer.statusCode());
    var lookup = json(answer);
    assertEquals("52", lookup.get("calling_country_code").textValue());
    assertEquals("MX", lookup.get("country_code").textValue());
    assertEquals("+" + MOBILE, lookup.get("phone_number").textValue());
    assertTrue(lookup.get("valid").booleanValue());
    assertTrue(lookup.get("validation_errors").isEmpty());
    assertEquals("mobile", lookup.at("/line_type_intelligence/type").textValue());
    assertEquals(
        ValidatorTruth.lineOf(MOBILE, 1).carrier().name(),
        lookup.at("/line_type_intelligence/carrier_name").textValue());
    assertTrue(lookup.at("/line_type_intelligence/error_code").isNull());
  }

  @Test
  void twilio_numberThatIsNone_isAnsweredAsNotValid() throws Exception {
    var answer = client.get("/v2/PhoneNumbers/nobody", basic("demo"));

    assertEquals(200, answer.statusCode());
    assertFalse(json(answer).get("valid").booleanValue());
    assertEquals("NOT_A_NUMBER", json(answer).at("/validation_errors/0").textValue());
  }

  @Test
  void twilio_refusals_haveItsCodes() throws Exception {
    for (var wrong : new String[] {basic("guessed"), "Basic ?", BEARER}) {
      var stranger = client.get(TWILIO, wrong);
      assertEquals(401, stranger.statusCode());
      assertEquals(20003, json(stranger).get("code").intValue());
    }

    validators.faults(ValidatorFaults.NONE.withRequestsPerSecond(0.1));
    client.get(TWILIO, basic("demo"));
    var early = client.get(TWILIO, basic("demo"));
    assertEquals(429, early.statusCode());
    assertEquals(20429, json(early).get("code").intValue());
  }

  @Test
  void rbm_reachableNumber_tellsFeatures_andAnotherIs404() throws Exception {
    var reached = client.get(phone(numberWhere(n -> ValidatorTruth.hasRcs(n, 1))), BEARER);
    var missed = client.get(phone(numberWhere(n -> !ValidatorTruth.hasRcs(n, 1))), BEARER);

    assertEquals(200, reached.statusCode());
    assertEquals("RICHCARD_STANDALONE", json(reached).at("/features/0").textValue());
    assertEquals(404, missed.statusCode());
    assertEquals("NOT_FOUND", json(missed).at("/error/status").textValue());
    assertEquals(2, validators.stats(ValidatorService.RBM).answered());
  }

  @Test
  void rbm_refusals_areGooglesErrors() throws Exception {
    var stranger = client.get(phone(MOBILE), "Bearer guessed");
    assertEquals(401, stranger.statusCode());
    assertEquals("UNAUTHENTICATED", json(stranger).at("/error/status").textValue());

    var incomplete = client.get("/v1/phones/+" + MOBILE + "/capabilities", BEARER);
    assertEquals(400, incomplete.statusCode());
    assertEquals("INVALID_ARGUMENT", json(incomplete).at("/error/status").textValue());

    validators.faults(ValidatorFaults.NONE.withRequestsPerSecond(0.1));
    client.get(phone(MOBILE), BEARER);
    var early = client.get(phone(MOBILE), BEARER);
    assertEquals(429, early.statusCode());
    assertEquals("RESOURCE_EXHAUSTED", json(early).at("/error/status").textValue());
  }

  @Test
  void faults_ofAnswers_bendThemAndCountThemAsNotAnswered() throws Exception {
    always(ValidatorFaults.Kind.WRONG_TYPES);
    assertTrue(json(client.get(TELNYX, BEARER)).at("/data/phone_number").isNumber());
    assertTrue(json(client.get(TWILIO, basic("demo"))).get("valid").isTextual());
    assertTrue(json(client.get(phone(MOBILE), BEARER)).get("features").isTextual());

    always(ValidatorFaults.Kind.LEFT_OUT);
    assertTrue(json(client.get(TELNYX, BEARER)).at("/data/carrier").isNull());
    assertTrue(json(client.get(TWILIO, basic("demo"))).get("line_type_intelligence").isNull());
    assertFalse(json(client.get(phone(MOBILE), BEARER)).has("features"));

    always(ValidatorFaults.Kind.STRANGER);
    assertEquals(
        "+" + (MOBILE + 1), json(client.get(TELNYX, BEARER)).at("/data/phone_number").textValue());

    always(ValidatorFaults.Kind.SERVER_ERROR);
    assertEquals(500, client.get(TWILIO, basic("demo")).statusCode());

    assertEquals(new Calls(3, 0), validators.calls(ValidatorService.TELNYX, MOBILE));
    assertEquals(new Calls(3, 0), validators.calls(ValidatorService.TWILIO, MOBILE));
    assertEquals(new Calls(2, 0), validators.calls(ValidatorService.RBM, MOBILE));
  }

  @Test
  void down_aLookup_isCut() {
    validators.faults(ValidatorFaults.NONE.withDown(ValidatorService.TWILIO));

    assertThrows(IOException.class, () -> client.get(TWILIO, basic("demo")));
  }

  private void always(ValidatorFaults.Kind kind) {
    validators.faults(ValidatorFaults.NONE.with(kind, 1));
  }

  private static String phone(long number) {
    return "/v1/phones/+" + number + ASKED;
  }

  private static String basic(String token) {
    var plain = ("AC123:" + token).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(plain);
  }

  private static long numberWhere(LongPredicate suits) {
    return LongStream.range(525_512_345_678L, 525_512_346_678L)
        .filter(suits)
        .findFirst()
        .orElseThrow();
  }
}
