package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The lines of a node's log, as logback.xml sets them up. */
final class JsonLinesTest {

  private static JsonNode written(LoggingEvent event) throws Exception {
    var context = new LoggerContext();
    context.putProperty("CENTRALITA_LOG", "json");
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Path.of("src", "main", "resources", "logback.xml").toFile());
    var appender = (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("json");
    try {
      return new ObjectMapper().readTree(appender.getEncoder().encode(event));
    } finally {
      context.stop();
    }
  }

  private static LoggingEvent at(String time) {
    var event = new LoggingEvent();
    event.setLoggerContext(new LoggerContext());
    event.setLoggerName("io.centralita.Node");
    event.setThreadName("main");
    event.setLevel(Level.INFO);
    event.setMessage("{} started");
    event.setArgumentArray(new Object[] {"PostgreSQL"});
    event.setMDCPropertyMap(Map.of());
    event.setInstant(Instant.parse(time));
    return event;
  }

  @Test
  void time_isIso8601InUtc_withItsMilliseconds() throws Exception {
    assertEquals(
        "2026-01-06T10:30:00.007Z",
        written(at("2026-01-06T10:30:00.007Z")).get("timestamp").asText());
    assertEquals(
        "2026-01-06T10:30:00.000Z", written(at("2026-01-06T10:30:00Z")).get("timestamp").asText());
  }

  @Test
  void line_hasWhatWasLogged() throws Exception {
    var line = written(at("2026-01-06T10:30:00Z"));

    assertEquals("PostgreSQL started", line.get("formattedMessage").asText());
    assertEquals("INFO", line.get("level").asText());
    assertEquals("io.centralita.Node", line.get("loggerName").asText());
  }
}
