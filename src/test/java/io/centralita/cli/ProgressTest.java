package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final Printed printed = new Printed();
  private final AtomicLong now = new AtomicLong();

  @Test
  void bar_halfDone_showsHalfABarRateAndTimeLeft() {
    assertEquals(
        "  ██████████████░░░░░░░░░░░░░░  50 %  1,000 of 2,000  85/s  12 s left",
        ProgressLine.bar(file(1000, 2000, 85.4, 12L, null), 80, true));
  }

  @Test
  void bar_withoutUnicode_isAscii() {
    assertEquals(
        "  ##########################..  95 %  19 of 20",
        ProgressLine.bar(file(19, 20, 0, null, null), 80, false));
  }

  @Test
  void bar_narrowTerminal_staysOnOneLine() {
    var waiting = file(5, 2000, 0, null, "the database does not answer, and more of that kind");

    var line = ProgressLine.bar(waiting, 60, true);

    assertTrue(line.length() < 60, line);
    assertTrue(line.endsWith("..."), line);
  }

  @Test
  void plain_waiting_saysWhyInsteadOfHowFast() {
    assertEquals(
        "0 %  5 of 2,000  waiting: no source",
        ProgressLine.plain(file(5, 2000, 10, 5L, "no source")));
  }

  @Test
  void plain_nearlyDone_isNotYetAHundred() {
    assertEquals("99 %  1,999 of 2,000", ProgressLine.plain(file(1999, 2000, 0, null, null)));
  }

  @Test
  void time_isInTheTwoUnitsThatMatter() {
    assertEquals("9 s", ProgressLine.time(Duration.ofSeconds(9)));
    assertEquals("3 min 05 s", ProgressLine.time(Duration.ofSeconds(185)));
    assertEquals("27 h 00 min", ProgressLine.time(Duration.ofHours(27)));
  }

  @Test
  void report_piped_printsEveryTenthAndEveryFewSeconds() {
    var report = new ProgressReport(printed.terminal(false), now::get);

    report.show(file(0, 100, 0, null, null));
    report.show(file(5, 100, 0, null, null));
    report.show(file(12, 100, 0, null, null));
    now.addAndGet(Duration.ofSeconds(6).toNanos());
    report.show(file(13, 100, 0, null, null));
    report.show(file(13, 100, 0, null, null));
    report.end();

    assertEquals("0 %  0 of 100\n12 %  12 of 100\n13 %  13 of 100\n", printed.out());
  }

  @Test
  void report_piped_saysAtOnceWhyItStands() {
    var report = new ProgressReport(printed.terminal(false), now::get);

    report.show(file(1, 100, 0, null, null));
    report.show(file(1, 100, 0, null, "no source"));

    assertEquals("1 %  1 of 100\n1 %  1 of 100  waiting: no source\n", printed.out());
  }

  @Test
  void report_onATerminal_rewritesOneLine() {
    var report = new ProgressReport(printed.terminal(true), now::get);

    report.show(file(1, 100, 0, null, null));
    report.show(file(2, 100, 0, null, null));
    assertFalse(printed.out().contains("\n"));
    report.end();
    report.end();

    assertTrue(printed.out().matches("(?s)\r.*1 of 100.*\r.*2 of 100.*\n"), printed.out());
  }

  private static FileState file(
      long done, long total, double rate, @Nullable Long eta, @Nullable String waiting) {
    return new FileState(
        1,
        "ana",
        "a.csv",
        total,
        done,
        "processing",
        total,
        0,
        0,
        Map.of(),
        waiting,
        null,
        rate,
        eta);
  }
}
