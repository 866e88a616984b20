package io.centralita.proxy;

import com.typesafe.config.ConfigFactory;
import io.centralita.actor.Cause;
import io.centralita.actor.CborSerializable;
import io.centralita.proxy.ProxyCommand.Lent;
import io.centralita.proxy.ProxyCommand.Refused;
import io.centralita.proxy.ProxyCommand.Report;
import io.centralita.proxy.ProxyCommand.Tested;
import io.centralita.proxy.ProxyCommand.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is journalled, kept as a snapshot or sent to another node comes back as it was. */
final class ProxySerializationTest {
  private static final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final Instant AT = Instant.parse("2026-01-06T12:00:00.123456Z");
  private static final Cause ANA = new Cause("ana", "why", "r1");

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  static List<CborSerializable> values() {
    var events =
        List.<ProxyEvent>of(
            new ProxyEvent.Configured(
                new Configuration(1, "h", 1, 2, 3, "ana", 4, 5, 0.5), ANA, AT),
            new ProxyEvent.Configured(new Configuration(2, "h", 1, 2, 0, null, 0, 0, 0), ANA, AT),
            new ProxyEvent.Opened("5 TLS errors", AT.plusSeconds(300), AT),
            new ProxyEvent.TrialStarted("one call decides", AT),
            new ProxyEvent.Closed("it passed", AT),
            new ProxyEvent.ExitBlocked(new Exit(1, 0, "abc"), "ana", "403", 1, null, AT),
            new ProxyEvent.ExitBlocked(new Exit(1, -1, ""), "ana", "403", 2, AT, AT),
            new ProxyEvent.Disabled(ANA, AT),
            new ProxyEvent.Enabled(ANA, AT),
            new ProxyEvent.Removed(ANA, AT));
    var values = new ArrayList<CborSerializable>(events);
    var state = ProxyState.EMPTY;
    values.add(state);
    for (var event : events) {
      state = state.apply(event);
      values.add(state);
    }
    values.add(
        new ProxyStatus(
            1, 2, 3, ProxyState.Status.OPEN, "why", AT, AT, Map.of("ok", 3L), 1.5, 4, 5));
    values.add(new Lent(Long.MIN_VALUE, 1, new Exit(1, 2, "abc"), 7, AT));
    values.add(new Refused("why", null));
    values.add(new Tested(Outcome.OK, "200", 3));
    values.add(
        new Report(
            List.of(
                new Told(Outcome.OK, 3, "", null, ""),
                new Told(Outcome.BLOCKED, 1, "403", new Exit(1, 2, "abc"), "ana")),
            List.of(5L, -6L)));
    return values;
  }

  @ParameterizedTest
  @MethodSource("values")
  void value_writtenAndRead_isTheSame(CborSerializable value) {
    kit.serializationTestKit().verifySerialization(value, true);
  }
}
