package io.centralita.contacts;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What imports and their undoing come to, said simply: a contact is what it was brought as, and
 * then every change that is not undone. It is there as long as an import that is not undone brought
 * or changed it.
 */
final class UndoModel {
  /** The places of a file's row that are looked at: name, address, neighborhood, state. */
  private static final List<Integer> PLACES = List.of(2, 3, 4, 6);

  private record Change(int importId, Map<Integer, String> after) {}

  private static final class Person {
    int owner;
    final Map<Integer, String> brought = new TreeMap<>();
    final List<Change> changes = new ArrayList<>();
  }

  private final long first;
  private final int numbers;
  private final Map<Long, Person> people = new TreeMap<>();
  private final Set<Integer> undone = new HashSet<>();
  private final Set<Long> optedOut = new HashSet<>();

  UndoModel(long first, int numbers) {
    this.first = first;
    this.numbers = numbers;
  }

  long first() {
    return first;
  }

  long last() {
    return first + numbers - 1;
  }

  long anyPhone(Random random) {
    return first + random.nextInt(numbers);
  }

  /** Rows of a file with some of the numbers, each once. */
  List<@Nullable Object[]> rows(Random random) {
    var rows = new ArrayList<@Nullable Object[]>();
    for (var phone = first; phone <= last(); phone++) {
      if (random.nextInt(3) > 0) {
        rows.add(
            new @Nullable Object[] {
              Long.toString(phone % 10_000_000_000L),
              null,
              any(random, "Ana", "Eva", "Luz"),
              any(random, "Calle 1", "Calle 2", "Ñ 3"),
              any(random, "Centro", "Roma", "Del \"Valle\""),
              null,
              any(random, "CHIH", "SON", "JAL")
            });
      }
    }
    return rows;
  }

  private static @Nullable String any(Random random, String... values) {
    var i = random.nextInt(values.length + 1);
    return i == values.length ? null : values[i];
  }

  void imported(int id, List<@Nullable Object[]> rows) {
    for (var row : rows) {
      var phone = 520_000_000_000L + Long.parseLong(String.valueOf(row[0]));
      var known = people.get(phone);
      if (known == null) {
        var person = new Person();
        person.owner = id;
        for (var place : PLACES) {
          var unknown = place == 6 ? "CHIH" : ""; // of the LADA
          person.brought.put(place, row[place] == null ? unknown : String.valueOf(row[place]));
        }
        people.put(phone, person);
      } else {
        var now = now(known);
        var after = new TreeMap<Integer, String>();
        for (var place : PLACES) {
          var value = row[place];
          if (value != null && !value.equals(now.get(place))) {
            after.put(place, String.valueOf(value));
          }
        }
        if (!after.isEmpty()) {
          known.changes.add(new Change(id, after));
        }
      }
    }
  }

  void optedOut(long phone) {
    optedOut.add(phone);
  }

  void undone(int id) {
    undone.add(id);
    people
        .values()
        .removeIf(
            person -> {
              if (person.owner != id) {
                return false;
              }
              var heir =
                  person.changes.stream()
                      .filter(change -> !undone.contains(change.importId()))
                      .findFirst();
              heir.ifPresent(change -> person.owner = change.importId());
              return heir.isEmpty();
            });
  }

  private Map<Integer, String> now(Person person) {
    var now = new TreeMap<>(person.brought);
    for (var change : person.changes) {
      if (!undone.contains(change.importId())) {
        now.putAll(change.after());
      }
    }
    return now;
  }

  /** What each contact says, who brought it, and whether it opted out. */
  Map<Long, List<String>> contacts() {
    var contacts = new TreeMap<Long, List<String>>();
    people.forEach(
        (phone, person) -> {
          var said = new ArrayList<>(now(person).values());
          said.add(Integer.toString(person.owner));
          said.add(optedOut.contains(phone) ? "opted out" : "");
          contacts.put(phone, said);
        });
    return contacts;
  }
}
