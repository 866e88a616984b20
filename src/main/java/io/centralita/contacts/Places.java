package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.phone.MexicanState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The ids of places and carriers by the names that files give them; a name that is new becomes a
 * place. Remembers every spelling it met: there are a few thousand. Thread-safe; blocks where it
 * meets a new spelling, so it is for threads that may.
 */
final class Places {
  /** A file with more of them has something else in the column. */
  private static final int MOST_SPELLINGS = 100_000;

  /** In bytes; what is longer is no name. */
  private static final int LONGEST = 200;

  private static final String ADD_CITY =
      "INSERT INTO cities (key, name) VALUES (?, ?) ON CONFLICT DO NOTHING";
  private static final String CITY = "SELECT id FROM cities WHERE key = ?";
  private static final String ADD_MUNICIPALITY =
      "INSERT INTO municipalities (key, name, state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String MUNICIPALITY =
      "SELECT id FROM municipalities WHERE key = ? AND state = ?";
  private static final String ADD_CARRIER =
      "INSERT INTO carriers (name) VALUES (?) ON CONFLICT DO NOTHING";
  private static final String CARRIER = "SELECT id FROM carriers WHERE name = ?";

  /** The bytes of a name, and in which state it is one; as a key. */
  private static final class Spelling {
    private final int state;
    private final byte[] text;

    Spelling(int state, byte[] text) {
      this.state = state;
      this.text = text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Spelling s && s.state == state && Arrays.equals(s.text, text);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(text) + state;
    }
  }

  private final Db db;
  private final Map<Spelling, Integer> cities = new ConcurrentHashMap<>();
  private final Map<Spelling, Integer> states = new ConcurrentHashMap<>();
  private final Map<Spelling, Integer> municipalities = new ConcurrentHashMap<>();
  private final Map<String, Integer> carriers = new ConcurrentHashMap<>();

  Places(Db db) {
    this.db = db;
  }

  /** INEGI's number of the state; 0 where the name is none that is known. */
  int state(byte[] name) {
    if (name.length == 0 || name.length > LONGEST) {
      return 0;
    }
    var spelling = new Spelling(0, name);
    var known = states.get(spelling);
    if (known == null) {
      known = MexicanState.of(Utf8.text(name)).map(Places::number).orElse(0);
      if (states.size() < MOST_SPELLINGS) {
        states.put(spelling, known);
      }
    }
    return known;
  }

  /** INEGI's number of the state. */
  static int number(MexicanState state) {
    return Integer.parseInt(state.inegi());
  }

  /** The city's id; 0 for none. */
  int city(byte[] name) {
    if (name.length == 0 || name.length > LONGEST) {
      return 0;
    }
    var spelling = new Spelling(0, name);
    var known = cities.get(spelling);
    return known == null ? remember(cities, spelling, "city", ADD_CITY, CITY) : known;
  }

  /** The municipality's id in its state; 0 for none. */
  int municipality(int state, byte[] name) {
    if (name.length == 0 || name.length > LONGEST) {
      return 0;
    }
    var spelling = new Spelling(state, name);
    var known = municipalities.get(spelling);
    return known == null
        ? remember(municipalities, spelling, "municipality", ADD_MUNICIPALITY, MUNICIPALITY)
        : known;
  }

  /** The carrier's id; 0 where the name is empty. */
  int carrier(String name) {
    return name.isEmpty()
        ? 0
        : carriers.computeIfAbsent(
            name,
            _ ->
                await(
                    connection -> {
                      Db.update(connection, ADD_CARRIER, st -> st.setString(1, name));
                      return id(connection, CARRIER, name, -1);
                    }));
  }

  private int remember(
      Map<Spelling, Integer> known, Spelling spelling, String field, String add, String find) {
    if (known.size() >= MOST_SPELLINGS) {
      throw new ImportFileException(
          "the column for "
              + field
              + " holds more than "
              + MOST_SPELLINGS
              + " different names: name the right one in columns");
    }
    var name = Utf8.text(spelling.text);
    var key = Folded.key(name);
    var ofState = find.equals(MUNICIPALITY) ? spelling.state : -1;
    var id =
        key.isEmpty()
            ? 0
            : await(
                connection -> {
                  Db.update(
                      connection,
                      add,
                      st -> {
                        st.setString(1, key);
                        st.setString(2, name);
                        if (ofState >= 0) {
                          st.setInt(3, ofState);
                        }
                      });
                  return id(connection, find, key, ofState);
                });
    known.put(spelling, id);
    return id;
  }

  private static int id(Connection connection, String find, String name, int state)
      throws SQLException {
    return Db.query(
            connection,
            find,
            st -> {
              st.setString(1, name);
              if (state >= 0) {
                st.setInt(2, state);
              }
            },
            row -> row.getInt(1))
        .getFirst();
  }

  private int await(Db.Work<Integer> work) {
    return db.transaction("name a place", work).toCompletableFuture().join();
  }
}
