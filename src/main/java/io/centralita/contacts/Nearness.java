package io.centralita.contacts;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** How near two folded names are to each other, as people mistype them. */
final class Nearness {
  /** In a shorter name one other letter makes another name. */
  private static final int SHORTEST_MISTYPED = 4;

  private Nearness() {}

  /** Whether one letter too many, too few or wrong, or two in each other's place, is all. */
  static boolean oneLetterWrong(String a, String b) {
    return Math.min(a.length(), b.length()) >= SHORTEST_MISTYPED
        && Math.abs(a.length() - b.length()) <= 1
        && distance(a, b) == 1;
  }

  /** Those that begin with the text, then those in which a word does, then the nearest. */
  static List<Place> nearest(String key, Stream<Place> places, int most) {
    return places
        .sorted(
            Comparator.<Place>comparingDouble(place -> far(key, place.key()))
                .thenComparing(Place::name)
                .thenComparingInt(Place::id))
        .limit(most)
        .toList();
  }

  private static double far(String key, String name) {
    if (name.startsWith(key)) {
      return name.length() == key.length() ? -3 : -2;
    }
    if (name.contains(" " + key)) {
      return -1;
    }
    // Measured by the longer, so that a short name is not near everything.
    return (double) distance(key, name) / Math.max(key.length(), name.length());
  }

  /** Optimal string alignment: insertions, deletions, substitutions, exchanges of neighbours. */
  static int distance(String a, String b) {
    var before = new int[b.length() + 1];
    var last = new int[b.length() + 1];
    for (var j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (var i = 1; i <= a.length(); i++) {
      var now = new int[b.length() + 1];
      now[0] = i;
      for (var j = 1; j <= b.length(); j++) {
        var same = a.charAt(i - 1) == b.charAt(j - 1);
        now[j] = Math.min(last[j - 1] + (same ? 0 : 1), Math.min(last[j], now[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          now[j] = Math.min(now[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = now;
    }
    return last[b.length()];
  }
}
