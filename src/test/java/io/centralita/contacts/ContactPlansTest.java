package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.http.Parameters;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.FutureConverters;

/** The plans of all queries on contacts, and what they find, among a million people. */
final class ContactPlansTest {
  private static final int PEOPLE = 250_000;
  private static final int TIMES = 4;

  private static final int LADA_18 = Store.lada(18);
  private static final int LADA_50 = Store.lada(50);

  private static Store store;

  @BeforeAll
  static void fill() throws Exception {
    store = new Store().fill(PEOPLE, TIMES);
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  private static Selection selection(String query) {
    var request = HttpRequest.GET("/api/v1/contacts?" + query);
    return Selection.of(Parameters.of(request, Selection.parametersAnd()));
  }

  /** What a page reads, and that it holds what it must. */
  private static List<Explained.Scan> page(String query, String sameInSql) throws Exception {
    var places = new PlaceNames(store.db);
    try (var connection = store.connect()) {
      connection.setAutoCommit(false);
      var explained = new Explained(connection);
      var names = places.now(connection);
      var criteria = names.criteria(selection(query), "");
      var seen = explained.connection();
      var reader = new ContactReader(seen, places, names);
      var first = new Walk<>(seen, criteria, Contact.COLUMNS, reader).first(Walk.After.START, 50);
      var last = first.isEmpty() ? null : first.getLast();
      var next =
          last == null
              ? List.<ContactReader.Found>of()
              : new Walk<>(seen, criteria, Contact.COLUMNS, reader)
                  .first(new Walk.After(last.draw(), last.phone()), 50);
      var expected =
          Store.done(
              store.db.query(
                  "SELECT phone FROM contacts WHERE "
                      + sameInSql
                      + " ORDER BY draw, phone LIMIT 100",
                  _ -> {},
                  row -> row.getLong(1)));
      var found =
          Stream.concat(first.stream(), next.stream()).map(ContactReader.Found::phone).toList();
      assertEquals(expected, found, query);
      assertEquals(
          store.count("SELECT count(*) FROM contacts WHERE " + sameInSql),
          Contacts.count(seen, criteria),
          query);
      var scans =
          explained.scans().stream()
              .filter(scan -> scan.table().startsWith("contacts_") || !scan.index().isEmpty())
              .toList();
      assertFalse(
          scans.stream()
              .anyMatch(
                  scan -> scan.type().equals("Seq Scan") && scan.table().startsWith("contacts_")),
          () -> query + scans);
      return scans;
    }
  }

  private static Set<String> indexes(List<Explained.Scan> scans) {
    return scans.stream()
        .map(scan -> scan.index().replaceAll("^contacts_\\d\\d_|_idx\\d*$|_pkey$", ""))
        .filter(index -> !index.isEmpty() && !index.contains("counts"))
        .collect(Collectors.toSet());
  }

  @Test
  void page_ofEachFilter_readsItsIndexInOrder() throws Exception {
    assertEquals(Set.of("state_draw"), indexes(page("state=JAL", "state = 14")));
    assertEquals(Set.of("city_draw"), indexes(page("city=city+7", "city = 7")));
    assertEquals(Set.of("lada_draw"), indexes(page("lada=" + LADA_50, "lada = " + LADA_50)));
    assertEquals(Set.of("carrier_draw"), indexes(page("carrier=carrier+59", "carrier = 59")));
    assertEquals(
        Set.of("municipality_draw"),
        indexes(page("municipality=municipio+9+0", "municipality = 36")));
    assertEquals(
        Set.of("opt_outs_draw", "pkey"), indexes(page("opted_out=true", "opt_out_at IS NOT NULL")));
    assertEquals(Set.of("pkey"), indexes(page("mobile=true", "kind = 1")));
    assertEquals(Set.of("pkey"), indexes(page("opted_out=false", "opt_out_at IS NULL")));
  }

  @Test
  void page_ofCombinations_isDrivenByTheRarest() throws Exception {
    assertEquals(
        Set.of("city_draw"),
        indexes(
            page(
                "state=NL&city=city+18&lada=" + LADA_18,
                "state = 19 AND city = 18 AND lada = " + LADA_18)));
    assertEquals(
        Set.of("carrier_draw"),
        indexes(
            page(
                "mobile=true&carrier=Carrier+58&lada=" + LADA_18,
                "carrier = 58 AND kind = 1 AND lada = " + LADA_18)));
    assertEquals(
        Set.of(), indexes(page("city=city+18&lada=" + LADA_50, "city = 18 AND lada = " + LADA_50)));
    page(
        "city=city+3&mobile=false&opted_out=true",
        "city = 3 AND kind = 2 AND opt_out_at IS NOT NULL");
    page(
        "municipality=municipio+9+3",
        "municipality IN (SELECT id FROM municipalities WHERE key = 'municipio 9 3')");
    page("state=JAL&opted_out=true", "state = 14 AND opt_out_at IS NOT NULL");
  }

  @Test
  void search_ofAnyWord_readsAnIndex() throws Exception {
    page("q=nombre0", "words @@ '''nombre0'''");
    assertTrue(
        indexes(page("q=apellido2900+nombre3", "words @@ '''apellido2900'' & ''nombre3'''"))
            .contains("words"));
    assertTrue(
        indexes(page("q=no+such+word", "words @@ '''no'' & ''such'' & ''word'''"))
            .contains("words"));
    page("q=apellido29*", "words @@ '''apellido29'':*'");
    page("q=xyz*", "words @@ '''xyz'':*'");
    page("q=%C3%81RBOL12&city=City+2", "words @@ '''arbol12''' AND city = 2");
    page(
        "q=apellido1&state=JAL&mobile=true",
        "words @@ '''apellido1''' AND state = 14 AND kind = 1");
  }

  @Test
  void whatWasSent_readsAnIndex() throws Exception {
    page("sends_min=4", "sends >= 4");
    page("sends_min=1&sends_max=2&city=city+5", "sends BETWEEN 1 AND 2 AND city = 5");
    page("last_sent_before=2026-01-12", "last_sent_at < '2026-01-12Z'");
    page("last_sent_after=2026-09-18&state=JAL", "last_sent_at >= '2026-09-18Z' AND state = 14");
  }

  @Test
  void tiersOfLeads_areWalkedThroughByTheirList() throws Exception {
    store.sql(
        """
        INSERT INTO lead_scores
          (phone, contact_draw, total_score, quality_tier, model, validation_count, updated_at)
        SELECT phone, draw, 50, 1 + phone % 83 % 6, 1, 1, now() FROM contacts WHERE phone % 83 < 12
        """);
    store.sql(
        """
        UPDATE lead_counts SET n = (SELECT count(*) FROM lead_scores l WHERE l.quality_tier = c.quality_tier)
        FROM lead_counts c WHERE c.quality_tier = lead_counts.quality_tier
        """);
    store.sql("ANALYZE lead_scores");
    var one = "phone IN (SELECT phone FROM lead_scores WHERE quality_tier = 1)";
    var two = "phone IN (SELECT phone FROM lead_scores WHERE quality_tier IN (1, 2))";
    assertEquals(Set.of("lead_scores_tier", "pkey"), indexes(page("quality_tier=PREMIUM", one)));
    assertEquals(
        Set.of("lead_scores_tier", "pkey"), indexes(page("quality_tier=HIGH,premium", two)));
    page("quality_tier=PREMIUM&state=JAL", one + " AND state = 14");
    page("quality_tier=PREMIUM&city=city+7&mobile=true", one + " AND city = 7 AND kind = 1");
    page("quality_tier=PREMIUM&opted_out=true", one + " AND opt_out_at IS NOT NULL");
    page(
        "quality_tier=UNKNOWN",
        "phone NOT IN (SELECT phone FROM lead_scores WHERE quality_tier <> 6)");
    page(
        "quality_tier=POOR,UNKNOWN&state=JAL",
        "phone NOT IN (SELECT phone FROM lead_scores WHERE quality_tier < 5) AND state = 14");
    page("quality_tier=PREMIUM,HIGH,MEDIUM,LOW,POOR,UNKNOWN&state=JAL", "state = 14");
  }

  @Test
  void export_ofASelection_holdsItAll() throws Exception {
    var criteria =
        Store.done(new PlaceNames(store.db).criteria(selection("state=JAL&mobile=true")));
    var system = ActorSystem.create();
    try {
      var text =
          Store.done(
              new ContactExport(store.db, new PlaceNames(store.db))
                  .csv(criteria)
                  .runFold("", (all, bytes) -> all + bytes.utf8String(), system));
      var lines = text.lines().toList();
      assertEquals(String.join(",", ContactExport.HEADER), lines.getFirst());
      assertEquals(
          store.count("SELECT count(*) FROM contacts WHERE state = 14 AND kind = 1"),
          lines.stream().skip(1).distinct().count());
    } finally {
      Store.done(FutureConverters.asJava(system.terminate()));
    }
  }

  @Test
  void optOut_ofAThousand_findsEachByItsKey() throws Exception {
    var phones =
        Store.done(
            store.db.query(
                "SELECT phone FROM contacts WHERE opt_out_at IS NULL AND import_id = 1 ORDER BY draw"
                    + " DESC LIMIT 1000",
                _ -> {},
                row -> row.getLong(1)));
    try (var connection = store.connect()) {
      connection.setAutoCommit(false);
      var explained = new Explained(connection);
      var outcome =
          OptOuts.record(explained.connection(), phones, new OptOuts.Order("LIST", "", "somebody"));
      connection.rollback();

      assertEquals(new OptOuts.Outcome(1000, 1000, 0), outcome);
      var scans =
          explained.scans().stream()
              .filter(scan -> scan.table().startsWith("contacts_"))
              .map(Explained.Scan::type)
              .collect(Collectors.toSet());
      assertEquals(Set.of("Index Scan"), scans);
    }
  }

  @Test
  void check_ofAStoreThatIsRight_isSound() throws Exception {
    try (var small = new Store().fill(20_000);
        var connection = small.connect()) {
      connection.setAutoCommit(false);
      var sum =
          ContactCheck.run(
              connection,
              part -> assertTrue(part.contacts() > 1_000, part::toString),
              new AtomicBoolean(true));
      assertEquals(new ContactCheck.Sum(20_000, 0, 0, true), sum);
    }
  }
}
