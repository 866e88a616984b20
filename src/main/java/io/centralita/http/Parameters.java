package io.centralita.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** A request's query, read strictly: what is unknown, repeated or malformed is a problem (400). */
public final class Parameters {
  private static final int LONGEST = 4096;

  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Refuses whatever the query holds (400): the path takes no parameters. */
  public static void none(HttpRequest request) {
    if (request.getUri().rawQueryString().filter(query -> !query.isEmpty()).isPresent()) {
      throw ProblemException.badRequest("query", "this path takes no parameters");
    }
  }

  /** The query, which may have these parameters and no other. */
  public static Parameters of(HttpRequest request, String... known) {
    request.getUri().rawQueryString().ifPresent(Parameters::requireUtf8);
    var values = request.getUri().query().toMultiMap();
    var unknown = new HashSet<>(values.keySet());
    unknown.removeAll(Set.of(known));
    if (!unknown.isEmpty()) {
      throw ProblemException.badRequest(
          "query", "unknown parameter; there are " + String.join(", ", known));
    }
    return new Parameters(values);
  }

  // Read leniently, different names would become the same one, with the same replacement character.
  private static void requireUtf8(String query) {
    for (var pair : query.split("&", -1)) {
      var parts = pair.split("=", 2);
      var name = decoded(parts[0]);
      if (name.isEmpty() || (parts.length > 1 && decoded(parts[1]).isEmpty())) {
        throw ProblemException.badRequest(name.orElse("query"), "not UTF-8, percent-encoded");
      }
    }
  }

  /** Empty where the percent-encoded bytes are not UTF-8. */
  private static Optional<String> decoded(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%' && i + 2 < text.length()) {
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        bytes.writeBytes(text.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      var decoder = StandardCharsets.UTF_8.newDecoder(); // which reports, and does not replace
      return Optional.of(decoder.decode(ByteBuffer.wrap(bytes.toByteArray())).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  /** The parameter's text, where it was given. */
  public Optional<String> text(String name) {
    var given = values.getOrDefault(name, List.of());
    if (given.size() > 1) {
      throw ProblemException.badRequest(name, "given more than once");
    }
    if (!given.isEmpty() && given.getFirst().length() > LONGEST) {
      throw ProblemException.badRequest(name, "longer than " + LONGEST + " characters");
    }
    return given.stream().findFirst();
  }

  public String required(String name) {
    return text(name).orElseThrow(() -> ProblemException.badRequest(name, "required"));
  }

  /** A whole number within bounds. */
  public int number(String name, int absent, int least, int most) {
    return text(name)
        .map(
            text -> {
              try {
                var number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException _) {
                // refused below, as a number out of bounds is
              }
              throw ProblemException.badRequest(
                  name, "expected a whole number from " + least + " to " + most);
            })
        .orElse(absent);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String name, boolean absent) {
    return text(name)
        .map(
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw ProblemException.badRequest(name, "expected true or false");
                })
        .orElse(absent);
  }

  /**
   * One of a few words.
   *
   * @param word how the API writes a choice
   */
  public <T> Optional<T> choice(String name, List<T> choices, Function<T, String> word) {
    return text(name)
        .map(
            text ->
                choices.stream()
                    .filter(choice -> word.apply(choice).equals(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            ProblemException.badRequest(
                                name,
                                "expected one of "
                                    + String.join(", ", choices.stream().map(word).toList()))));
  }
}
