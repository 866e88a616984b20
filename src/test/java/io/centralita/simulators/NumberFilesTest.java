package io.centralita.simulators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NumberFilesTest {
  private static final int COUNT = 20_000;

  @TempDir private Path folder;

  @Test
  void csv_readWithAnIndependentParser_holdsWhatItSays() throws Exception {
    var file = folder.resolve("sample.csv");

    var truth = NumberFiles.csv(file, COUNT, 1);

    var lines = Files.readAllLines(file);
    assertEquals("numero", lines.removeFirst());
    assertEquals(COUNT, lines.size());
    assertEquals(COUNT, truth.received());
    var phones = PhoneNumberUtil.getInstance();
    var letter = Pattern.compile("[A-Z]");
    var mobiles = new HashSet<Long>();
    var duplicates = 0;
    var invalid = 0;
    for (var line : lines) {
      var number = phones.parse(line, "ES");
      if (letter.matcher(line).find()
          || number.getCountryCode() != 34
          || phones.getNumberType(number) != PhoneNumberType.MOBILE) {
        invalid++;
      } else if (!mobiles.add(number.getNationalNumber())) {
        duplicates++;
      }
    }
    assertEquals(truth.distinctValid(), mobiles.size());
    assertEquals(truth.duplicates(), duplicates);
    assertEquals(truth.invalid(), invalid);
  }

  @Test
  void csv_inItsBlemishes_keepsTheShares() throws Exception {
    var truth = NumberFiles.csv(folder.resolve("sample.csv"), COUNT, 2);

    assertEquals(0.010, truth.duplicates() / (double) COUNT, 0.003);
    assertEquals(0.005, truth.landlines() / (double) COUNT, 0.002);
    assertEquals(0.003, truth.foreign() / (double) COUNT, 0.002);
    assertEquals(0.002, truth.malformed() / (double) COUNT, 0.0015);
    var lines = Files.readAllLines(folder.resolve("sample.csv"));
    for (var form :
        new String[] {
          "\\+34\\d{9}", "\\+34 \\d{3} \\d{3} \\d{3}", "0034\\d{9}", "\\d{3} \\d\\d \\d\\d \\d\\d"
        }) {
      var share = lines.stream().filter(l -> l.matches(form)).count() / (double) COUNT;
      assertTrue(share > 0.04 && share < 0.06, () -> form + " " + share);
    }
  }

  @Test
  void txt_ofTheSameSeed_isTheCsvWithoutItsHeader() throws Exception {
    var csv = folder.resolve("sample.csv");
    var txt = folder.resolve("sample.txt");
    var other = folder.resolve("other.txt");

    assertEquals(NumberFiles.csv(csv, 500, 3), NumberFiles.txt(txt, 500, 3));
    NumberFiles.txt(other, 500, 4);

    assertEquals(Files.readString(csv), "numero\n" + Files.readString(txt));
    assertNotEquals(Files.readString(txt), Files.readString(other));
  }
}
