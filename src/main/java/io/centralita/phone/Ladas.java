package io.centralita.phone;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All area codes of Mexico with the place of each, as the file ladas.csv beside this class has
 * them.
 */
public final class Ladas {
  private static final @Nullable Lada[] BY_CODE = read();
  private static final List<Lada> ALL = Arrays.stream(BY_CODE).filter(Objects::nonNull).toList();

  private Ladas() {}

  /** The area code with this number, 55 or 477, where there is one. */
  public static Optional<Lada> of(int code) {
    return Optional.ofNullable(code < 0 || code >= BY_CODE.length ? null : BY_CODE[code]);
  }

  /** All of them by number, the ones of two digits first. */
  public static List<Lada> all() {
    return ALL;
  }

  /** The area code of a geographic number, by the first three of its ten digits. */
  static int codeOf(int firstThree) {
    var firstTwo = firstThree / 10;
    return switch (firstTwo) {
      case 33, 55, 56, 81 -> firstTwo;
      default -> firstThree;
    };
  }

  private static @Nullable Lada[] read() {
    var ladas = new @Nullable Lada[1000];
    try (var file = Ladas.class.getResourceAsStream("ladas.csv");
        var text = new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8)) {
      for (var line : text.readAllLines()) {
        var cells = line.split(",", 3);
        if (!cells[0].equals("lada")) {
          var code = Integer.parseInt(cells[0]);
          ladas[code] = new Lada(code, MexicanState.valueOf(cells[1]), cells[2]);
        }
      }
      return ladas;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
