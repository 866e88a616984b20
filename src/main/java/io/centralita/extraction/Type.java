package io.centralita.extraction;

import java.util.List;
import java.util.Locale;

/** What an extraction is drawn from. */
enum Type {
  /** The LADAs of highest household income, evenly. */
  PREMIUM,
  STATE,
  CITY,
  MUNICIPALITY,
  /** A selection that the asker keeps by a name. */
  SEGMENT;

  static final List<Type> ALL = List.of(values());

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Type ofWord(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
