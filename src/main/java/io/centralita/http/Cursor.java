package io.centralita.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a list goes on, as text that clients send back and do not read.
 *
 * @param <T> the last row's key
 */
public final class Cursor<T> {
  private static final int LONGEST = 500;

  private final Function<T, String> write;
  private final Function<String, T> read;

  /**
   * @param read may throw {@link IllegalArgumentException}, {@link DateTimeException} or {@link
   *     IndexOutOfBoundsException} at what {@code write} never wrote
   */
  public Cursor(Function<T, String> write, Function<String, T> read) {
    this.write = write;
    this.read = read;
  }

  /** A cursor over rows that are numbered. */
  public static Cursor<Long> ofNumber() {
    return new Cursor<>(String::valueOf, Long::valueOf);
  }

  public String encode(T key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(write.apply(key).getBytes(StandardCharsets.UTF_8));
  }

  /** The key in a cursor that this API gave; anything else is a problem (400). */
  public T decode(String cursor) {
    if (cursor.length() <= LONGEST) {
      try {
        var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        var key = read.apply(text);
        if (encode(key).equals(cursor)) {
          return key;
        }
      } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException _) {
        // refused below, as one that reads differently from what it says
      }
    }
    throw ProblemException.badRequest("cursor", "not a next_cursor of this list");
  }

  /** The key in the parameter {@code cursor}, where it was given. */
  public Optional<T> from(Parameters parameters) {
    return parameters.text("cursor").map(this::decode);
  }
}
