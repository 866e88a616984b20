package io.centralita.cli;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Progress as it goes on: on a terminal one line rewritten in place, else a line every tenth, every
 * five seconds, and when the reason for a standstill changes.
 */
final class ProgressReport {
  private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();
  private static final String TO_THE_LEFT = "\r";
  private static final String CLEAR_REST = "\u001b[K";

  private final Terminal terminal;
  private final LongSupplier nanos;
  private String shown = "";
  private String shownStandstill = "";
  private int shownTenth = -1;
  private long shownAt;
  private boolean lineOpen;

  /**
   * @param nanos a clock as {@link System#nanoTime} is
   */
  ProgressReport(Terminal terminal, LongSupplier nanos) {
    this.terminal = terminal;
    this.nanos = nanos;
  }

  synchronized void show(FileState file) {
    if (terminal.interactive()) {
      rewrite(ProgressLine.bar(file, terminal.width(), terminal.unicode()));
    } else if (isDue(file)) {
      remember(file);
      terminal.out().println(shown);
      terminal.out().flush();
    }
  }

  /** Something about the way to the node, such as that it does not answer. */
  synchronized void note(String text) {
    if (terminal.interactive()) {
      rewrite("  " + text);
    } else if (!text.equals(shown)) {
      shown = text;
      terminal.out().println(text);
      terminal.out().flush();
    }
  }

  /** Leaves the line that was rewritten, so that what follows has its own. */
  synchronized void end() {
    if (lineOpen) {
      terminal.out().println();
      terminal.out().flush();
      lineOpen = false;
    }
  }

  private void rewrite(String line) {
    terminal.out().print(TO_THE_LEFT + line + CLEAR_REST);
    terminal.out().flush();
    lineOpen = true;
  }

  private boolean isDue(FileState file) {
    if (ProgressLine.plain(file).equals(shown)) {
      return false;
    }
    return shownTenth != tenth(file)
        || !shownStandstill.equals(file.standstill())
        || nanos.getAsLong() - shownAt >= EVERY_NANOS;
  }

  private void remember(FileState file) {
    shown = ProgressLine.plain(file);
    shownTenth = tenth(file);
    shownStandstill = file.standstill();
    shownAt = nanos.getAsLong();
  }

  private static int tenth(FileState file) {
    return (int) (file.done() * 10);
  }
}
