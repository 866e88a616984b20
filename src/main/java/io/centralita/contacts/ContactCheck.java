package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.http.ProblemException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proof that what is kept beside the contacts agrees with them: the counters, the draw and the
 * words of each, and the opt-outs. Reads the whole table in one snapshot, so writers may go on; it
 * holds one connection for as long as that takes, some minutes at 36 million.
 */
final class ContactCheck {
  private static final Logger log = LoggerFactory.getLogger(ContactCheck.class);
  private static final int FETCH = 2_000;

  /**
   * What was found in a part of the table.
   *
   * @param draws contacts with another draw than their number's
   * @param words contacts that are found by other words than theirs
   * @param optOuts contacts that opted out and are not said to, or the other way round
   */
  record Part(int part, long contacts, long draws, long words, long optOuts) {}

  /** How many counters differ from the table, and whether nothing else does. */
  record Sum(long contacts, long countsWrong, long carrierCountsWrong, boolean sound) {}

  private static final String ROWS =
      """
      SELECT c.phone, c.draw, c.state, c.municipality, c.city, c.lada, c.kind, c.carrier,
        c.opt_out_at IS NOT NULL, o.phone IS NOT NULL, c.name, c.address, c.neighborhood,
        tsvector_to_array(c.words), h.contact_phone IS NOT NULL
      FROM
      """;

  private static final String WITH_OPT_OUTS =
      """
       c
      LEFT JOIN opt_outs o ON o.phone = c.phone
      LEFT JOIN extraction_contacts h
        ON h.held AND h.contact_draw = c.draw AND h.contact_phone = c.phone
      """;

  private static final String COUNTS =
      """
      SELECT state, municipality, city, lada, kind, 0, opted_out, held, n
      FROM contact_counts WHERE n <> 0
      """;

  private static final String CARRIER_COUNTS =
      """
      SELECT state, 0, city, lada, kind, carrier, opted_out, held, n
      FROM carrier_counts WHERE n <> 0
      """;

  private final Db db;
  private final AtomicBoolean running = new AtomicBoolean();

  ContactCheck(Db db) {
    this.db = db;
  }

  /**
   * Runs the check, and tells of it as it goes: an object with {@code parts} and {@code result}.
   */
  Source<ByteString, NotUsed> report() {
    if (!running.compareAndSet(false, true)) {
      throw ProblemException.conflict("a check is under way on this node");
    }
    return Source.<String>queue(2 * Parts.COUNT, OverflowStrategy.fail())
        .mapMaterializedValue(
            queue -> {
              var told = queue;
              var wanted = new AtomicBoolean(true);
              told.watchCompletion().whenComplete((_, _) -> wanted.set(false));
              db.transaction(
                      "check of contacts",
                      connection -> run(connection, part -> told.offer(Json.text(part)), wanted))
                  .whenComplete(
                      (sum, failure) -> {
                        running.set(false);
                        if (failure == null) {
                          told.offer("],\"result\":" + Json.text(sum) + "}");
                          told.complete();
                        } else {
                          log.error("the contacts could not be checked", failure);
                          told.fail(failure);
                        }
                      });
              return NotUsed.getInstance();
            })
        .statefulMap(() -> new boolean[1], ContactCheck::separated, _ -> Optional.empty())
        .map(ByteString::fromString);
  }

  private static Pair<boolean[], String> separated(boolean[] begun, String text) {
    var before = begun[0] ? (text.startsWith("]") ? "" : ",") : "{\"parts\":[";
    begun[0] = true;
    return Pair.create(begun, before + text);
  }

  /** The check itself. */
  static Sum run(Connection connection, Consumer<Part> tell, AtomicBoolean wanted)
      throws SQLException {
    Db.update(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", _ -> {});
    var counted = new HashMap<Sort, Long>();
    var sound = true;
    var contacts = 0L;
    for (var part = 0; part < Parts.COUNT && wanted.get(); part++) {
      var found = part(connection, part, counted);
      tell.accept(found);
      contacts += found.contacts();
      sound &= found.draws() + found.words() + found.optOuts() == 0;
    }
    var counts = differences(connection, COUNTS, counted, Sort::withoutCarrier);
    var carriers = differences(connection, CARRIER_COUNTS, counted, Sort::withoutMunicipality);
    return new Sum(contacts, counts, carriers, sound && counts + carriers == 0);
  }

  private static Part part(Connection connection, int part, Map<Sort, Long> counted)
      throws SQLException {
    var contacts = 0L;
    var draws = 0L;
    var words = 0L;
    var optOuts = 0L;
    try (var statement = connection.prepareStatement(ROWS + Parts.table(part) + WITH_OPT_OUTS)) {
      statement.setFetchSize(FETCH);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          contacts++;
          var draw = row.getInt(2);
          draws += draw == Draw.of(row.getLong(1)) && Parts.of(draw) == part ? 0 : 1;
          optOuts += row.getBoolean(9) == row.getBoolean(10) ? 0 : 1;
          words += hasItsWords(row) ? 0 : 1;
          var sort =
              new Sort(
                  row.getInt(3),
                  row.getInt(4),
                  row.getInt(5),
                  row.getInt(6),
                  row.getInt(7),
                  row.getInt(8),
                  row.getBoolean(9),
                  row.getBoolean(15));
          counted.merge(sort, 1L, Long::sum);
        }
      }
    }
    return new Part(part, contacts, draws, words, optOuts);
  }

  private static boolean hasItsWords(ResultSet row) throws SQLException {
    var stored = Arrays.asList((String[]) row.getArray(14).getArray());
    var own = Words.of(text(row, 11), text(row, 12), text(row, 13));
    return stored.size() == own.size() && new HashSet<>(stored).containsAll(own);
  }

  private static String text(ResultSet row, int column) throws SQLException {
    var text = row.getString(column);
    return text == null ? "" : text;
  }

  private static long differences(
      Connection connection, String sql, Map<Sort, Long> counted, UnaryOperator<Sort> key)
      throws SQLException {
    var left = new HashMap<Sort, Long>();
    counted.forEach((sort, n) -> left.merge(key.apply(sort), n, Long::sum));
    List<Map.Entry<Sort, Long>> kept =
        Db.query(connection, sql, _ -> {}, row -> Map.entry(Sort.read(row, 1), row.getLong(9)));
    for (var counter : kept) {
      left.merge(counter.getKey(), -counter.getValue(), Long::sum);
    }
    return left.values().stream().filter(n -> n != 0).count();
  }
}
