package io.centralita.contacts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * A name that contacts are selected by.
 *
 * @param state of a municipality; 0 where none is known, and of everything else
 * @param key the name folded ({@link Folded#key})
 */
record Place(Kind kind, int id, int state, String key, String name) {

  /** What has the name. */
  enum Kind {
    STATE,
    CITY,
    MUNICIPALITY,
    CARRIER;

    /** As the API calls it. */
    @JsonValue
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
