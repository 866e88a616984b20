package io.centralita.access;

import io.centralita.http.ProblemException;
import java.text.Normalizer;

/** What users and files may be called. */
public final class Names {
  private static final int LONGEST = 150;

  private Names() {}

  /**
   * The name, its accented letters in their composed form: the same name is the same text,
   * whichever system typed it.
   *
   * @param field how the request calls it
   * @throws ProblemException (400) where the name will not do
   */
  public static String check(String field, String value) {
    var name = Normalizer.normalize(value, Normalizer.Form.NFC);
    if (name.isBlank()) {
      throw ProblemException.badRequest(field, "empty");
    }
    if (name.codePointCount(0, name.length()) > LONGEST) {
      throw ProblemException.badRequest(field, "longer than " + LONGEST + " characters");
    }
    if (isSpace(name.codePointAt(0)) || isSpace(name.codePointBefore(name.length()))) {
      throw ProblemException.badRequest(field, "begins or ends with a space");
    }
    if (name.contains("/") || name.contains("\\")) {
      throw ProblemException.badRequest(field, "has a slash or backslash");
    }
    if (name.codePoints().anyMatch(Names::isInvisible)) {
      throw ProblemException.badRequest(field, "has a control or invisible character");
    }
    if (name.equals(".") || name.equals("..")) {
      throw ProblemException.badRequest(field, "is the name of a folder");
    }
    return name;
  }

  private static boolean isSpace(int character) {
    return Character.isWhitespace(character) || Character.isSpaceChar(character);
  }

  // FORMAT turns the direction of writing around, or shows nothing: two names that look the same.
  private static boolean isInvisible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
