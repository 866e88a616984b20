package io.centralita.extraction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.centralita.contacts.Criteria;
import io.centralita.contacts.Holdings;
import io.centralita.contacts.PlaceNames;
import io.centralita.contacts.Selection;
import io.centralita.http.Json;
import io.centralita.http.Problem;
import io.centralita.http.Problem.FieldError;
import io.centralita.http.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What is drawn from.
 *
 * @param value as it was said; empty for premium
 * @param groups one selection for each of the groups among which a draw is balanced
 */
record Choice(Type type, String value, List<Selection> groups) {
  static final String FIELD = "value";

  private static final TypeReference<List<Selection>> SELECTIONS = new TypeReference<>() {};

  Choice {
    groups = List.copyOf(groups);
  }

  /** How many contacts may be drawn from it now. */
  long available(Connection connection, PlaceNames names) throws SQLException {
    var sum = 0L;
    for (var criteria : criteria(connection, names)) {
      sum += Holdings.available(connection, criteria);
    }
    return sum;
  }

  /**
   * The groups in the terms of the store.
   *
   * @throws ProblemException (404) where there is no place of a name; offers the nearest
   */
  List<Criteria> criteria(Connection connection, PlaceNames names) throws SQLException {
    try {
      return names.criteria(connection, groups);
    } catch (ProblemException e) {
      throw ofValue(e);
    }
  }

  /** The problem, with the request's own word for the field. */
  static ProblemException ofValue(ProblemException e) {
    var problem = e.problem();
    var errors =
        problem.errors().stream().map(error -> new FieldError(FIELD, error.reason())).toList();
    var renamed =
        Problem.of(
                problem.status(), errors.isEmpty() ? problem.detail() : errors.getFirst().reason())
            .withErrors(errors)
            .withSuggestions(problem.suggestions());
    return new ProblemException(renamed);
  }

  String filter() {
    return Json.text(groups);
  }

  static List<Selection> selections(String filter) {
    try {
      return Json.MAPPER.readValue(filter, SELECTIONS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an extraction's filter cannot be read", e);
    }
  }
}
