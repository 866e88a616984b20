package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.centralita.jobs.RunEvent;
import io.centralita.simulators.PortalNumbering;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/**
 * What must be true of a completed file, whatever happened meanwhile, by the journal and by the
 * rows: nothing lost, nothing twice, one writer at a time.
 */
final class ClusterCheck {
  private static final CBORMapper CBOR = new CBORMapper();

  private static final String EVENTS =
      """
      SELECT sequence_number, writer, event_ser_manifest, event_payload
      FROM event_journal
      WHERE persistence_id = ?
      ORDER BY ordering
      """;

  private static final String RESULTS =
      "SELECT number, outcome, operator FROM file_results WHERE file_id = ?";

  private static final String COUNTERS =
      """
      SELECT f.total, f.found, f.unknown, f.failed, sum(w.found), sum(w.unknown), sum(w.failed),
             sum(cardinality(w.numbers)), count(*), min(w.round), max(w.round)
      FROM files f JOIN file_windows w ON w.file_id = f.id
      WHERE f.id = ?
      GROUP BY f.id
      """;

  private final Connection connection;

  ClusterCheck(Connection connection) {
    this.connection = connection;
  }

  /** Checks a file of so many numbers that was done once, without a reprocessing. */
  void file(long id, int numbers, JsonNode view) throws SQLException, IOException {
    var journalled = journal(id);
    var seen = results(id);
    counters(id, numbers);
    assertEquals(numbers, seen.values().stream().mapToInt(Integer::intValue).sum());
    assertEquals(numbers, view.path("progres").asInt());
    for (var outcome : new String[] {"FOUND", "UNKNOWN", "FAILED"}) {
      var count = seen.getOrDefault(outcome, 0);
      assertEquals(count, journalled.getOrDefault(outcome, 0), outcome + " in the journal");
      assertEquals(count, view.path("outcomes").path(outcome).asInt(), outcome + " as shown");
    }
  }

  /** The journal's counts: each window once, sequence numbers without a gap, writers in turn. */
  private Map<String, Integer> journal(long id) throws SQLException, IOException {
    var counts = new HashMap<String, Integer>();
    var windows = new HashSet<Integer>();
    var writers = new HashSet<String>();
    var lastWriter = "";
    var expected = 1L;
    try (var statement = connection.prepareStatement(EVENTS)) {
      statement.setString(1, "UserFile|" + id);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          assertEquals(expected++, rows.getLong(1), "sequence numbers in the order of writing");
          var writer = rows.getString(2);
          // A writer that comes back after another has written: two lived at once.
          assertTrue(writer.equals(lastWriter) || writers.add(writer), "interleaved writers");
          lastWriter = writer;
          if (rows.getString(3).endsWith(RunEvent.WindowFinished.class.getSimpleName())) {
            var event = CBOR.readTree(rows.getBytes(4));
            assertTrue(windows.add(event.path("window").asInt()), "a window is counted twice");
            event
                .path("counts")
                .properties()
                .forEach(
                    count -> counts.merge(count.getKey(), count.getValue().asInt(), Integer::sum));
          }
        }
      }
    }
    return counts;
  }

  /** How many of each outcome the rows have; every one as the portal would have it. */
  private Map<String, Integer> results(long id) throws SQLException {
    var numbers = new HashSet<Integer>();
    var counts = new HashMap<String, Integer>();
    try (var statement = of(RESULTS, id);
        var rows = statement.executeQuery()) {
      while (rows.next()) {
        var number = rows.getInt(1);
        assertTrue(numbers.add(number), "a number is stored twice");
        var truth = PortalNumbering.answerFor(number).operator();
        assertEquals(truth.isPresent() ? "FOUND" : "UNKNOWN", rows.getString(2));
        if (truth.isPresent()) {
          assertEquals(truth.get(), rows.getString(3));
        } else {
          assertNull(rows.getString(3));
        }
        counts.merge(rows.getString(2), 1, Integer::sum);
      }
    }
    return counts;
  }

  private void counters(long id, int numbers) throws SQLException {
    try (var statement = of(COUNTERS, id);
        var row = statement.executeQuery()) {
      assertTrue(row.next());
      assertEquals(numbers, row.getLong(1));
      for (var outcome = 2; outcome <= 4; outcome++) {
        assertEquals(row.getLong(outcome + 3), row.getLong(outcome), "counters and rows");
      }
      assertEquals(numbers, row.getLong(8), "numbers in windows");
      assertEquals((numbers + 499) / 500, row.getLong(9), "windows");
      assertEquals(1, row.getInt(10));
      assertEquals(1, row.getInt(11));
    }
  }

  private PreparedStatement of(String sql, long id) throws SQLException {
    var statement = connection.prepareStatement(sql);
    statement.setLong(1, id);
    return statement;
  }
}
