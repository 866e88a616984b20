package io.centralita.contacts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which column of a table holds which field: what its sender says, else by the header. Names are
 * compared without capitals, accents and punctuation.
 */
final class TableColumns {
  private static final int MOST_NAMED = 20;
  private static final int LONGEST_NAME = 30;

  private final List<String> header;
  private final Map<String, List<Integer>> places = new HashMap<>();

  private TableColumns(List<String> header) {
    this.header = header;
    for (var place = 0; place < header.size(); place++) {
      places.computeIfAbsent(Folded.key(header.get(place)), _ -> new ArrayList<>()).add(place);
    }
  }

  /**
   * The place of each field that the table has, counted from 0.
   *
   * @param wanted the columns of fields, by the fields' words
   * @throws ImportFileException where no column is known to hold numbers, or two have one name; the
   *     message lists those there are
   */
  static Map<ImportField, Integer> of(List<String> header, Map<String, String> wanted) {
    var columns = new TableColumns(header);
    var found = new HashMap<ImportField, Integer>();
    for (var field : ImportField.ALL) {
      var given = wanted.get(field.word());
      var place = given == null ? columns.usual(field) : Optional.of(columns.given(field, given));
      place.ifPresent(there -> found.put(field, there));
    }
    if (!found.containsKey(ImportField.NUMBER) && !found.containsKey(ImportField.ORIGINAL)) {
      throw new ImportFileException(
          "no column is known to hold the numbers: call it %s in the first row, or say in columns.number which it is; the columns are: %s"
              .formatted(ImportField.NUMBER.usualColumn, columns.named()));
    }
    return found;
  }

  private Optional<Integer> usual(ImportField field) {
    return field.knownNames().stream()
        .map(Folded::key)
        .filter(places::containsKey)
        .findFirst()
        .map(name -> only(field, name));
  }

  private int given(ImportField field, String name) {
    var key = Folded.key(name);
    if (!places.containsKey(key)) {
      throw new ImportFileException(
          "columns.%s: the table has no column of that name; the columns are: %s"
              .formatted(field.word(), named()));
    }
    return only(field, key);
  }

  private int only(ImportField field, String name) {
    var there = places.getOrDefault(name, List.of());
    if (there.size() > 1) {
      throw new ImportFileException(
          "columns %s have the same name, which is that of %s: rename all but one"
              .formatted(
                  there.stream()
                      .map(place -> Integer.toString(place + 1))
                      .collect(Collectors.joining(" and ")),
                  field.word()));
    }
    return there.getFirst();
  }

  /**
   * Where there is no header the first row is somebody's data: only what may be a name is shown.
   */
  private String named() {
    var names = new ArrayList<String>();
    for (var place = 0; place < Math.min(header.size(), MOST_NAMED); place++) {
      var name = header.get(place).strip();
      names.add(
          isName(name)
              ? name.substring(0, Math.min(name.length(), LONGEST_NAME))
              : "column " + (place + 1));
    }
    if (header.size() > MOST_NAMED) {
      names.add("and %d more".formatted(header.size() - MOST_NAMED));
    }
    return String.join(", ", names);
  }

  private static boolean isName(String cell) {
    return cell.chars().anyMatch(Character::isLetter)
        && cell.chars()
            .noneMatch(c -> Character.isDigit(c) || c == '@' || Character.isISOControl(c));
  }
}
