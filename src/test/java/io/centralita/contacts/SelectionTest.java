package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.centralita.contacts.Place.Kind;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.Test;

final class SelectionTest {
  private static final List<String> VALUES =
      List.of(
          "",
          "JAL",
          "55",
          "true",
          "false",
          "never",
          "2026-01-31",
          "2026-01-31T08:00:00Z",
          "-1",
          "0",
          "maria gar*",
          "*",
          "'; --",
          "\u0000",
          "ñ",
          "𝒜",
          "x".repeat(300),
          "99999999999");

  private static Selection of(String query) {
    return Selection.of(
        Parameters.of(
            HttpRequest.GET("/contacts" + (query.isEmpty() ? "" : "?" + query)),
            Selection.parametersAnd()));
  }

  @Test
  void anyQuery_isASelectionOrAProblemThatNamesAField() {
    var random = new Random(5);
    var names = List.of(Selection.parametersAnd("other"));
    var taken = 0;
    for (var i = 0; i < 20_000; i++) {
      var query =
          random
              .ints(random.nextInt(4), 0, names.size())
              .distinct()
              .mapToObj(
                  at ->
                      names.get(at)
                          + "="
                          + URLEncoder.encode(
                              VALUES.get(random.nextInt(VALUES.size())), StandardCharsets.UTF_8))
              .collect(Collectors.joining("&"));
      try {
        var selection = of(query);
        taken++;
        var criteria = gazetteer().criteria(selection, "");
        assertEquals(
            selection.neverSent() || query.contains("sen") || selection.q() != null,
            !criteria.isCounted(),
            query);
        var again = Json.MAPPER.readValue(Json.text(selection), Selection.class);
        assertEquals(selection, again);
      } catch (ProblemException e) {
        assertEquals(1, e.problem().errors().size(), query);
        var field = e.problem().errors().getFirst().field();
        assertTrue(field.equals("query") || query.contains(field + "="), query + ": " + field);
      } catch (JsonProcessingException e) {
        throw new AssertionError(query, e);
      }
    }
    assertTrue(taken > 5_000, "too few: " + taken);
  }

  private static Gazetteer gazetteer() {
    return new Gazetteer(
        List.of(
            place(Kind.STATE, 14, 0, "Jalisco"),
            place(Kind.STATE, 9, 0, "Ciudad de México"),
            place(Kind.STATE, 23, 0, "Quintana Roo"),
            place(Kind.CITY, 1, 0, "Guadalajara"),
            place(Kind.CITY, 2, 0, "Tepic"),
            place(Kind.CITY, 3, 0, "Tepeca"),
            place(Kind.CITY, 4, 0, "Tepeaca"),
            place(Kind.CITY, 0, 0, ""),
            place(Kind.MUNICIPALITY, 5, 9, "Benito Juárez"),
            place(Kind.MUNICIPALITY, 6, 23, "Benito Juárez"),
            place(Kind.MUNICIPALITY, 7, 14, "Zapopan")),
        Map.of(14, "JAL", 9, "CDMX", 23, "QROO"));
  }

  private static Place place(Kind kind, int id, int state, String name) {
    return new Place(kind, id, state, Folded.key(name), name);
  }

  @Test
  void municipality_ofTwoStates_isBothUnlessTheStateIsSaid() {
    assertEquals(
        List.of(5, 6),
        gazetteer().criteria(of("municipality=benito%20juarez"), "").municipalities());
    assertEquals(
        List.of(6),
        gazetteer().criteria(of("municipality=benito%20juarez&state=qroo"), "").municipalities());
    var wrong = of("municipality=zapopan&state=qroo");
    var problem =
        assertThrows(ProblemException.class, () -> gazetteer().criteria(wrong, "")).problem();
    assertEquals(List.of("Benito Juárez"), problem.suggestions());
  }

  @Test
  void name_oneLetterWrong_isTheOneNameItCanBe() {
    for (var typed :
        List.of("guadalajarra", "gaudalajara", "guadalajra", "Guadalajarà", "Guadalajera")) {
      assertEquals(1, gazetteer().find(Kind.CITY, typed, _ -> true).size(), typed);
    }
    assertTrue(gazetteer().find(Kind.CITY, "gadalajra", _ -> true).isEmpty());
    assertTrue(gazetteer().find(Kind.CITY, "tepeeca", _ -> true).isEmpty()); // Tepeca or Tepeaca
    assertTrue(gazetteer().find(Kind.CITY, "", _ -> true).isEmpty());
  }

  @Test
  void words_areAllSearched() {
    assertEquals(
        "'maria' & 'lopez' & 'gar':*", SearchText.of("q", "de MARÍA, López Gar*").tsquery());
    assertEquals("'1234' & 'nun':*", SearchText.of("q", "Nuñ* 1234").tsquery());
    assertFalse(SearchText.of("q", "o'neil \\ : & | !").tsquery().contains("\\"));
    for (var none : List.of("", "de la", "*", "ab*", "mar*ia", "- *", "...")) {
      assertThrows(ProblemException.class, () -> SearchText.of("q", none), none);
    }
  }
}
