package io.centralita.contacts;

import io.centralita.http.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * What is searched for among the words of contacts: all of these words must be there.
 *
 * @param whole words as they are
 * @param beginnings beginnings of words, of 3 letters or more
 */
record SearchText(List<String> whole, List<String> beginnings) {
  private static final int SHORTEST_BEGINNING = 3;
  private static final int MOST = 16;

  /**
   * Reads {@code maria lopez gar*}.
   *
   * @throws ProblemException (400) where nothing can be searched for
   */
  static SearchText of(String field, String text) {
    var whole = new LinkedHashSet<String>();
    var beginnings = new LinkedHashSet<String>();
    var from = 0;
    for (var star = text.indexOf('*'); star >= 0; star = text.indexOf('*', from)) {
      if (star + 1 < text.length() && Character.isLetterOrDigit(text.codePointAt(star + 1))) {
        throw ProblemException.badRequest(field, "a * stands at the end of a word");
      }
      var words = words(text.substring(from, star));
      if (words.isEmpty() || !Character.isLetterOrDigit(text.codePointBefore(star))) {
        throw ProblemException.badRequest(field, "a * stands at the end of a word");
      }
      var beginning = words.removeLast();
      if (beginning.codePointCount(0, beginning.length()) < SHORTEST_BEGINNING) {
        throw ProblemException.badRequest(
            field, "at least " + SHORTEST_BEGINNING + " letters stand before a *");
      }
      beginnings.add(beginning);
      whole.addAll(words);
      from = star + 1;
    }
    whole.addAll(words(text.substring(from)));
    whole.removeIf(Words::saysNothing);
    if (whole.isEmpty() && beginnings.isEmpty()) {
      throw ProblemException.badRequest(
          field, "no word to search for; such as de and la are not searched");
    }
    if (whole.size() + beginnings.size() > MOST) {
      throw ProblemException.badRequest(field, "more than " + MOST + " words");
    }
    return new SearchText(List.copyOf(whole), List.copyOf(beginnings));
  }

  private static List<String> words(String text) {
    var words = new ArrayList<String>();
    for (var word : Folded.key(text).split(" ", -1)) {
      if (!word.isEmpty()) {
        words.add(Words.cut(word));
      }
    }
    return words;
  }

  /**
   * As PostgreSQL's {@code tsquery}; the words hold letters and digits alone, so quotes suffice.
   */
  String tsquery() {
    var terms = new ArrayList<String>();
    whole.forEach(word -> terms.add("'" + word + "'"));
    beginnings.forEach(word -> terms.add("'" + word + "':*"));
    return String.join(" & ", terms);
  }
}
