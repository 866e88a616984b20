package io.centralita.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.phone.NumberingFile.BadRow;
import io.centralita.phone.NumberingFile.Loaded;
import io.centralita.phone.NumberingFile.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberingPlanReaderTest {
  private static final String NATIONAL =
      "ZONA, NUMERACION_INICIAL, NUMERACION_FINAL, OCUPACION, MODALIDAD, RAZON_SOCIAL, FECHA_ASIGNACION\n";
  private static final String CLASSIC =
      "CLAVE_CENSAL,POBLACION,MUNICIPIO,ESTADO,PRESUSCRIPCION,REGION,ASL,NIR,SERIE,NUMERACION_INICIAL,NUMERACION_FINAL,OCUPACION,TIPO_RED,MODALIDAD,RAZON_SOCIAL,FECHA_ASIGNACION,FECHA_CONSOLIDACION,FECHA_MIGRACION,NIR_ANTERIOR\n";

  @Test
  void read_nationalLayout_hasItsRanges() throws IOException {
    var loaded = loaded(sample("national-utf8.csv"));

    assertEquals(441, loaded.rows());
    assertEquals(0, loaded.badRows());
    assertEquals(0, loaded.overlaps());
    assertTrue(loaded.plan().size() > 200 && loaded.plan().size() < 441, "neighbours merge");
    assertTrue(loaded.plan().carriers().contains("TELÉFONOS DE MÉXICO, S.A.B. DE C.V."));
    assertEquals(7, loaded.plan().carriers().size());
  }

  @Test
  void read_classicLayoutInLatin1_hasItsRanges() throws IOException {
    var loaded = loaded(sample("classic-latin1.csv"));

    assertEquals(441, loaded.rows());
    assertEquals(0, loaded.badRows());
    assertTrue(
        loaded.plan().carriers().contains("AT&T COMERCIALIZACIÓN MÓVIL, S. DE R.L. DE C.V."));
  }

  @Test
  void read_nationalRow_saysWhatItsColumnsSay() throws IOException {
    var loaded =
        loaded(
            NATIONAL
                + "4,4111800000,4111809999,10000,MPP,\"AT&T  COMERCIALIZACION, S. DE R.L.\",30/10/2018,\n"
                + "4,4111810000,4111810999,1000,FIJO, \"TELMEX\" ,01/02/2020,\n"
                + "4,4111811000,4111811999,1000,CPP,TELCEL,,\n");

    var plan = loaded.plan();
    assertEquals(LineKind.MOBILE, plan.kindOf(524111805555L));
    assertEquals(LineKind.FIXED, plan.kindOf(524111810000L));
    assertEquals(LineKind.MOBILE, plan.kindOf(524111811999L));
    assertEquals(List.of("AT&T COMERCIALIZACION, S. DE R.L.", "TELMEX", "TELCEL"), plan.carriers());
    assertEquals(LocalDate.of(2020, 2, 1), loaded.newest());
  }

  @ParameterizedTest
  @ValueSource(strings = {CLASSIC, ""})
  void read_classicRow_joinsAreaSeriesAndNumber(String header) throws IOException {
    var loaded =
        loaded(
            header
                + "1,X,X,NL,SI,1,1,81,1234,0,4999,5000,MOVIL,CPP,\"A, S.A.\",30/10/2018,,,\r\n"
                + "1,X,X,GTO,SI,1,1,477,12,0000,9999,10000,FIJO,,B,30/10/2018,,,\r\n");

    var plan = loaded.plan();
    assertEquals(2, plan.size());
    assertEquals(524770120000L, plan.first(0));
    assertEquals(524770129999L, plan.last(0));
    assertEquals(LineKind.FIXED, plan.kind(0));
    assertEquals(528112340000L, plan.first(1));
    assertEquals(528112344999L, plan.last(1));
    assertEquals(LineKind.MOBILE, plan.kind(1));
    assertEquals("A, S.A.", plan.carriers().get(plan.carrier(1)));
  }

  @Test
  void read_badRows_areToldByLineAndLeftOut() throws IOException {
    var loaded =
        loaded(
            NATIONAL
                + "4,4111800000,4111809999,10000,MPP,A,30/10/2018,\n"
                + "4,411180000,4111809999,10000,MPP,A,30/10/2018,\n"
                + "4,4111809999,4111800000,10000,MPP,A,30/10/2018,\n"
                + "\n"
                + "4,4111800000,9111809999,10000,MPP,A,30/10/2018,\n"
                + "4,4111800000,4111809999,10000,FPP,A,30/10/2018,\n"
                + "4,4111800000,4111809999,10000,MPP,,30/10/2018,\n"
                + "4\n"
                + "4,4111805000,4111805999,10000,FIJO,B,31/31/2018,\n");

    assertEquals(2, loaded.rows());
    assertEquals(1, loaded.overlaps());
    assertEquals(3, loaded.plan().size());
    assertEquals(6, loaded.badRows());
    assertEquals(
        List.of(
            new BadRow(3, "NUMERACION_INICIAL, NUMERACION_FINAL: ten digits expected"),
            new BadRow(4, "the range ends before it begins"),
            new BadRow(6, "the range spans several area codes"),
            new BadRow(7, "MODALIDAD: CPP, MPP or FIJO expected"),
            new BadRow(8, "RAZON_SOCIAL: empty"),
            new BadRow(9, "NUMERACION_INICIAL, NUMERACION_FINAL: ten digits expected")),
        loaded.firstBad());
  }

  @Test
  void read_manyBadRows_keepsTheFirstHundred() throws IOException {
    var rows =
        IntStream.range(0, 250)
            .mapToObj(_ -> "4,,,,,,,")
            .collect(Collectors.joining("\n", NATIONAL, "\n4,4111800000,4111809999,1,MPP,A,,\n"));

    var loaded = loaded(rows);

    assertEquals(250, loaded.badRows());
    assertEquals(100, loaded.firstBad().size());
    assertEquals(1, loaded.rows());
  }

  @Test
  void read_byteOrderMark_isNotPartOfTheHeader() throws IOException {
    assertEquals(1, loaded("\uFEFF" + NATIONAL + "4,4111800000,4111809999,1,MPP,Ñ,,").rows());
  }

  @Test
  void read_longUtf8_isNotCutBetweenTheBytesOfASign() throws IOException {
    var rows =
        IntStream.range(0, 3000)
            .mapToObj(
                i ->
                    "4,411%03d%04d,411%03d%04d,1,MPP,%s€😀Ñ,,"
                        .formatted(i / 10, i % 10, i / 10, i % 10, "x".repeat(i % 7)))
            .collect(Collectors.joining("\n", NATIONAL, "\n"));

    var loaded = loaded(rows);

    assertEquals(3000, loaded.rows());
    assertEquals(7, loaded.plan().carriers().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "name;phone\n1;2\n", "number\n5512345678\n", "\u0000\u0001"})
  void read_anotherFile_isRefusedWithWhatWasExpected(String text) throws IOException {
    var refused = assertInstanceOf(Refused.class, read(text, StandardCharsets.UTF_8));

    assertTrue(refused.reason().contains("expected a header with NUMERACION_INICIAL"));
  }

  @Test
  void read_noGoodRow_isRefusedWithTheBadOnes() throws IOException {
    var refused =
        assertInstanceOf(
            Refused.class, read(NATIONAL + "4,1,2,3,MPP,A,,\n", StandardCharsets.UTF_8));

    assertEquals("the file has no good row", refused.reason());
    assertEquals(1, refused.firstBad().size());
  }

  @Test
  void read_quoteNotClosed_isRefusedByLine() throws IOException {
    var text =
        NATIONAL
            + "4,4111800000,4111809999,1,MPP,A,,\n"
            + "4,4111810000,4111819999,1,MPP,\"B,,\n"
            + "4,4111820000,4111829999,1,MPP,C,,\n";

    var refused = assertInstanceOf(Refused.class, read(text, StandardCharsets.UTF_8));

    assertTrue(refused.reason().startsWith("the row after line 2 is not valid CSV"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4,411182000", "4,4111820000,4111829999,1,M", "4,4111820000,4111829999,"})
  void read_cutInTheLastRow_isRefusedByLine(String last) throws IOException {
    var text = NATIONAL + "4,4111800000,4111809999,1,MPP,A,,\n" + last;

    var refused = assertInstanceOf(Refused.class, read(text, StandardCharsets.UTF_8));

    assertTrue(
        refused.reason().startsWith("line 3: the file ends in the middle"), refused.reason());
  }

  @Test
  void read_rowOfTenMegabytes_isRefused() throws IOException {
    var text =
        NATIONAL
            + "4,4111800000,4111809999,1,MPP,A,,\n4,4111810000,4111819999,1,MPP,"
            + "x".repeat(10 << 20)
            + ",,\n";

    var refused = assertInstanceOf(Refused.class, read(text, StandardCharsets.UTF_8));

    assertTrue(refused.reason().contains("longer than 64 KiB"), refused.reason());
  }

  @Test
  void read_carrierThatIsNoName_isToldByLine() throws IOException {
    var loaded =
        loaded(
            NATIONAL
                + "4,4111800000,4111809999,1,MPP,%s,,\n".formatted("x".repeat(201))
                + "4,4111800000,4111809999,1,MPP,a\u0000b,,\n"
                + "4,4111800000,4111809999,1,MPP,A,,\n");

    assertEquals(
        List.of(
            new BadRow(2, "RAZON_SOCIAL: longer than 200 characters"),
            new BadRow(3, "RAZON_SOCIAL: has a control character")),
        loaded.firstBad());
  }

  private static Loaded loaded(String text) throws IOException {
    return assertInstanceOf(Loaded.class, read(text, StandardCharsets.UTF_8));
  }

  private static Loaded loaded(byte[] file) throws IOException {
    return assertInstanceOf(Loaded.class, NumberingPlanReader.read(new ByteArrayInputStream(file)));
  }

  private static NumberingFile read(String text, Charset charset) throws IOException {
    return NumberingPlanReader.read(new ByteArrayInputStream(text.getBytes(charset)));
  }

  private static byte[] sample(String name) throws IOException {
    try (var file = NumberingPlanReaderTest.class.getResourceAsStream("/numbering/" + name)) {
      return Objects.requireNonNull(file).readAllBytes();
    }
  }
}
