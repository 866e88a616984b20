package io.centralita.contacts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a contact is once the changes of undone imports no longer stand. Pure.
 *
 * <p>A field is what it was before the changes at its history's end that do not stand; where the
 * last one stands, it stays. Carrier and kind follow the numbering plan, which no import's undoing
 * changes.
 */
final class Restoration {

  /** What changes together: a municipality lies in a state. */
  private static final List<List<String>> UNITS =
      List.of(
          List.of("state", "municipality"),
          List.of("city"),
          List.of("original"),
          List.of("name"),
          List.of("address"),
          List.of("neighborhood"));

  /**
   * A change of a contact.
   *
   * @param importId 0 for one made by hand
   * @param before the fields that changed, as they were
   */
  record Change(int importId, boolean stands, JsonNode before) {}

  private Restoration() {}

  /**
   * The contact as it is to be.
   *
   * @param changes all that were made to its fields, the oldest first
   */
  static ContactRow of(ContactRow now, List<Change> changes) {
    var fields = new HashMap<String, JsonNode>();
    for (var unit : UNITS) {
      fields.putAll(before(unit, changes));
    }
    return new ContactRow(
        now.phone(),
        now.importId(),
        changes.stream()
            .filter(Change::stands)
            .reduce((_, later) -> later)
            .map(Change::importId)
            .orElse(now.importId()),
        number(fields, "municipality", now.municipality()),
        number(fields, "city", now.city()),
        number(fields, "state", now.state()),
        false,
        now.lada(),
        now.carrier(),
        now.kind(),
        text(fields, "original", now.original()),
        text(fields, "name", now.name()),
        text(fields, "address", now.address()),
        text(fields, "neighborhood", now.neighborhood()));
  }

  private static Map<String, JsonNode> before(List<String> unit, List<Change> changes) {
    var before = new HashMap<String, JsonNode>();
    for (var change : changes.reversed()) {
      if (unit.stream().anyMatch(change.before()::has)) {
        if (change.stands()) {
          break;
        }
        for (var field : unit) {
          if (change.before().has(field)) {
            before.put(field, change.before().get(field));
          }
        }
      }
    }
    return before;
  }

  private static int number(Map<String, JsonNode> fields, String field, int now) {
    var before = fields.get(field);
    return before == null ? now : before.asInt();
  }

  private static byte[] text(Map<String, JsonNode> fields, String field, byte[] now) {
    var before = fields.get(field);
    return before == null ? now : Utf8.bytes(before.asText());
  }
}
