package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** A node that is killed while a webhook's receiver has not answered yet. */
final class WebhookCrashTest {
  private static final int EVENTS = 3;

  private final Path data =
      Path.of("target", "test-data", "webhook-crash-" + System.nanoTime()).toAbsolutePath();
  private final int port = TestPorts.free();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final CountDownLatch killed = new CountDownLatch(1);

  @Test
  void kill9_inTheMiddleOfADelivery_itIsMadeAgainAndNoneIsLost() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var receiver =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      receiver.setExecutor(threads);
      receiver.createContext("/", this::receive);
      receiver.start();
      try {
        var node = start();
        var made =
            node.client()
                .post(
                    "/api/v1/webhooks",
                    "{\"url\":\"http://127.0.0.1:%d/\",\"events\":[\"*\"]}"
                        .formatted(receiver.getAddress().getPort()));
        assertEquals(201, made.statusCode(), made.body());
        var path = "/api/v1/webhooks/" + OpenApi.json(made).path("id").asLong();
        var sent = new HashSet<String>();
        for (var i = 0; i < EVENTS; i++) {
          sent.add(
              OpenApi.json(node.client().post(path + "/test", "")).path("webhook_id").asText());
        }
        var underWay = next();
        node.kill();
        assertEquals(List.of(), List.copyOf(told), "it was not the first that was under way");
        killed.countDown();

        try (var other = start()) {
          assertEquals(underWay, next());
          var all = new HashSet<>(List.of(underWay));
          while (all.size() < EVENTS) {
            all.add(next());
          }
          assertEquals(sent, all);
          TestNode.until(() -> delivered(other, path) == EVENTS);
        }
      } finally {
        killed.countDown();
        receiver.stop(0);
      }
    }
  }

  private NodeProcess start() {
    var node =
        NodeProcess.launch(
            data,
            URI.create("http://127.0.0.1:" + port),
            List.of(),
            List.of("-Dcentralita.webhooks.timeout=4s", "-Dcentralita.webhooks.lease=9s"),
            Map.of("CENTRALITA_WEBHOOK_PRIVATE", "true", "CENTRALITA_WEBHOOK_HTTP", "true"));
    node.awaitReady();
    return node;
  }

  /** Answers nobody until the first node is dead. */
  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      var _ = exchange.getRequestBody().readAllBytes();
      told.add(String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id")));
      killed.await();
      exchange.sendResponseHeaders(204, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String next() throws InterruptedException {
    var id = told.poll(60, TimeUnit.SECONDS);
    assertTrue(id != null, "nothing came within 60 s");
    return String.valueOf(id);
  }

  private static long delivered(NodeProcess node, String path) {
    var deliveries = OpenApi.json(node.client().get(path + "/deliveries")).path("items");
    return StreamSupport.stream(deliveries.spliterator(), false)
        .filter(one -> one.path("status").asText().equals("delivered"))
        .count();
  }
}
