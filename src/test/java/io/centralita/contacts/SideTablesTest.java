package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SideTablesTest {
  private static final AtomicInteger FILES = new AtomicInteger();

  /** A file with one contact, and what the statements add to it. */
  private static JsonNode imported(String... statements) {
    var file =
        NumerosFile.made(
            TestNode.importFolder().resolve("side-" + FILES.incrementAndGet() + ".db"),
            connection -> {
              NumerosFile.execute(connection, "INSERT INTO numeros (numero) VALUES ('6621110001')");
              for (var statement : statements) {
                NumerosFile.execute(connection, statement);
              }
            });
    var answer =
        TestNode.admin().post("/api/v1/imports", "{\"file\":\"%s\"}".formatted(file.getFileName()));
    assertEquals(202, answer.statusCode(), answer.body());
    var id = OpenApi.json(answer).get("id").asInt();
    TestNode.until(() -> view(id).get("status").asText().equals("completed"));
    return view(id);
  }

  private static JsonNode view(int id) {
    return OpenApi.json(TestNode.admin().get("/api/v1/imports/" + id));
  }

  private static JsonNode bestLadas() {
    return OpenApi.json(TestNode.admin().get("/api/v1/best-ladas"));
  }

  private static List<String> rejects(JsonNode view) {
    var rejects = new ArrayList<String>();
    OpenApi.json(
            TestNode.admin().get("/api/v1/imports/" + view.get("id").asInt() + "/side-rejects"))
        .get("items")
        .forEach(
            reject ->
                rejects.add(
                    reject.get("table").asText()
                        + " "
                        + reject.get("row_no").asInt()
                        + " "
                        + reject.get("reason").asText()));
    return rejects;
  }

  @Test
  void import_fileHasSideTables_theyAreTakenOnceAndBadRowsAreTold() {
    var view =
        imported(
            "CREATE TABLE estadisticas_migracion (id INTEGER PRIMARY KEY, fecha TEXT, metrica TEXT,"
                + " valor INTEGER, detalle TEXT)",
            "INSERT INTO estadisticas_migracion VALUES (7, '2024-12-01', 'total', 36645692, NULL),"
                + " (8, NULL, NULL, NULL, NULL), (9, NULL, 'ratio', 97.5, 'x'),"
                + " (10, NULL, 'bad', 'many', NULL), (11, NULL, 'huge', '1e999999999', NULL)",
            "CREATE TABLE ladas_faltantes (lada TEXT PRIMARY KEY, cantidad INTEGER, ejemplo TEXT)"
                + " WITHOUT ROWID",
            "INSERT INTO ladas_faltantes VALUES ('', 1, NULL), ('101', 2.5, NULL), ('102', 3, 'x')",
            "CREATE TABLE Mejores_Ladas (ranking INTEGER, municipio TEXT, estado TEXT, LADA TEXT,"
                + " icpth_2022 REAL)",
            "INSERT INTO Mejores_Ladas VALUES (1, 'Zapopan', 'JAL', 33.0, 70000), (2, 'x', 'y', '34',"
                + " 1), (3, 'x', 'y', '33', -1), (4, 'x', 'y', '33', 'much'), (5, NULL, NULL, NULL, 5),"
                + " (6, 'Tlaquepaque', 'JAL', '33', 80000.25), (7, NULL, NULL, '55', 9e999)");

    assertEquals(
        "{\"migration_statistics\":3,\"missing_ladas\":1,\"best_ladas\":2,\"rejected\":9}",
        view.get("side_tables").toString());
    assertEquals(
        List.of(
            "estadisticas_migracion 4 valor: not a number",
            "estadisticas_migracion 5 valor: not a number",
            "ladas_faltantes 1 lada: empty",
            "ladas_faltantes 2 cantidad: not a whole number",
            "mejores_ladas 2 lada: not a LADA of Mexico",
            "mejores_ladas 3 icpth_2022: expected a number above 0",
            "mejores_ladas 4 icpth_2022: not a number",
            "mejores_ladas 5 lada: not a LADA of Mexico",
            "mejores_ladas 7 icpth_2022: not a number"),
        rejects(view));
    assertEquals(
        "[{\"lada\":\"33\",\"state\":\"JAL\",\"city\":\"Tlaquepaque\",\"icpth_2022\":80000.25}]",
        bestLadas().get("items").toString());
    assertEquals(view.get("id").asInt(), bestLadas().get("import_id").asInt());
  }

  @Test
  void import_newerFileHasBestLadas_theTenHighestOfTheNewestCount() {
    var older =
        imported(
            "CREATE TABLE mejores_ladas (lada TEXT, estado TEXT, ciudad TEXT, icpth_2022 REAL)",
            "INSERT INTO mejores_ladas VALUES ('55', 'CDMX', 'Ciudad de México', 99)");
    assertEquals(older.get("id").asInt(), bestLadas().get("import_id").asInt());
    var newer =
        imported(
            "CREATE TABLE mejores_ladas (lada TEXT, estado TEXT, ciudad TEXT, icpth_2022 REAL)",
            """
            INSERT INTO mejores_ladas (lada, icpth_2022) VALUES
              ('664', 10), ('33', 10), ('81', 5), ('81', 50), ('222', 9), ('229', 8), ('442', 7),
              ('443', 6), ('444', 5), ('449', 4), ('477', 3), ('614', 2), ('618', 1)
            """);
    imported(); // none in it: nothing happens

    var best = bestLadas();

    assertEquals(newer.get("id").asInt(), best.get("import_id").asInt());
    var ladas = new ArrayList<String>();
    best.get("items").forEach(lada -> ladas.add(lada.get("lada").asText()));
    assertEquals(
        List.of("81", "33", "664", "222", "229", "442", "443", "444", "449", "477"), ladas);
  }

  @Test
  void import_sideTableIsOdd_contactsComeAllTheSame() {
    var view =
        imported(
            "CREATE TABLE mejores_ladas (ciudad TEXT, icpth_2022 REAL)",
            "CREATE TABLE ladas_faltantes (lada TEXT)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                + " INSERT INTO ladas_faltantes SELECT 'x' || i FROM n");

    assertEquals(1, view.get("read").asInt());
    assertEquals(10_000, view.get("side_tables").get("missing_ladas").asInt());
    assertEquals(
        List.of(
            "ladas_faltantes 10001 only the first 10000 rows are taken",
            "mejores_ladas 0 the table has no column lada"),
        rejects(view));
  }

  @Test
  void import_fileHasNoSideTables_nothingIsSaid() {
    var view = imported();

    assertTrue(view.get("side_tables").isNull());
    assertEquals(List.of(), rejects(view));
    assertEquals(403, TestNode.user(TestNode.newUser()).get("/api/v1/best-ladas").statusCode());
    assertEquals(404, TestNode.admin().get("/api/v1/imports/999999/side-rejects").statusCode());
  }
}
