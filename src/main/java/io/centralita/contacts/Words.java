package io.centralita.contacts;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The words by which a contact is found.
 *
 * <p>The rule: each text is folded ({@link Folded#key}) and divided at its blanks. Of a word the
 * first 40 code points count. Words that say nothing ({@code de la las los el del y e en a}) are
 * dropped. Each word is taken once, in the order in which it first comes, and the first 64 are
 * taken.
 */
public final class Words {
  static final int LONGEST = 40;
  static final int MOST = 64;
  static final Set<String> SAY_NOTHING =
      Set.of("de", "la", "las", "los", "el", "del", "y", "e", "en", "a");

  private Words() {}

  /** The words of these texts, one after the other. */
  public static List<String> of(String... texts) {
    var words = new LinkedHashSet<String>();
    for (var text : texts) {
      add(text, words);
    }
    return List.copyOf(words);
  }

  private static void add(String text, Collection<String> words) {
    var key = Folded.key(text);
    for (var from = 0; from < key.length() && words.size() < MOST; ) {
      var blank = key.indexOf(' ', from);
      var to = blank < 0 ? key.length() : blank;
      var word = cut(key.substring(from, to));
      if (!saysNothing(word)) {
        words.add(word);
      }
      from = to + 1;
    }
  }

  static boolean saysNothing(String word) {
    return SAY_NOTHING.contains(word);
  }

  /** The part of a folded word that counts. */
  static String cut(String word) {
    return word.length() <= LONGEST || word.codePointCount(0, word.length()) <= LONGEST
        ? word
        : word.substring(0, word.offsetByCodePoints(0, LONGEST));
  }
}
