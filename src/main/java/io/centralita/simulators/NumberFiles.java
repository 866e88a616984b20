package io.centralita.simulators;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Writes sample files of Spanish mobile numbers, with the blemishes of real ones. The same count
 * and seed give the same file.
 */
public final class NumberFiles {
  private static final int SIXES = 100_000_000; // 600000000 to 699999999
  private static final int MOBILES = 140_000_000; // and 710000000 to 749999999
  // Coprime to 140 million, so that multiplying by it visits every mobile once before any twice.
  private static final long STRIDE = 86_028_121;
  private static final String[] CITIES = {"91", "93", "95", "96"};

  private final SplittableRandom random;
  private final long start;
  private int mobiles;
  private int duplicates;
  private int landlines;
  private int foreign;
  private int malformed;

  private NumberFiles(long seed) {
    this.random = new SplittableRandom(seed);
    this.start = random.nextLong(MOBILES);
  }

  /**
   * What a file holds.
   *
   * @param received lines with a number, good or bad
   * @param distinctValid different Spanish mobiles
   * @param duplicates lines that repeat a mobile, written the same way or not
   * @param landlines Spanish numbers that are no mobiles
   * @param foreign numbers of another country
   * @param malformed lines with letters
   */
  public record Truth(
      int received, int distinctValid, int duplicates, int landlines, int foreign, int malformed) {
    /** Lines that are no Spanish mobile. */
    public int invalid() {
      return landlines + foreign + malformed;
    }
  }

  /** Writes a CSV file of one column under the header {@code numero}. */
  public static Truth csv(Path file, int count, long seed) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      out.write("numero\n");
      return new NumberFiles(seed).write(out, count);
    }
  }

  /** Writes a text file of one number a line, without a header. */
  public static Truth txt(Path file, int count, long seed) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      return new NumberFiles(seed).write(out, count);
    }
  }

  private Truth write(BufferedWriter out, int count) throws IOException {
    for (var i = 0; i < count; i++) {
      out.write(line());
      out.write('\n');
    }
    return new Truth(count, mobiles, duplicates, landlines, foreign, malformed);
  }

  private String line() {
    var thousandth = random.nextInt(1000);
    if (thousandth < 5) {
      landlines++;
      return CITIES[random.nextInt(CITIES.length)] + digits(7);
    }
    if (thousandth < 8) {
      foreign++;
      return "+52 55 " + (1 + random.nextInt(9)) + digits(3) + " " + digits(4);
    }
    if (thousandth < 10) {
      malformed++;
      return "6" + digits(4) + (char) ('A' + random.nextInt(26)) + digits(3);
    }
    if (thousandth < 20 && mobiles > 0) {
      duplicates++;
      return written(mobile(random.nextInt(mobiles)));
    }
    return written(mobile(mobiles++));
  }

  /** The mobile number at a place in the file's own order of all mobiles. */
  private int mobile(int index) {
    var place = (int) ((start + index % MOBILES * STRIDE) % MOBILES);
    return place < SIXES ? 600_000_000 + place : 710_000_000 + place - SIXES;
  }

  /** Four in five as nine plain digits. */
  private String written(int mobile) {
    var plain = Integer.toString(mobile);
    return switch (random.nextInt(20)) {
      case 0 -> "+34" + plain;
      case 1 -> "+34 " + spaced(plain, 3, 6);
      case 2 -> "0034" + plain;
      case 3 -> spaced(plain, 3, 5, 7);
      default -> plain;
    };
  }

  private String digits(int count) {
    var text = new StringBuilder();
    for (var i = 0; i < count; i++) {
      text.append(random.nextInt(10));
    }
    return text.toString();
  }

  private static String spaced(String digits, int... places) {
    var text = new StringBuilder(digits);
    for (var i = places.length - 1; i >= 0; i--) {
      text.insert(places[i], ' ');
    }
    return text.toString();
  }
}
