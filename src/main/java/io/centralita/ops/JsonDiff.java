package io.centralita.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What differs between two JSON values. */
final class JsonDiff {

  /**
   * One value that differs.
   *
   * @param path a JSON pointer; empty for the whole
   * @param from null where it was not there
   * @param to null where it is gone
   */
  record Change(String path, JsonNode from, JsonNode to) {}

  private JsonDiff() {}

  /** The changes, by path. Objects are compared field by field, anything else as a whole. */
  static List<Change> between(JsonNode from, JsonNode to) {
    var changes = new ArrayList<Change>();
    collect("", from, to, changes);
    return List.copyOf(changes);
  }

  private static void collect(String path, JsonNode from, JsonNode to, List<Change> changes) {
    if (from.isObject() && to.isObject()) {
      var names = new TreeSet<String>();
      from.fieldNames().forEachRemaining(names::add);
      to.fieldNames().forEachRemaining(names::add);
      for (var name : names) {
        collect(
            path + "/" + name.replace("~", "~0").replace("/", "~1"),
            from.path(name),
            to.path(name),
            changes);
      }
    } else if (!from.equals(to)) {
      changes.add(new Change(path, present(from), present(to)));
    }
  }

  private static JsonNode present(JsonNode value) {
    return value.isMissingNode() ? NullNode.getInstance() : value;
  }
}
