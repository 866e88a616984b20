package io.centralita.contacts;

import io.centralita.phone.NumberingFile;
import io.centralita.phone.NumberingPlanReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Files of the numbering authority, made for a test. */
final class NumberingPlanFile {
  private static final String HEADER =
      "ZONA, NUMERACION_INICIAL, NUMERACION_FINAL, OCUPACION, MODALIDAD, RAZON_SOCIAL, FECHA_ASIGNACION\n";

  private NumberingPlanFile() {}

  /** Of rows such as {@code 3330000000-3330049999 MPP TELCEL}. */
  static String of(String... rows) {
    return of(List.of(rows));
  }

  static String of(List<String> rows) {
    return rows.stream()
        .map(row -> row.split("[- ]", 4))
        .map(row -> "1,%s,%s,1,%s,\"%s\",01/02/2020,\n".formatted((Object[]) row))
        .collect(Collectors.joining("", HEADER, ""));
  }

  /** A sample of the repository. */
  static byte[] sample(String name) {
    try (var file = NumberingPlanFile.class.getResourceAsStream("/numbering/" + name)) {
      return Objects.requireNonNull(file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static NumberingFile.Loaded loaded(String text) {
    try {
      return (NumberingFile.Loaded)
          NumberingPlanReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
