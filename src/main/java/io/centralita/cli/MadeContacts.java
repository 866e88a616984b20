package io.centralita.cli;

import io.centralita.phone.Lada;
import io.centralita.phone.Ladas;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Made-up people in a file such as customers have. Numbers are real in form only: the n-th person
 * has the same in every file, so that two files know as many in common as their ranges do.
 */
final class MadeContacts {
  private static final List<String> NAMES =
      List.of(
          "María",
          "José",
          "Guadalupe",
          "Juan",
          "Verónica",
          "Luis",
          "Rosa",
          "Carlos",
          "Ángel",
          "Sofía",
          "Miguel",
          "Lucía",
          "Raúl",
          "Beatriz",
          "Héctor",
          "Inés",
          "Óscar",
          "Itzel",
          "Andrés",
          "Xóchitl");
  private static final List<String> SURNAMES =
      List.of(
          "Hernández",
          "García",
          "Martínez",
          "López",
          "González",
          "Pérez",
          "Rodríguez",
          "Sánchez",
          "Ramírez",
          "Cruz",
          "Flores",
          "Gómez",
          "Morales",
          "Vázquez",
          "Reyes",
          "Jiménez",
          "Torres",
          "Díaz",
          "Gutiérrez",
          "Ruiz",
          "Mendoza",
          "Aguilar",
          "Ortiz",
          "Moreno",
          "Castillo",
          "Romero",
          "Álvarez",
          "Méndez",
          "Chávez",
          "Rivera",
          "Juárez",
          "Ramos",
          "Domínguez",
          "Herrera",
          "Medina",
          "Castro",
          "Vargas",
          "Guzmán",
          "Velázquez",
          "Muñoz",
          "Rojas",
          "Contreras",
          "Salazar",
          "Luna",
          "Ortega",
          "Zúñiga",
          "Estrada",
          "Ávila",
          "Peña",
          "Nava");
  private static final List<String> STREETS =
      List.of(
          "Avenida Hidalgo",
          "Calle Morelos",
          "Calle 5 de Mayo",
          "Boulevard Juárez",
          "Calle Allende",
          "Avenida Xicoténcatl",
          "Privada Zaragoza",
          "Calle Niños Héroes",
          "Avenida Insurgentes",
          "Calle Independencia",
          "Callejón del Beso",
          "Prolongación Madero");
  private static final List<String> NEIGHBORHOODS =
      List.of(
          "Centro", "Las Flores", "San José", "Lomas", "El Mirador", "Cumbres", "La Loma", "Roma");

  private static final String SCHEMA =
      """
      CREATE TABLE numeros (
        id INTEGER PRIMARY KEY, numero TEXT, campo1_original TEXT, nombre TEXT, direccion TEXT,
        colonia TEXT, municipio_cof TEXT, estado_cof TEXT, ciudad_por_lada TEXT)
      """;

  private static final String BEST_LADAS =
      "CREATE TABLE mejores_ladas (lada TEXT, estado TEXT, ciudad TEXT, icpth_2022 REAL)";

  private static final String BEST_LADA = "INSERT INTO mejores_ladas VALUES (?, ?, ?, ?)";

  private static final String ROW =
      """
      INSERT INTO numeros (numero, campo1_original, nombre, direccion, colonia, municipio_cof,
        estado_cof, ciudad_por_lada)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """;

  /** Two of a hundred come again, three are no numbers. */
  private static final int REPEATED_PERCENT = 2;

  private static final int BAD_PERCENT = 3;
  private static final int AGAIN = 1_000;
  private static final int BEST = 15;
  private static final int MUNICIPALITIES = 12;

  private MadeContacts() {}

  /** Writes the people with numbers from {@code from} to before {@code to} into a new file. */
  static void write(Path file, int from, int to) {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = OFF");
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute(SCHEMA);
      statement.execute(BEST_LADAS);
      connection.setAutoCommit(false);
      bestLadas(connection);
      try (var row = connection.prepareStatement(ROW)) {
        for (var i = from; i < to; i++) {
          var columns = person(i, from);
          for (var column = 0; column < columns.size(); column++) {
            row.setString(column + 1, columns.get(column));
          }
          row.executeUpdate();
        }
      }
      connection.commit();
    } catch (SQLException e) {
      throw new CommandFailure("the file of made contacts cannot be written", e);
    }
  }

  /** The LADAs that most people live in, of falling income. */
  private static void bestLadas(Connection connection) throws SQLException {
    try (var row = connection.prepareStatement(BEST_LADA)) {
      for (var i = 0; i < BEST; i++) {
        var lada = Ladas.all().get(i);
        row.setString(1, Integer.toString(lada.code()));
        row.setString(2, lada.state().name());
        row.setString(3, lada.city());
        row.setDouble(4, 90_000 - 1_000.0 * i);
        row.executeUpdate();
      }
    }
  }

  private static List<String> person(int i, int from) {
    var chance = new SplittableRandom(i);
    var percent = chance.nextInt(100);
    var who = percent < REPEATED_PERCENT && i - AGAIN >= from ? i - AGAIN : i;
    var random = new SplittableRandom(~who);
    // Few have many: as people live.
    var share = random.nextDouble();
    var lada = Ladas.all().get((int) (share * share * Ladas.all().size()));
    var part = random.nextDouble(); // and most of them in the middle of town
    var number = number(who, lada);
    return List.of(
        percent >= 100 - BAD_PERCENT ? number.substring(3) : number,
        percent % 3 == 0 ? "+52 1 " + number : number,
        of(NAMES, random) + " " + of(SURNAMES, random) + " " + of(SURNAMES, random),
        of(STREETS, random) + " #" + random.nextInt(1, 3_000),
        of(NEIGHBORHOODS, random),
        lada.city() + " " + (1 + (int) (part * part * MUNICIPALITIES)),
        lada.state().name(),
        lada.city());
  }

  /** Of ten digits: the same for nobody else with this LADA. */
  private static String number(int who, Lada lada) {
    var code = Integer.toString(lada.code());
    var digits = 10 - code.length();
    var all = (long) Math.pow(10, digits - 1);
    return code + (2 * all + Math.floorMod(who * 2_654_435_761L, 7 * all));
  }

  private static String of(List<String> words, SplittableRandom random) {
    return words.get(random.nextInt(words.size()));
  }
}
