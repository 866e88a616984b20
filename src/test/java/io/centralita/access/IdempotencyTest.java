package io.centralita.access;

import static io.centralita.access.Node.done;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.ApiClient;
import io.centralita.OpenApi;
import io.centralita.http.ProblemException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.pekko.http.javadsl.server.Route;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdempotencyTest {
  // The path of the older API that asks for a name only; its answers are held to its description.
  private static final String PATH = "/filter_data/";
  private static final Object EMPTY = new Listing(java.util.List.of());

  record Listing(java.util.List<String> data) {}

  record Name(String user) {}

  private static Node node;
  private static ApiClient ana;
  private static final AtomicInteger runs = new AtomicInteger();
  private static volatile Supplier<CompletionStage<Reply>> work = IdempotencyTest::listing;

  @BeforeAll
  static void start() {
    node = new Node(IdempotencyTest::route);
    ana = node.user("ana");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void reset() {
    node.sql("DELETE FROM idempotency_keys");
    runs.set(0);
    work = IdempotencyTest::listing;
  }

  private static CompletionStage<Reply> listing() {
    return CompletableFuture.completedStage(Reply.of(200, EMPTY));
  }

  private static Route route(Node node) {
    return pathPrefix(
        "filter_data",
        () ->
            pathEndOrSingleSlash(
                () ->
                    node.authenticated.authenticated(
                        who ->
                            node.json.body(
                                Name.class,
                                1000,
                                body ->
                                    node.idempotency.idempotent(
                                        who,
                                        body.sha256(),
                                        () -> {
                                          runs.incrementAndGet();
                                          return work.get();
                                        })))));
  }

  private static HttpResponse<String> post(ApiClient client, String key, String user) {
    return client.post(PATH, "{\"user\":\"" + user + "\"}", "Idempotency-Key", key);
  }

  private static boolean isReplayed(HttpResponse<String> answer) {
    return answer.headers().firstValue("Idempotent-Replayed").isPresent();
  }

  @Test
  void post_repeated_isAnsweredTheSameAndDoneOnce() {
    var first = post(ana, "k-1", "ana");
    var again = post(ana, "k-1", "ana");

    assertEquals(200, again.statusCode());
    assertEquals(first.body(), again.body());
    assertFalse(isReplayed(first));
    assertTrue(isReplayed(again));
    assertEquals(1, runs.get());
  }

  @Test
  void post_repeatedWithoutItsLastSlash_isTheSameRequest() {
    post(ana, "k-1", "ana");

    var uri = "/filter_data";
    var again =
        new ApiClient(ana.server(), ana.key())
            .post(uri, "{\"user\":\"ana\"}", "Idempotency-Key", "k-1");

    assertTrue(isReplayed(again));
  }

  @Test
  void post_withoutTheHeader_isDoneEachTime() {
    ana.post(PATH, "{\"user\":\"ana\"}");
    ana.post(PATH, "{\"user\":\"ana\"}");

    assertEquals(2, runs.get());
  }

  @Test
  void post_sameKeyOtherBody_is422() {
    post(ana, "k-1", "ana");

    assertEquals(422, post(ana, "k-1", "eva").statusCode());
    assertEquals(1, runs.get());
  }

  @Test
  void post_sameKeyOfAnotherClient_isAnotherRequest() {
    post(ana, "k-1", "ana");
    post(node.admin, "k-1", "eva");

    assertEquals(2, runs.get());
  }

  @Test
  void post_manyAtTheSameInstant_isDoneOnce() throws Exception {
    var release = new CompletableFuture<Reply>();
    work = () -> release;
    var barrier = new CyclicBarrier(8);
    var answers =
        IntStream.range(0, 8)
            .mapToObj(
                _ ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            barrier.await();
                          } catch (Exception e) {
                            throw new IllegalStateException(e);
                          }
                          return post(ana, "k-1", "ana");
                        },
                        task -> Thread.ofVirtual().start(task)))
            .toList();
    // Seven are told that it is under way; the one that works is let go then.
    while (answers.stream().filter(CompletableFuture::isDone).count() < 7) {
      Thread.onSpinWait();
    }
    release.complete(Reply.of(200, EMPTY));

    var statuses = answers.stream().map(answer -> answer.join().statusCode()).sorted().toList();
    assertEquals(java.util.List.of(200, 409, 409, 409, 409, 409, 409, 409), statuses);
    var refused =
        answers.stream()
            .map(CompletableFuture::join)
            .filter(answer -> answer.statusCode() == 409)
            .findFirst()
            .orElseThrow();
    assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
    assertEquals(1, runs.get());
  }

  @Test
  void post_failed_mayBeTriedAgain() {
    work =
        () ->
            CompletableFuture.failedStage(
                ProblemException.unavailable("no source", Duration.ofSeconds(3)));
    var failed = post(ana, "k-1", "ana");
    assertEquals(503, failed.statusCode());
    assertEquals("3", failed.headers().firstValue("Retry-After").orElseThrow());
    work =
        () -> {
          throw ProblemException.badRequest("user", "unlucky");
        };
    assertEquals(400, post(ana, "k-1", "ana").statusCode());

    work = IdempotencyTest::listing;
    var again = post(ana, "k-1", "ana");

    assertEquals(200, again.statusCode());
    assertFalse(isReplayed(again));
    assertEquals(3, runs.get());
  }

  @Test
  void post_refusedForGood_isRefusedAgainWithoutWork() {
    work = () -> CompletableFuture.failedStage(ProblemException.conflict("it is paused"));
    var first = post(ana, "k-1", "ana");
    work = IdempotencyTest::listing;

    var again = post(ana, "k-1", "ana");

    assertEquals(409, again.statusCode());
    assertEquals(OpenApi.problem(first).path("detail"), OpenApi.problem(again).path("detail"));
    assertTrue(isReplayed(again));
    assertEquals(1, runs.get());
  }

  @Test
  void post_leftBehindByADeadNode_isTakenOver() {
    post(ana, "k-1", "ana");
    node.sql("UPDATE idempotency_keys SET status = NULL, body = NULL");
    assertEquals(409, post(ana, "k-1", "ana").statusCode());
    node.sql("UPDATE idempotency_keys SET created_at = now() - interval '6 minutes'");
    assertEquals(422, post(ana, "k-1", "eva").statusCode());

    assertEquals(200, post(ana, "k-1", "ana").statusCode());

    assertEquals(2, runs.get());
  }

  @Test
  void keep_byOneThatWasGivenUp_changesNothing() {
    var claims = new Claims(node.db);
    var hash = "ab".repeat(32);
    var first = (Claims.Claim.First) done(claims.take("key", "k-1", hash));
    node.sql("UPDATE idempotency_keys SET created_at = now() - interval '6 minutes'");
    var second = (Claims.Claim.First) done(claims.take("key", "k-1", hash));

    assertEquals(0, done(claims.keep("key", "k-1", first.claim(), Reply.of(200, EMPTY))));
    assertEquals(0, done(claims.forget("key", "k-1", first.claim())));
    assertEquals(1, done(claims.keep("key", "k-1", second.claim(), Reply.of(200, EMPTY))));
  }

  @Test
  void key_aDayOld_isForgotten() {
    post(ana, "k-1", "ana");
    node.sql("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'");

    assertFalse(isReplayed(post(ana, "k-1", "eva")));

    node.sql("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'");
    assertEquals(1, done(new Claims(node.db).sweep()));
  }

  @Test
  void key_malformed_is400() {
    for (var key : java.util.List.of("x".repeat(256), "two words", "")) {
      var answer = post(ana, key, "ana");
      assertEquals(400, answer.statusCode(), key);
      assertEquals(
          "Idempotency-Key", OpenApi.problem(answer).path("errors").path(0).path("field").asText());
    }
    assertEquals(0, runs.get());
  }
}
