package io.centralita.cli;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import io.centralita.phone.Ladas;
import io.centralita.phone.PhoneNumbers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.IntToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How many numbers a second one core makes E.164 of. */
@Command(
    name = "normalisation",
    description = {
      "Measures how many numbers a second one core makes E.164 of, beside libphonenumber.",
      "",
      "Texts as contact files have them: ten digits, groups of them, +52, 52, +52 1, 044, 045, 01,"
          + " blanks no one sees, and some that are no numbers. Centralita reads bytes, as an import"
          + " does; libphonenumber reads strings made beforehand, and its number is checked and"
          + " written. They take turns, on one thread. No node is needed."
    },
    footer = {"", "Example:", "  ./centralita bench normalisation --numbers 1000000 --seconds 5"})
final class BenchNormalisationCommand implements Callable<Integer> {
  private static final int TURNS = 3;
  private static final int A_LOOK_AT_THE_CLOCK = 1000;

  /** As often as each is found; with the area code, and the line number in two parts. */
  private static final List<String> WAYS =
      List.of(
          "%s%s%s",
          "%s%s%s",
          "%s%s%s",
          "%s%s%s",
          "%s%s%s",
          "%s%s%s",
          "%s%s%s",
          "%s%s%s",
          "%s %s %s",
          "%s %s %s",
          "%s %s %s",
          "%s %s %s",
          "%s %s %s",
          "(%s)%s-%s",
          "(%s)%s-%s",
          "(%s)%s-%s",
          "(%s)%s-%s",
          "(%s) %s %s",
          "(%s) %s %s",
          "+52 1 %s %s %s",
          "+52 1 %s %s %s",
          "+52 1 %s %s %s",
          "+52 %s %s %s",
          "+52 %s %s %s",
          "+52 %s %s %s",
          "044 %s %s %s",
          "044 %s %s %s",
          "045%s%s%s",
          "01 %s %s %s",
          "%s-%s-%s",
          "%s.%s.%s",
          "52%s%s%s",
          "0052%s%s%s",
          "\u00A0%s%s%s\u200B",
          "NO TIENE",
          "154%2$s%3$s");

  private final Shell shell;

  @Option(names = "--numbers", paramLabel = "N", description = "Of texts. Default: 1000000.")
  private int numbers = 1_000_000;

  @Option(names = "--seconds", paramLabel = "N", description = "Of each turn. Default: 5.")
  private int seconds = 5;

  BenchNormalisationCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (numbers < 1 || numbers > 20_000_000 || seconds < 1) {
      throw new Misuse("--numbers: expected 1 to 20000000, and --seconds at least 1");
    }
    var texts = texts();
    var encoded =
        texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    IntToLongFunction own = i -> PhoneNumbers.read(encoded[i], 0, encoded[i].length);
    IntToLongFunction library = i -> library(texts.get(i));
    rate(own);
    rate(library);
    var ownRates = new ArrayList<Double>();
    var libraryRates = new ArrayList<Double>();
    for (var turn = 0; turn < TURNS; turn++) {
      ownRates.add(rate(own));
      libraryRates.add(rate(library));
    }
    report(ownRates, libraryRates, valid(own), valid(library));
    return 0;
  }

  private void report(
      List<Double> ownRates, List<Double> libraryRates, double ownValid, double libraryValid)
      throws IOException {
    var own = BenchReport.median(ownRates);
    var library = BenchReport.median(libraryRates);
    var ratio = BenchReport.hundredths(own / library);
    shell.say(
        "%-16s %,12.0f numbers/s and core (%.0f ns each), %.1f %% valid"
            .formatted("centralita", own, 1e9 / own, ownValid * 100));
    shell.say(
        "%-16s %,12.0f numbers/s and core (%.0f ns each), %.1f %% valid"
            .formatted("libphonenumber", library, 1e9 / library, libraryValid * 100));
    shell.say("%.1f times as fast; medians of %d turns".formatted(ratio, TURNS));
    new BenchReport("normalisation")
        .put("numbers", numbers)
        .put("numbers_per_second", Math.round(own))
        .put("libphonenumber_per_second", Math.round(library))
        .put("ratio", ratio)
        .put("valid_share", BenchReport.hundredths(ownValid))
        .put("libphonenumber_valid_share", BenchReport.hundredths(libraryValid))
        .print(shell);
  }

  private double rate(IntToLongFunction read) {
    var began = System.nanoTime();
    var until = began + seconds * 1_000_000_000L;
    var done = 0L;
    var valid = 0L;
    while (System.nanoTime() < until) {
      for (var i = 0; i < A_LOOK_AT_THE_CLOCK; i++) {
        valid += read.applyAsLong((int) (done++ % numbers)) > 0 ? 1 : 0;
      }
    }
    var rate = done / ((System.nanoTime() - began) / 1e9);
    return valid == 0 ? 0 : rate; // reads of which nobody looks at the outcome may be left out
  }

  private double valid(IntToLongFunction read) {
    var valid = 0;
    for (var i = 0; i < numbers; i++) {
      valid += read.applyAsLong(i) > 0 ? 1 : 0;
    }
    return (double) valid / numbers;
  }

  private static long library(String text) {
    var library = PhoneNumberUtil.getInstance();
    try {
      var number = library.parse(text, "MX");
      return library.isValidNumber(number)
          ? Long.parseLong(library.format(number, PhoneNumberFormat.E164).substring(1))
          : -1;
    } catch (NumberParseException _) {
      return -1; // not a number
    }
  }

  private List<String> texts() {
    var random = new SplittableRandom(1);
    var ladas = Ladas.all();
    var texts = new ArrayList<String>(numbers);
    for (var i = 0; i < numbers; i++) {
      var lada = Integer.toString(ladas.get(random.nextInt(ladas.size())).code());
      var subscriber = Integer.toString(1_000_000_000 + random.nextInt(1_000_000_000));
      texts.add(written(lada, subscriber.substring(lada.length()), random.nextInt(WAYS.size())));
    }
    return texts;
  }

  private static String written(String lada, String subscriber, int way) {
    var a = subscriber.substring(0, subscriber.length() - 4);
    var b = subscriber.substring(subscriber.length() - 4);
    var pattern = WAYS.get(way);
    return pattern.formatted(lada, a, b);
  }
}
