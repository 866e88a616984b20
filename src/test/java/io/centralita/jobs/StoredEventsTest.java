package io.centralita.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import io.centralita.actor.Cause;
import io.centralita.jobs.RunEvent.Cancelled;
import io.centralita.jobs.RunEvent.Extended;
import io.centralita.jobs.RunEvent.Failed;
import io.centralita.jobs.RunEvent.Paused;
import io.centralita.jobs.RunEvent.Reopened;
import io.centralita.jobs.RunEvent.Resumed;
import io.centralita.jobs.RunEvent.WindowFinished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What any earlier build journalled can be read, and what a later one adds does no harm. */
final class StoredEventsTest {
  private static final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final Serialization serialization = SerializationExtension.get(kit.system());
  private static final CBORMapper CBOR = new CBORMapper();

  private static final Instant AT = Instant.parse("2026-01-06T12:00:00.123456Z");
  private static final Cause ANA = new Cause("ana", "why", "r1");

  /** What the stored bytes mean today. */
  private static final Map<String, RunEvent> MEANING =
      Map.of(
          "extended", new Extended("ana", 500, 0, 250_000, ANA, AT),
          "window-finished",
              new WindowFinished(7, Map.of("FOUND", 400L, "FAILED", 100L), false, AT),
          "paused-until", new Paused(ANA, AT.plusSeconds(60), AT),
          "paused", new Paused(ANA, null, AT),
          "resumed", new Resumed(ANA, AT),
          "failed", new Failed("broken", AT),
          "reopened-all", new Reopened(true, Map.of(), ANA, AT),
          "reopened", new Reopened(false, Map.of("FOUND", 3L), ANA, AT),
          "cancelled", new Cancelled(ANA, AT));

  record Stored(String name, int serializer, String manifest, String base64) {
    byte[] bytes() {
      return Base64.getDecoder().decode(base64);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  static List<Stored> stored() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/journal/runs.txt")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" ", -1))
        .map(part -> new Stored(part[0], Integer.parseInt(part[1]), part[2], part[3]))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("stored")
  void event_writtenByAnEarlierBuild_meansWhatItMeant(Stored stored) {
    assertEquals(expected(stored), read(stored, stored.bytes()));
  }

  @ParameterizedTest
  @MethodSource("stored")
  void event_withAFieldOfALaterBuild_isReadWithoutIt(Stored stored) throws IOException {
    var tree = (ObjectNode) CBOR.readTree(stored.bytes());
    tree.put("of_a_later_build", 1).putObject("and_more").put("deep", true);

    assertEquals(expected(stored), read(stored, CBOR.writeValueAsBytes(tree)));
  }

  @Test
  void samples_ofEveryEventThatThereIs() throws IOException {
    var sampled = stored().stream().map(Stored::manifest).collect(Collectors.toSet());
    var missing =
        Arrays.stream(RunEvent.class.getPermittedSubclasses())
            .map(Class::getName)
            .filter(name -> !sampled.contains(name))
            .toList();

    assertTrue(missing.isEmpty(), "no stored sample of " + missing);
  }

  private static Object read(Stored stored, byte[] bytes) {
    return serialization.deserialize(bytes, stored.serializer(), stored.manifest()).get();
  }

  private static RunEvent meaning(String name) {
    return Objects.requireNonNull(MEANING.get(name), name);
  }

  /** The snapshot is the state that three of the events lead to. */
  private static Object expected(Stored stored) {
    if (!stored.name().equals("state")) {
      return meaning(stored.name());
    }
    var state = RunState.EMPTY;
    for (var name : List.of("extended", "window-finished", "paused-until")) {
      state = state.apply(meaning(name));
    }
    return state;
  }
}
