package io.centralita.lookup;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which names are operators and which are only words for not knowing. */
public final class Operators {

  /** The portal's own company, whose lines it says it cannot find. */
  public static final Operator DIGI =
      new Operator("DIGI SPAIN TELECOM, S.L.", "DIGI SPAIN TELECOM, S.L.", null);

  private static final Set<String> NONE = Set.of("no existe", "desconocido", "error_scraping");

  private Operators() {}

  /** Found if the names are an operator's, else unknown; null stands for a name not given. */
  static Answer judge(@Nullable String name, @Nullable String tradeName, @Nullable String id) {
    var source = stripped(id);
    var operator =
        new Operator(stripped(name), stripped(tradeName), source.isEmpty() ? null : source);
    if (!isPrintable(operator.name() + operator.tradeName() + source)) {
      return new Answer.Unknown("the portal answered a name that is none");
    }
    if (operator.label().isEmpty()) {
      return new Answer.Unknown("the portal answered an empty operator");
    }
    if (isNone(operator.label())) {
      return unknown(operator.label());
    }
    return isNone(operator.name()) ? unknown(operator.name()) : new Answer.Found(operator);
  }

  /** Whether a name is an operator's. */
  static boolean isOperator(String name) {
    return !name.isBlank() && isPrintable(name) && !isNone(name.strip());
  }

  private static Answer unknown(String word) {
    return new Answer.Unknown("the portal answered \"" + word + "\"");
  }

  private static boolean isNone(String name) {
    return NONE.contains(name.toLowerCase(Locale.ROOT));
  }

  /** PostgreSQL keeps no NUL, and one such name would hold up all answers behind it. */
  private static boolean isPrintable(String name) {
    return name.codePoints()
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }

  private static String stripped(@Nullable String name) {
    return name == null ? "" : name.strip();
  }
}
