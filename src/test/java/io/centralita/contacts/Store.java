package io.centralita.contacts;

import io.centralita.TestPostgres;
import io.centralita.db.Database;
import io.centralita.db.Db;
import io.centralita.phone.Lada;
import io.centralita.phone.Ladas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/** A database of a test's own, filled with made-up people as an import would leave them. */
final class Store implements AutoCloseable {
  static final int CITIES = 300;
  static final int COMMON_NAMES = 200;
  static final int SURNAMES = 3_000;

  /** Of three digits, as the numbers made here have them. */
  private static final List<Integer> LADAS =
      Ladas.all().stream().map(Lada::code).filter(code -> code > 99).toList();

  final Database.Settings settings = TestPostgres.fresh();
  final Database database = Database.open(settings);
  final Db db = database.db();

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(settings.url(), settings.user(), settings.password());
  }

  void sql(String... statements) {
    for (var statement : statements) {
      done(db.update(statement, _ -> {}));
    }
  }

  long count(String sql) {
    return done(db.queryOne(sql, _ -> {}, row -> row.getLong(1))).orElseThrow();
  }

  /** The number of the i-th person. */
  static long phone(int i) {
    return 52_0000_000_000L + lada(city(i)) * 10_000_000L + 2_000_000 + i % 7_000_000;
  }

  /** A few cities have many people, many have few. */
  static int city(int i) {
    var share = new Random(i * 31L).nextDouble();
    return 1 + (int) (share * share * (CITIES - 1));
  }

  static int lada(int city) {
    return LADAS.get(city);
  }

  static int state(int city) {
    return 1 + city % 32;
  }

  private static int frequent(Random random, int most) {
    var share = random.nextDouble();
    return (int) (share * share * share * most);
  }

  /** Fills the store with so many people, with counters and indexes. */
  Store fill(int people) throws SQLException, IOException {
    return fill(people, 1);
  }

  /**
   * Fills the store with so many people, and with more who are like them but for their numbers, and
   * whose place in the order is not that of their numbers: import 2.
   *
   * @param times as many as are there then
   */
  Store fill(int people, int times) throws SQLException, IOException {
    places();
    // As the migrations made them: without them the rows come many times faster.
    var indexes =
        done(
            db.query(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'contacts' AND"
                    + " indexname <> 'contacts_pkey'",
                _ -> {},
                row -> List.of(row.getString(1), row.getString(2))));
    indexes.forEach(index -> sql("DROP INDEX " + index.getFirst()));
    try (var connection = connect()) {
      var copy = connection.unwrap(PGConnection.class).getCopyAPI();
      for (var from = 0; from < people; from += 50_000) {
        var rows = new StringBuilder();
        for (var i = from; i < Math.min(people, from + 50_000); i++) {
          row(i, rows);
        }
        copy.copyIn(
            "COPY contacts (phone, draw, import_id, changed_by, municipality, city, state, lada,"
                + " carrier, kind, sends, last_sent_at, opt_out_at, original, name, address,"
                + " neighborhood, words) FROM STDIN",
            new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
      }
    }
    for (var copy = 1; copy < times; copy++) {
      sql(
          """
          INSERT INTO contacts (phone, draw, import_id, changed_by, municipality, city, state, lada,
            carrier, kind, sends, last_sent_at, opt_out_at, original, name, address, neighborhood,
            words)
          SELECT phone + %1$d, (draw::bigint + %1$d * 1013) %% 2147483648, 2, changed_by,
            municipality, city, state, lada, carrier, kind, sends, last_sent_at, NULL, original,
            name, address, neighborhood, words
          FROM contacts WHERE phone %% 10000000 - 2000000 < %2$d
          """
              .formatted(copy * people, people));
    }
    indexes.forEach(index -> sql(index.getLast().replace(" ON ONLY ", " ON ")));
    count();
    sql("ANALYZE contacts");
    return this;
  }

  /** Makes the counters and the opt-outs anew, from the contacts. */
  void count() {
    sql(
        "INSERT INTO opt_outs (phone, draw, at, method, reason, by) SELECT phone, draw, opt_out_at, 'LIST', '',"
            + " 'ana' FROM contacts WHERE opt_out_at IS NOT NULL ON CONFLICT DO NOTHING",
        "TRUNCATE contact_counts, carrier_counts",
        "INSERT INTO contact_counts SELECT state, municipality, city, lada, kind,"
            + " opt_out_at IS NOT NULL, false, count(*) FROM contacts GROUP BY 1, 2, 3, 4, 5, 6",
        "INSERT INTO carrier_counts SELECT state, city, lada, kind, carrier,"
            + " opt_out_at IS NOT NULL, false, count(*) FROM contacts GROUP BY 1, 2, 3, 4, 5, 6",
        "ANALYZE contact_counts, carrier_counts, opt_outs");
  }

  private void places() {
    var cities = new ArrayList<String>();
    var municipalities = new ArrayList<String>();
    for (var city = 1; city <= CITIES; city++) {
      cities.add("(%d, 'city %d', 'City %d')".formatted(city, city, city));
      for (var i = 0; i < 4; i++) {
        // Each fourth is called as one in the city before: in another state.
        var name = (i == 3 ? city / 2 : city) + " " + i;
        municipalities.add(
            "(%d, %d, 'municipio %s', 'Municipio %s')"
                .formatted(city * 4 + i, state(city), name, name));
      }
    }
    sql(
        "INSERT INTO cities (id, key, name) VALUES " + String.join(",", cities),
        "INSERT INTO municipalities (id, state, key, name) VALUES "
            + String.join(",", municipalities)
            + " ON CONFLICT DO NOTHING",
        IntStream.rangeClosed(1, 60)
            .mapToObj(i -> "(%d, 'Carrier %d')".formatted(i, i))
            .collect(Collectors.joining(",", "INSERT INTO carriers (id, name) VALUES ", "")));
  }

  private static void row(int i, StringBuilder rows) {
    var random = new Random(i);
    var city = city(i);
    var phone = phone(i);
    var name =
        "Nombre%d Apellido%d Apellido%d"
            .formatted(
                frequent(random, COMMON_NAMES),
                frequent(random, SURNAMES),
                frequent(random, SURNAMES));
    var address = "Calle Árbol%d %d".formatted(random.nextInt(4_000), random.nextInt(2_000));
    var neighborhood = "Colonia%d".formatted(random.nextInt(8_000));
    var words =
        Words.of(name, address, neighborhood).stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
    var sent = random.nextInt(16) == 0;
    rows.append(phone).append('\t').append(Draw.of(phone)).append("\t1\t1\t");
    rows.append(city * 4 + random.nextInt(3)).append('\t').append(city).append('\t');
    rows.append(state(city)).append('\t').append(lada(city)).append('\t');
    rows.append(random.nextInt(8) > 0 ? 1 + random.nextInt(4) : 5 + frequent(random, 55));
    rows.append('\t').append(random.nextInt(10) == 0 ? 2 : random.nextInt(50) == 0 ? 0 : 1);
    rows.append('\t').append(sent ? 1 + random.nextInt(4) : 0).append('\t');
    rows.append(sent ? "2026-0%d-1%d".formatted(1 + random.nextInt(9), random.nextInt(10)) : "\\N");
    rows.append('\t').append(random.nextInt(128) == 0 ? "2026-03-01" : "\\N");
    rows.append('\t').append(phone % 10_000_000_000L).append('\t').append(name);
    rows.append('\t').append(address).append('\t').append(neighborhood).append('\t');
    rows.append(words).append('\n');
  }

  /** One person, in no place. */
  void person(long phone, String name) {
    sql(
        """
        INSERT INTO contacts (phone, draw, import_id, changed_by, municipality, city, state, lada,
          carrier, kind, name, words)
        VALUES (%d, %d, 0, 0, 0, 0, 0, 0, 0, 1, '%s', array_to_tsvector('{%s}'))
        """
            .formatted(
                phone, Draw.of(phone), name.replace("'", "''"), String.join(",", Words.of(name))));
  }

  @Override
  public void close() {
    database.close();
  }
}
