package io.centralita.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.ApiClient;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.contacts.Draw;
import io.centralita.extraction.People;
import io.centralita.scoring.Platform;
import io.centralita.simulators.ValidatorFaults;
import io.centralita.simulators.ValidatorFaults.Kind;
import io.centralita.simulators.ValidatorService;
import io.centralita.simulators.ValidatorTruth;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Validation jobs on a whole node, with simulated validators. */
final class ValidationJobTest {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final Set<String> UNDER_WAY = Set.of("QUEUED", "RUNNING", "PAUSED");

  private final ApiClient user = TestNode.contactsUser("valeria-" + NUMBERS.incrementAndGet());

  @AfterEach
  void well() {
    TestNode.VALIDATORS.faults(ValidatorFaults.NONE);
  }

  private static List<Long> numbers(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> 525_555_000_000L + NUMBERS.incrementAndGet())
        .toList();
  }

  private static String order(List<Long> numbers, String more, String... platforms) {
    return "{\"name\":\"leads\",\"platforms\":[%s],\"phone_numbers\":[%s]%s}"
        .formatted(
            List.of(platforms).stream()
                .map(platform -> '"' + platform + '"')
                .collect(Collectors.joining(",")),
            numbers.stream().map(number -> "\"+" + number + '"').collect(Collectors.joining(",")),
            more);
  }

  private int begun(String order) {
    var answer = user.post("/api/v1/validation-jobs", order);
    assertEquals(202, answer.statusCode(), answer.body());
    return OpenApi.json(answer).get("id").asInt();
  }

  private JsonNode job(int id) {
    var answer = user.get("/api/v1/validation-jobs/" + id);
    assertEquals(200, answer.statusCode(), answer.body());
    return OpenApi.json(answer);
  }

  private JsonNode ended(int id) {
    TestNode.until(() -> !UNDER_WAY.contains(job(id).get("status").asText()));
    return job(id);
  }

  private List<JsonNode> results(int id) {
    var all = new ArrayList<JsonNode>();
    var page = "/api/v1/validation-jobs/" + id + "/results?limit=37";
    var cursor = "";
    do {
      var answer = OpenApi.json(user.get(page + cursor));
      answer.get("items").forEach(all::add);
      cursor =
          answer.get("next_cursor").isNull() ? "" : "&cursor=" + answer.get("next_cursor").asText();
    } while (!cursor.isEmpty());
    return all;
  }

  private static String truth(JsonNode result) {
    var platform = Codes.check(result.get("platform").asText()).orElseThrow();
    var number = Long.parseLong(result.get("phone_e164").asText().substring(1));
    return TestNode.VALIDATORS.truth(platform.platform().orElseThrow(), number).name();
  }

  private static int calls(Platform platform, long number) {
    return TestNode.VALIDATORS.calls(ValidatorService.of(platform), number).asked();
  }

  @Test
  void order_onSeveralPlatforms_tellsWhatEachSaidAndAsksOnce() {
    var numbers = numbers(620);
    var given = new ArrayList<>(numbers);
    given.add(numbers.getFirst());

    var id =
        begun(
            order(given, "", "whatsapp", "INSTAGRAM", "apple")
                .replace("[\"+", "[\"12\",\"?\",\"+"));

    var job = ended(id);
    assertEquals("COMPLETED", job.get("status").asText(), job::toString);
    assertEquals(622, job.get("total_numbers").asInt());
    assertEquals(622, job.get("processed_numbers").asInt());
    assertEquals(2, job.get("invalid_numbers").asInt());
    assertEquals(1, job.get("duplicate_numbers").asInt());
    assertEquals(1240, job.get("successful_validations").asInt());
    assertEquals(620, job.get("unsupported_validations").asInt());
    assertEquals(0, job.get("failed_validations").asInt());
    assertEquals(100, job.get("progress").asInt());
    var results = results(id);
    assertEquals(1860, results.size());
    var different = new HashSet<String>();
    for (var result : results) {
      assertTrue(
          different.add(result.get("phone_e164").asText() + result.get("platform").asText()));
      if (result.get("platform").asText().equals("apple")) {
        assertEquals("UNSUPPORTED", result.get("status").asText());
        assertTrue(result.get("is_active").isNull());
      } else {
        assertEquals(truth(result), result.get("status").asText());
        assertEquals(1, result.get("attempts").asInt());
      }
    }
    numbers.forEach(number -> assertEquals(1, calls(Platform.WHATSAPP, number)));
    assertEquals(
        200, user.get("/api/v1/validation-jobs/" + job.get("job_uuid").asText()).statusCode());
  }

  @Test
  void download_ofManyResults_hasWhatThePagesHave() {
    var id = begun(order(numbers(1_100), "", "whatsapp", "google", "apple"));
    ended(id);
    var path = "/api/v1/validation-jobs/" + id + "/results/download";
    var results = results(id);
    assertEquals(3_300, results.size());

    var csv = user.get(path);
    var lines = user.get(path + "?format=ndjson");

    assertEquals("text/csv; charset=UTF-8", header(csv, "Content-Type"));
    assertEquals(
        "attachment; filename=\"validation-%d.csv\"".formatted(id),
        header(csv, "Content-Disposition"));
    var rows = csv.body().lines().toList();
    assertEquals("phone_e164,platform,status,is_active,attempts,platform_details", rows.getFirst());
    assertEquals(results.stream().map(ValidationJobTest::row).toList(), rows.subList(1, 3_301));
    assertEquals("application/x-ndjson", header(lines, "Content-Type"));
    assertEquals(
        "attachment; filename=\"validation-%d.ndjson\"".formatted(id),
        header(lines, "Content-Disposition"));
    assertEquals(results.stream().map(JsonNode::toString).toList(), lines.body().lines().toList());
  }

  private static String header(HttpResponse<String> answer, String name) {
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.headers().firstValue(name).orElseThrow();
  }

  private static String row(JsonNode result) {
    var details = result.get("platform_details");
    var known = !result.get("is_active").isNull();
    return String.join(
        ",",
        result.get("phone_e164").asText(),
        result.get("platform").asText(),
        result.get("status").asText(),
        known ? result.get("is_active").asText() : "",
        result.get("attempts").asText(),
        details.isNull() ? "" : '"' + details.toString().replace("\"", "\"\"") + '"');
  }

  @Test
  void download_ofAJobWithoutResultsYet_isEmptyAndOfAnUnknownKind_isRefused() {
    TestNode.VALIDATORS.faults(ValidatorFaults.NONE.withLatency(1500, 1500));
    var id = begun(order(numbers(3), "", "facebook"));
    var path = "/api/v1/validation-jobs/" + id + "/results/download";

    assertEquals(1, user.get(path + "?format=csv").body().lines().count());
    assertEquals(0, user.bytes(path + "?format=ndjson").body().length);
    var refused = user.get(path + "?format=xlsx");
    assertEquals(400, refused.statusCode());
    assertTrue(OpenApi.problem(refused).get("errors").toString().contains("format"));
  }

  @Test
  void validator_failsInEveryWay_ofOneCallAtOnceNoneIsLost() {
    TestNode.VALIDATORS.faults(
        ValidatorFaults.NONE
            .with(Kind.SERVER_ERROR, 0.3)
            .with(Kind.CUT, 0.1)
            .with(Kind.LEFT_OUT, 0.2)
            .withNumbersLimited(0.1, 0)
            .withNumberErrors(0.1));

    var id = begun(order(numbers(600), ",\"max_concurrent\":1,\"retry_attempts\":2", "google"));

    var job = ended(id);
    assertEquals("COMPLETED", job.get("status").asText(), job::toString);
    assertEquals(
        600, job.get("successful_validations").asInt() + job.get("failed_validations").asInt());
  }

  @Test
  void order_freshAnswersAreKnown_costsNothing() {
    var numbers = numbers(30);
    ended(begun(order(numbers, "", "whatsapp")));

    var id = begun(order(numbers, "", "whatsapp"));

    assertEquals(30, ended(id).get("successful_validations").asInt());
    results(id).forEach(result -> assertEquals(0, result.get("attempts").asInt()));
    numbers.forEach(number -> assertEquals(1, calls(Platform.WHATSAPP, number)));
  }

  @Test
  void orders_ofTheSameNumbersAtOnce_costOneCallANumber() {
    TestNode.VALIDATORS.faults(ValidatorFaults.NONE.withLatency(20, 60));
    var numbers = numbers(300);

    var ids = IntStream.range(0, 4).mapToObj(_ -> begun(order(numbers, "", "whatsapp"))).toList();

    ids.forEach(id -> assertEquals(300, ended(id).get("successful_validations").asInt()));
    numbers.forEach(number -> assertEquals(1, calls(Platform.WHATSAPP, number)));
  }

  @Test
  void validator_misbehaves_isAskedAgainAndBelievedWhereItMakesSense() {
    TestNode.VALIDATORS.faults(
        ValidatorFaults.NONE
            .with(Kind.SERVER_ERROR, 0.1)
            .with(Kind.HTML, 0.1)
            .with(Kind.CUT, 0.1)
            .with(Kind.LEFT_OUT, 0.1)
            .withNumberErrors(0.05));

    var id = begun(order(numbers(500), ",\"batch_size\":10,\"retry_attempts\":10", "facebook"));

    var job = ended(id);
    assertEquals("COMPLETED", job.get("status").asText(), job::toString);
    var results = results(id);
    assertEquals(500, results.size());
    for (var result : results) {
      if (!result.get("status").asText().equals("ERROR")) {
        assertEquals(truth(result), result.get("status").asText());
      }
    }
    assertTrue(job.get("successful_validations").asInt() > 480, job::toString);
    assertEquals(
        500, job.get("successful_validations").asInt() + job.get("failed_validations").asInt());
  }

  @Test
  void platform_isDown_holdsUpOnlyItself() {
    TestNode.VALIDATORS.faults(ValidatorFaults.NONE.withDown(ValidatorService.of(Platform.GOOGLE)));
    var numbers = numbers(3000);

    var id = begun(order(numbers, "", "google", "whatsapp"));

    TestNode.until(
        () ->
            job(id).get("by_platform").get("whatsapp").path("active").asInt() > 0
                && results(id).size() == 3000);
    TestNode.until(() -> job(id).get("waiting").asText().contains("google"));
    var held = job(id);
    assertEquals("RUNNING", held.get("status").asText());
    assertTrue(held.get("by_platform").get("google").isEmpty(), held::toString);
    TestNode.VALIDATORS.faults(ValidatorFaults.NONE);
    assertEquals(6000, ended(id).get("successful_validations").asInt());
  }

  @Test
  void pause_thenResume_thenCancel() {
    TestNode.VALIDATORS.faults(ValidatorFaults.NONE.withLatency(50, 50));
    var id = begun(order(numbers(2000), ",\"max_concurrent\":1", "instagram"));
    TestNode.until(
        () -> TestNode.VALIDATORS.stats(ValidatorService.of(Platform.INSTAGRAM)).calls() > 0);

    var paused = user.post("/api/v1/validation-jobs/" + id + "/pause", "{\"reason\":\"later\"}");
    assertEquals("PAUSED", OpenApi.json(paused).get("status").asText());
    assertEquals("later", OpenApi.json(paused).get("pause").get("reason").asText());
    var resumed = user.post("/api/v1/validation-jobs/" + id + "/resume", "");
    assertEquals("RUNNING", OpenApi.json(resumed).get("status").asText());
    var cancelled = user.post("/api/v1/validation-jobs/" + id + "/cancel", "");
    assertEquals("CANCELLED", OpenApi.json(cancelled).get("status").asText());
    TestNode.until(() -> job(id).get("status").asText().equals("CANCELLED"));
  }

  @Test
  void score_ofWhoWasAskedAbout_isExplained() {
    var numbers = numbers(5);
    ended(begun(order(numbers, "", "whatsapp", "facebook")));

    var answer = user.get("/api/v1/scores/+" + numbers.getFirst());

    assertEquals(200, answer.statusCode(), answer.body());
    var score = OpenApi.json(answer);
    assertEquals(2, score.get("validation_count").asInt());
    assertEquals(2, score.get("parts").size());
    assertFalse(score.get("reasons").isEmpty());
    assertTrue(score.get("history").size() >= 1);
    assertEquals(
        score.get("quality_tier").asText(),
        score.get("history").get(0).get("quality_tier").asText());
    assertEquals(404, user.get("/api/v1/scores/+525512345678").statusCode());
    assertEquals(
        403,
        TestNode.user("nobody-" + NUMBERS.incrementAndGet())
            .get("/api/v1/scores/+525512345678")
            .statusCode());
  }

  @Test
  void job_ends_isToldToWebhooksOnce() {
    var made =
        user.post(
            "/api/v1/webhooks",
            "{\"url\":\"http://127.0.0.1:9/\",\"events\":[\"validation_job.finished\"]}");
    assertEquals(201, made.statusCode(), made.body());
    var deliveries = "/api/v1/webhooks/" + OpenApi.json(made).get("id").asLong() + "/deliveries";

    ended(begun(order(numbers(600), "", "whatsapp", "apple")));

    TestNode.until(() -> OpenApi.json(user.get(deliveries)).get("items").size() > 0);
    var told = OpenApi.json(user.get(deliveries)).get("items");
    assertEquals(1, told.size(), told::toString);
    assertEquals("validation_job.finished", told.get(0).get("type").asText());
  }

  @Test
  void scores_ofPlatformsThatAnswerAtOnce_missNothingAndAreNotedOnce() {
    var numbers = numbers(400);

    ended(begun(order(numbers, "", "whatsapp", "facebook", "google", "instagram")));

    for (var number : numbers) {
      var score = OpenApi.json(user.get("/api/v1/scores/+" + number));
      assertEquals(4, score.get("validation_count").asInt());
      var history = score.get("history");
      assertEquals(score.get("quality_tier"), history.get(0).get("quality_tier"));
      for (var i = 1; i < history.size(); i++) {
        assertNotEquals(history.get(i - 1).get("quality_tier"), history.get(i).get("quality_tier"));
      }
    }
  }

  @Test
  void job_ofAnotherUser_isNotThere() {
    var id = begun(order(numbers(1), "", "apple"));
    var other = TestNode.user("otra-" + NUMBERS.incrementAndGet());

    assertEquals(404, other.get("/api/v1/validation-jobs/" + id).statusCode());
    assertEquals(404, other.get("/api/v1/validation-jobs/" + id + "/results").statusCode());
    assertEquals(
        404, other.get("/api/v1/validation-jobs/" + id + "/results/download").statusCode());
    assertEquals(404, other.post("/api/v1/validation-jobs/" + id + "/cancel", "").statusCode());
    assertEquals(404, user.get("/api/v1/validation-jobs/x").statusCode());
    assertEquals(0, OpenApi.json(other.get("/api/v1/validation-jobs")).get("items").size());
    assertEquals(1, OpenApi.json(user.get("/api/v1/validation-jobs")).get("items").size());
  }

  @Test
  void order_badInput_namesTheField() {
    var good = order(List.of(525_512_345_678L), "", "whatsapp");
    for (var bad :
        List.of(
            "platforms " + good.replace("[\"whatsapp\"]", "[\"myspace\"]"),
            "platforms " + good.replace("[\"whatsapp\"]", "[]"),
            "platforms " + good.replace("[\"whatsapp\"]", "[null]"),
            "phone_numbers " + good.replace("[\"+525512345678\"]", "[]"),
            "phone_numbers " + good.replace("+525512345678", "12"),
            "name " + good.replace("leads", ""),
            "max_concurrent " + good.replace("}", ",\"max_concurrent\":0}"),
            "max_concurrent " + good.replace("}", ",\"max_concurrent\":10000}"),
            "batch_size " + good.replace("}", ",\"batch_size\":0}"),
            "retry_attempts " + good.replace("}", ",\"retry_attempts\":-1}"),
            "batch_size " + good.replace("}", ",\"batch_size\":\"many\"}"))) {
      var field = bad.substring(0, bad.indexOf(' '));
      var answer = user.post("/api/v1/validation-jobs", bad.substring(field.length() + 1));
      assertEquals(400, answer.statusCode(), bad);
      assertTrue(OpenApi.problem(answer).get("errors").toString().contains(field), answer.body());
    }
  }

  @Test
  void carrier_costsMoney_untilTheCapAndNoFurther() {
    var id = begun(order(numbers(40), ",\"max_cost\":0.25", "carrier"));

    TestNode.until(() -> job(id).get("waiting").asText().contains("max_cost"));
    var held = job(id);
    assertEquals("RUNNING", held.get("status").asText());
    assertEquals("0.25", held.get("cost").asText());
    assertEquals(
        400, user.patch("/api/v1/validation-jobs/" + id, "{\"max_cost\":-1}").statusCode());
    assertEquals(
        400, user.patch("/api/v1/validation-jobs/" + id, "{\"max_cost\":0.0000001}").statusCode());
    var raised = user.patch("/api/v1/validation-jobs/" + id, "{\"max_cost\":0.5}");
    assertEquals("0.5", OpenApi.json(raised).get("max_cost").asText());
    var done = ended(id);
    assertEquals(40, done.get("successful_validations").asInt(), done::toString);
    assertEquals("0.4", done.get("cost").asText());
    for (var result : results(id)) {
      assertEquals("ACTIVE", result.get("status").asText());
      assertTrue(result.get("platform_details").has("carrier"), result::toString);
    }
  }

  @Test
  void validators_areAllListed_withWhatTheyCost() {
    var before = validator("carrier");
    ended(begun(order(numbers(3), "", "carrier")));

    var after = validator("carrier");
    assertEquals("telnyx", after.get("method").asText());
    assertEquals("0.01", after.get("cost_per_call").asText());
    assertEquals(
        3, after.get("calls_this_month").asLong() - before.get("calls_this_month").asLong());
    assertEquals(
        0,
        new BigDecimal("0.03")
            .compareTo(
                after
                    .get("cost_this_month")
                    .decimalValue()
                    .subtract(before.get("cost_this_month").decimalValue())));
    assertTrue(validator("apple").get("method").isNull());
    assertEquals("numbering", validator("numbering").get("platform").asText());
    assertEquals(403, TestNode.user(TestNode.newUser()).get("/api/v1/validators").statusCode());
  }

  private JsonNode validator(String platform) {
    var answer = user.get("/api/v1/validators");
    assertEquals(200, answer.statusCode(), answer.body());
    var all = OpenApi.json(answer).get("items");
    assertEquals(7, all.size());
    return StreamSupport.stream(all.spliterator(), false)
        .filter(one -> one.get("platform").asText().equals(platform))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void job_waitsForMoney_isCancelled() {
    var id = begun(order(numbers(40), ",\"max_cost\":0", "carrier"));
    TestNode.until(() -> job(id).get("waiting").asText().contains("max_cost"));

    var cancelled = user.post("/api/v1/validation-jobs/" + id + "/cancel", "");

    assertEquals("CANCELLED", OpenApi.json(cancelled).get("status").asText());
    assertEquals("CANCELLED", ended(id).get("status").asText());
    assertEquals("0", job(id).get("cost").asText());
  }

  @Test
  void numbering_asksNobody_andTellsTheLine() {
    var id = begun(order(List.of(34_600_123_456L, 34_910_123_456L), "", "numbering"));

    assertEquals(2, ended(id).get("successful_validations").asInt());
    var results = results(id);
    assertEquals("mobile", results.get(0).get("platform_details").get("line_type").asText());
    assertEquals("fixed", results.get(1).get("platform_details").get("line_type").asText());
  }

  @Test
  void score_ofALineThatItsCarrierSaysIsFixed_isCapped() {
    var fixed =
        numbers(400).stream()
            .filter(n -> ValidatorTruth.lineOf(n, 1).kind() == ValidatorTruth.LineKind.FIXED)
            .toList();

    ended(begun(order(fixed, "", "whatsapp", "facebook", "carrier")));

    for (var number : fixed) {
      var score = OpenApi.json(user.get("/api/v1/scores/+" + number));
      assertTrue(score.get("total_score").asInt() <= 19, score::toString);
      assertEquals(2, score.get("validation_count").asInt());
    }
  }

  @Test
  void evidence_isScored_andSparesTheCall() {
    var numbers = numbers(2);
    var told =
        user.post(
            "/api/v1/platform-validations",
            """
            {"validations":[
              {"phone_e164":"+%d","platform":"apple","status":"ACTIVE","details":{"from":"a shop"}},
              {"phone_e164":"+%d","platform":"whatsapp","status":"ACTIVE"},
              {"phone_e164":"12","platform":"apple","status":"ACTIVE"},
              {"phone_e164":"+%d","platform":"carrier","status":"ACTIVE"},
              {"phone_e164":"+%d","platform":"apple","status":"ERROR"},
              {"phone_e164":"+%d","platform":"apple","status":"ACTIVE","validated_at":"2999-01-01T00:00:00Z"},
              {"phone_e164":"+%d","platform":"apple","status":"ACTIVE","details":[1]}]}
            """
                .replace("%d", Long.toString(numbers.getFirst())));

    assertEquals(200, told.statusCode(), told.body());
    assertEquals(2, OpenApi.json(told).get("accepted").asInt());
    var rejected = OpenApi.json(told).get("rejected");
    assertEquals(5, rejected.size());
    var fields = List.of("phone_e164", "platform", "status", "validated_at", "details");
    for (var i = 0; i < 5; i++) {
      assertEquals(i + 2, rejected.get(i).get("index").asInt());
      assertTrue(rejected.get(i).get("reason").asText().startsWith(fields.get(i)));
    }
    ended(begun(order(numbers, "", "apple", "whatsapp")));
    assertEquals(0, calls(Platform.WHATSAPP, numbers.getFirst()));
    assertEquals(1, calls(Platform.WHATSAPP, numbers.getLast()));
    var score = OpenApi.json(user.get("/api/v1/scores/+" + numbers.getFirst()));
    assertEquals(2, score.get("validation_count").asInt());
    assertEquals("PREMIUM", score.get("quality_tier").asText());
  }

  @Test
  void evidence_olderThanWhatIsKnown_replacesNothing() {
    var number = numbers(1).getFirst();
    var evidence =
        """
        {"validations":[{"phone_e164":"+%d","platform":"apple","status":"%s","validated_at":"%s"}]}
        """;
    user.post(
        "/api/v1/platform-validations",
        evidence.formatted(number, "NOT_FOUND", "2026-05-01T00:00:00Z"));

    var older =
        user.post(
            "/api/v1/platform-validations",
            evidence.formatted(number, "ACTIVE", "2026-04-01T00:00:00Z"));

    assertEquals(200, older.statusCode());
    var score = OpenApi.json(user.get("/api/v1/scores/+" + number));
    assertEquals("NOT_FOUND", score.get("parts").get(0).get("status").asText());
  }

  @Test
  void tiers_areShownSearchedAndSegmentedByContact() {
    var city = People.newCity();
    var numbers = People.numbers(614, 6);
    People.imported(city, numbers);
    var of = "/api/v1/contacts?city=" + URLEncoder.encode(city, UTF_8) + "&quality_tier=";
    assertEquals(6, found(of + "UNKNOWN"));
    user.post(
        "/api/v1/platform-validations",
        """
        {"validations":[{"phone_e164":"+%1$d","platform":"apple","status":"ACTIVE"},
                        {"phone_e164":"+%1$d","platform":"google","status":"ACTIVE"},
                        {"phone_e164":"+%2$d","platform":"apple","status":"NOT_FOUND"}]}
        """
            .formatted(numbers.get(0), numbers.get(1)));

    assertEquals(1, found(of + "PREMIUM"));
    assertEquals(2, found(of + "premium,POOR"));
    assertEquals(4, found(of + "UNKNOWN"));
    assertEquals(5, found(of + "UNKNOWN,POOR"));
    var best = OpenApi.json(TestNode.admin().get(of + "PREMIUM")).get("items").get(0);
    assertEquals("+" + numbers.getFirst(), best.get("phone_e164").asText());
    assertEquals("PREMIUM", best.get("quality_tier").asText());
    assertEquals(100, best.get("total_score").asInt());
    var other = OpenApi.json(TestNode.admin().get("/api/v1/contacts/+" + numbers.getLast()));
    assertTrue(other.get("quality_tier").isNull() && other.get("total_score").isNull());
    assertEquals(
        Draw.of(numbers.getFirst()),
        TestNode.count("SELECT contact_draw FROM lead_scores WHERE phone = " + numbers.getFirst()));
    assertEquals(
        0,
        TestNode.count(
            """
            SELECT count(*) FROM lead_counts c
            WHERE n <> (SELECT count(*) FROM lead_scores l WHERE l.quality_tier = c.quality_tier)
            """));
    var filter = "{\"city\":\"%s\",\"quality_tier\":\"PREMIUM,HIGH\"}".formatted(city);
    var kept = user.post("/api/v1/segments", "{\"name\":\"good\",\"filter\":%s}".formatted(filter));
    assertEquals(201, kept.statusCode(), kept.body());
    var job = ended(begun("{\"name\":\"a\",\"platforms\":[\"whatsapp\"],\"segment\":\"good\"}"));
    assertEquals(1, job.get("total_numbers").asInt(), job::toString);
    var csv = TestNode.admin().get(of + "POOR", "Accept", "text/csv").body();
    assertTrue(csv.lines().skip(1).allMatch(line -> line.endsWith(",0,POOR")), csv);
    for (var bad : List.of("BEST", "", "PREMIUM,", "1")) {
      assertEquals(400, TestNode.admin().get(of + bad).statusCode(), bad);
    }
  }

  private static int found(String path) {
    var answer = TestNode.admin().get(path);
    assertEquals(200, answer.statusCode(), answer.body());
    var count = TestNode.admin().get(path.replace("contacts?", "contacts/count?"));
    var found = OpenApi.json(answer).get("items").size();
    assertEquals(found, OpenApi.json(count).get("count").asInt());
    return found;
  }

  @Test
  void segment_isAskedAbout_butNobodyWhoOptedOut() {
    var city = People.newCity();
    var numbers = People.numbers(614, 12);
    People.imported(city, numbers);
    var out = numbers.getFirst();
    assertEquals(
        200, TestNode.admin().post("/api/v1/contacts/+" + out + "/opt-out", "{}").statusCode());
    var kept =
        user.post(
            "/api/v1/segments", "{\"name\":\"mine\",\"filter\":{\"city\":\"%s\"}}".formatted(city));
    assertEquals(201, kept.statusCode(), kept.body());
    var order = "{\"name\":\"a\",\"platforms\":[\"whatsapp\"],\"segment\":\"mine\"%s}";

    var all = ended(begun(order.formatted("")));
    var some = ended(begun(order.formatted(",\"max_numbers\":5")));

    assertEquals(11, all.get("total_numbers").asInt(), all::toString);
    assertEquals("mine", all.get("segment").asText());
    assertEquals(5, some.get("total_numbers").asInt());
    assertEquals(0, calls(Platform.WHATSAPP, out));
    for (var bad :
        List.of(
            order.formatted(",\"phone_numbers\":[\"+525512345678\"]"),
            order.formatted(",\"max_numbers\":0"),
            order.formatted(",\"max_numbers\":1000001"),
            order.formatted("").replace("mine", "theirs"))) {
      assertEquals(400, user.post("/api/v1/validation-jobs", bad).statusCode(), bad);
    }
    var stranger = TestNode.user("nadie-" + NUMBERS.incrementAndGet());
    assertEquals(403, stranger.post("/api/v1/validation-jobs", order.formatted("")).statusCode());
  }
}
