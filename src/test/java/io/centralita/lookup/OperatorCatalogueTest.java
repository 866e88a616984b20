package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.centralita.TestPostgres;
import io.centralita.db.Database;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class OperatorCatalogueTest {
  private static final Operator ORANGE = new Operator("Orange Espagne", "Orange", "3");
  private static final Operator YOIGO = new Operator("", "Yoigo", null);

  private static final Database database = Database.open(TestPostgres.fresh());

  private final OperatorCatalogue operators = new OperatorCatalogue();

  @AfterAll
  static void close() {
    database.close();
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Operator stored(Map<Operator, Short> ids, Operator operator) {
    short id = Objects.requireNonNull(ids.get(operator));
    return done(
        database
            .db()
            .transaction(
                "read an operator", connection -> new OperatorCatalogue().byId(connection, id)));
  }

  @Test
  void ids_ofNewOperators_areStored_andTheSameForEverybody() {
    var ids = done(operators.ids(database.db(), Set.of(ORANGE, YOIGO)));

    assertEquals(ORANGE, stored(ids, ORANGE));
    assertEquals(YOIGO, stored(ids, YOIGO));
    assertEquals(ids, done(operators.ids(database.db(), Set.of(ORANGE, YOIGO))));
    assertEquals(ids, done(new OperatorCatalogue().ids(database.db(), Set.of(YOIGO, ORANGE))));
  }

  @Test
  void ids_whoseWritingFails_areNotRemembered() {
    var jazztel = new Operator("Jazztel", "", "9");
    sql(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'refused'; END $$
        """);
    sql(
        """
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON operators
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
        """);

    assertThrows(
        CompletionException.class, () -> done(operators.ids(database.db(), Set.of(jazztel))));
    sql("DROP TRIGGER refuse ON operators");
    var ids = done(operators.ids(database.db(), Set.of(jazztel)));

    assertEquals(jazztel, stored(ids, jazztel));
  }

  private static void sql(String statement) {
    done(database.db().update(statement, _ -> {}));
  }
}
