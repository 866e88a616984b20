package io.centralita.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.http.Json;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideSettings;
import io.centralita.scoring.Evidence.Status;
import io.centralita.scoring.LineType;
import io.centralita.scoring.Platform;
import io.centralita.simulators.ValidatorFaults;
import io.centralita.simulators.ValidatorFaults.Kind;
import io.centralita.simulators.ValidatorService;
import io.centralita.simulators.ValidatorSimulator;
import io.centralita.simulators.ValidatorTruth;
import io.centralita.validation.Validator.Reply;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each validator, against services that are well and that are not. */
final class ValidatorsTest {
  private static final Duration TIMEOUT = Duration.ofMillis(400);
  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final KeyPair KEYS = keys();

  /** Who is asked. */
  enum Kinds {
    SERVICE,
    TELNYX,
    TWILIO,
    RBM
  }

  private final ValidatorSimulator services =
      ValidatorSimulator.start(ValidatorSimulator.Options.LOOPBACK);
  private final OutsideClient client = new OutsideClient(OutsideSettings.ORDINARY);

  @AfterEach
  void stop() {
    client.close();
    services.close();
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Validator validator(Kinds kind, String token, Duration timeout) {
    var url = services.url();
    return switch (kind) {
      case SERVICE ->
          new HttpValidator(
              new Source.Service(services.url(Platform.WHATSAPP), token),
              25,
              timeout,
              client,
              InstantSource.system());
      case TELNYX ->
          new TelnyxLookup(new Source.Telnyx(url, token), timeout, client, InstantSource.system());
      case TWILIO ->
          new TwilioLookup(
              new Source.Twilio(url, "AC1", token), timeout, client, InstantSource.system());
      case RBM ->
          new RbmCapabilities(
              new Source.Rbm(
                  url,
                  "an-agent",
                  new ServiceAccount(
                      "robot@example.org", URI.create(url + "/token"), KEYS.getPrivate())),
              timeout,
              client,
              InstantSource.system());
    };
  }

  private Reply ask(Kinds kind, long phone) {
    return ask(validator(kind, "demo", PATIENT), phone);
  }

  private static Reply ask(Validator validator, long phone) {
    try {
      return validator.check(List.of(phone)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Verdict verdict(Reply reply, long phone) {
    var answered = assertInstanceOf(Reply.Answered.class, reply, reply::toString);
    assertEquals(1, answered.verdicts().size());
    return Objects.requireNonNull(answered.verdicts().get(phone));
  }

  private static LineType expected(ValidatorTruth.LineKind kind) {
    return switch (kind) {
      case MOBILE -> LineType.MOBILE;
      case FIXED -> LineType.FIXED;
      case FIXED_VOIP, NON_FIXED_VOIP -> LineType.VOIP;
      case TOLL_FREE -> LineType.UNKNOWN;
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = Kinds.class,
      names = {"TELNYX", "TWILIO"})
  void lookup_tellsCarrierAndKindOfLine(Kinds kind) throws Exception {
    for (var phone : LongStream.range(525_512_345_000L, 525_512_345_060L).toArray()) {
      var verdict = verdict(ask(kind, phone), phone);
      var line = ValidatorTruth.lineOf(phone, 1);

      assertEquals(Status.ACTIVE, verdict.status());
      assertEquals(expected(line.kind()), LineDetails.lineType(verdict.details()));
      assertEquals(
          line.carrier().name(),
          Json.MAPPER.readTree(verdict.details()).get("carrier").textValue());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kinds.class,
      names = {"TELNYX", "TWILIO"})
  void lookup_ofANumberOfNobody_isNotFound(Kinds kind) {
    assertEquals(Status.NOT_FOUND, verdict(ask(kind, 447_911_123_456L), 447_911_123_456L).status());
  }

  @Test
  void rbm_reachedOrNot_isActiveOrNotFound() throws Exception {
    for (var phone : LongStream.range(525_512_345_000L, 525_512_345_030L).toArray()) {
      var verdict = verdict(ask(Kinds.RBM, phone), phone);
      var reached = ValidatorTruth.hasRcs(phone, 1);

      assertEquals(reached ? Status.ACTIVE : Status.NOT_FOUND, verdict.status());
      assertEquals(
          reached,
          verdict.details() != null
              && !Json.MAPPER.readTree(verdict.details()).get("features").isEmpty());
    }
  }

  @Test
  void rbm_wrongAddress_saysNothingOfTheNumber() {
    var wrong =
        new RbmCapabilities(
            new Source.Rbm(
                URI.create(services.url() + "/elsewhere"),
                "an-agent",
                new ServiceAccount(
                    "robot@example.org", URI.create(services.url() + "/token"), KEYS.getPrivate())),
            PATIENT,
            client,
            InstantSource.system());

    assertEquals(new Reply.Broken("it answered 404"), ask(wrong, 525_512_345_678L));
  }

  @Test
  void rbm_noToken_saysWhy() {
    var refused =
        new RbmCapabilities(
            new Source.Rbm(
                services.url(),
                "an-agent",
                new ServiceAccount(
                    "robot@example.org",
                    URI.create(services.url() + "/whatsapp/check"),
                    KEYS.getPrivate())),
            PATIENT,
            client,
            InstantSource.system());

    var broken = assertInstanceOf(Reply.Broken.class, ask(refused, 525_512_345_678L));
    assertEquals("no access token: the account was answered 401", broken.why());
  }

  @Test
  void assertion_isSignedAndClaimsWhatGoogleAsksFor() throws Exception {
    var pem = Base64.getMimeEncoder().encodeToString(KEYS.getPrivate().getEncoded());
    var account =
        ServiceAccount.parse(
            Json.text(
                Map.of(
                    "client_email", "robot@example.org",
                    "token_uri", "https://example.org/token",
                    "private_key",
                        "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n")));
    var now = Instant.parse("2026-01-02T03:04:05Z");

    var parts = account.assertion("a-scope", now).split("\\.", -1);

    var signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(KEYS.getPublic());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertTrue(signature.verify(Base64.getUrlDecoder().decode(parts[2])));
    assertEquals(
        Json.MAPPER.readTree("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"),
        Json.MAPPER.readTree(Base64.getUrlDecoder().decode(parts[0])));
    var claims = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1]));
    assertEquals("robot@example.org", claims.get("iss").asText());
    assertEquals("https://example.org/token", claims.get("aud").asText());
    assertEquals("a-scope", claims.get("scope").asText());
    assertEquals(3600, claims.get("exp").asLong() - claims.get("iat").asLong());
    assertEquals(now.getEpochSecond(), claims.get("iat").asLong());
    assertFalse(account.toString().contains(pem.substring(0, 20)));
  }

  @Test
  void serviceAccount_ofSomethingElse_isRefusedWithoutItsText() {
    for (var bad :
        List.of(
            "secret",
            "{}",
            "{\"client_email\":\"a\",\"token_uri\":\"b\",\"private_key\":\"secret\"}")) {
      var refusal = assertThrows(IllegalArgumentException.class, () -> ServiceAccount.parse(bad));
      assertFalse(String.valueOf(refusal.getMessage()).contains("secret"));
    }
  }

  @ParameterizedTest
  @EnumSource(Kinds.class)
  void service_fails_saysNothingOfTheNumber(Kinds kind) {
    var phone = 525_512_345_678L;
    for (var fault : List.of(Kind.SERVER_ERROR, Kind.HTML, Kind.CUT)) {
      services.faults(ValidatorFaults.NONE.with(fault, 1));
      var reply = ask(kind, phone);
      // RCS answers an object of features; a page is no such object
      var isNothing =
          reply instanceof Reply.Broken
              || (reply instanceof Reply.Answered(var verdicts) && verdicts.isEmpty());
      assertTrue(isNothing, () -> fault + ": " + reply);
    }
    services.faults(ValidatorFaults.NONE.with(Kind.HANG, 1));
    assertInstanceOf(Reply.Broken.class, ask(validator(kind, "demo", TIMEOUT), phone));
    services.faults(ValidatorFaults.NONE.withDown(service(kind)));
    assertInstanceOf(Reply.Broken.class, ask(kind, phone));
  }

  @ParameterizedTest
  @EnumSource(Kinds.class)
  void service_answersOddly_isNotBelieved(Kinds kind) {
    var phone = 525_512_345_678L;
    for (var fault : List.of(Kind.WRONG_TYPES, Kind.LEFT_OUT)) {
      services.faults(ValidatorFaults.NONE.with(fault, 1));
      assertEquals(new Reply.Answered(Map.of()), ask(kind, phone), fault::name);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kinds.class,
      names = {"TELNYX", "TWILIO"})
  void lookup_answersOfAnotherNumber_isNotBelieved(Kinds kind) {
    services.faults(ValidatorFaults.NONE.with(Kind.STRANGER, 1));

    assertEquals(new Reply.Answered(Map.of()), ask(kind, 525_512_345_678L));
  }

  @Test
  void service_answersOfAStrangerOrTwice_onlyTheAskedAndTheFirstCount() {
    var phone = 525_512_345_678L;
    for (var fault : List.of(Kind.STRANGER, Kind.TWICE)) {
      services.faults(ValidatorFaults.NONE.with(fault, 1));
      assertEquals(
          services.truth(Platform.WHATSAPP, phone).name(),
          verdict(ask(Kinds.SERVICE, phone), phone).status().name(),
          fault::name);
    }
  }

  @ParameterizedTest
  @EnumSource(Kinds.class)
  void service_wantsNoMore_saysForHowLong(Kinds kind) {
    services.faults(ValidatorFaults.NONE.withRequestsPerSecond(1));
    Supplier<Reply> next = () -> ask(kind, 525_512_345_678L);
    var reply = next.get();
    for (var i = 0; i < 5 && !(reply instanceof Reply.Throttled); i++) {
      reply = next.get();
    }
    var throttled = assertInstanceOf(Reply.Throttled.class, reply);
    assertTrue(throttled.pause().isPositive());
  }

  @ParameterizedTest
  @EnumSource(
      value = Kinds.class,
      names = {"SERVICE", "TELNYX", "TWILIO"})
  void service_refusesTheToken_saysSo(Kinds kind) {
    assertEquals(
        new Reply.Broken("it refuses the credentials"),
        ask(validator(kind, "wrong", PATIENT), 525_512_345_678L));
  }

  private static ValidatorService service(Kinds kind) {
    return switch (kind) {
      case SERVICE -> ValidatorService.WHATSAPP;
      case TELNYX -> ValidatorService.TELNYX;
      case TWILIO -> ValidatorService.TWILIO;
      case RBM -> ValidatorService.RBM;
    };
  }
}
