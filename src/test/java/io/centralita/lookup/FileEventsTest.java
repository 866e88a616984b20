package io.centralita.lookup;

import static io.centralita.lookup.Person.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.centralita.TestNode;
import io.centralita.simulators.Faults;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Progress as it happens. */
final class FileEventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Person ana = Person.fresh();

  @AfterEach
  void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  /** The events of a file, each as it comes. */
  private final class Events implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Iterator<String> lines;

    Events(long id) throws IOException, InterruptedException {
      var request =
          HttpRequest.newBuilder(ana.api().server().resolve("/api/v1/files/" + id + "/events"))
              .header("X-API-Key", String.valueOf(ana.api().key()))
              .build();
      lines = client.send(request, HttpResponse.BodyHandlers.ofLines()).body().iterator();
    }

    /** The next event's data; a missing node where the stream has ended. */
    JsonNode next() {
      return CompletableFuture.supplyAsync(
              () -> {
                while (lines.hasNext()) {
                  var line = lines.next();
                  if (line.startsWith("data:") && line.length() > 5) {
                    return read(line.substring(5));
                  }
                }
                return JSON.missingNode();
              })
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    }

    private static JsonNode read(String json) {
      try {
        return JSON.readTree(json);
      } catch (JsonProcessingException e) {
        throw new AssertionError(json, e);
      }
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  @Test
  void events_comeAtOnce_thenAsItRuns_andEndWithTheFile() throws Exception {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(4, 4));
    var id = ana.file("a.csv", numbers(1500));

    try (var events = new Events(id)) {
      var first = events.next();
      assertEquals("processing", first.get("status").asText());
      assertEquals(ana.view(id).get("conse"), first.get("conse"));
      var progress = 0L;
      var count = 1;
      var last = first;
      for (var next = events.next(); !next.isMissingNode(); next = events.next()) {
        assertTrue(next.get("progres").asLong() >= progress);
        progress = next.get("progres").asLong();
        last = next;
        count++;
      }
      assertEquals("completed", last.get("status").asText());
      assertEquals(1500, last.get("progres").asLong());
      assertTrue(count >= 3, count + " events");
    }
  }

  @Test
  void events_ofACompletedFile_areOne() throws Exception {
    var id = ana.done("a.csv", numbers(1)).get("id").asLong();

    try (var events = new Events(id)) {
      assertEquals("completed", events.next().get("status").asText());
      assertTrue(events.next().isMissingNode());
    }
  }

  @Test
  void events_tellOfAPause_andEndWhenTheFileIsRemoved() throws Exception {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(100, 100));
    var id = ana.file("a.csv", numbers(500));

    try (var events = new Events(id)) {
      events.next();
      ana.pause(id);
      var paused = events.next();
      while (paused.get("active").asBoolean()) {
        paused = events.next();
      }
      assertEquals(ana.name(), paused.get("paused").get("by").asText());
      ana.api().delete("/api/v1/files/" + id);
      var next = events.next();
      while (!next.isMissingNode()) {
        next = events.next();
      }
    }
  }

  @Test
  void stream_saysWhatItIs() {
    var id = ana.done("a.csv", numbers(1)).get("id").asLong();

    var answer = ana.api().get("/api/v1/files/" + id + "/events");

    assertTrue(
        answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream"));
    assertEquals("no", answer.headers().firstValue("X-Accel-Buffering").orElse(""));
    var lines = answer.body().lines().toList();
    assertTrue(lines.containsAll(List.of("event:progress")), answer.body());
  }
}
