package io.centralita.cli;

import java.time.Duration;
import java.util.Locale;

/** How a file's progress is written on one line. */
final class ProgressLine {
  private static final int BAR = 28;

  private ProgressLine() {}

  /** With a bar, and no longer than the terminal is wide. */
  static String bar(FileState file, int width, boolean unicode) {
    var cells = Math.clamp(width - 46, 4, BAR);
    var filled = (int) (file.done() * cells);
    var bar = (unicode ? "█" : "#").repeat(filled) + (unicode ? "░" : ".").repeat(cells - filled);
    return cut("  " + bar + " " + percent(file) + "  " + counted(file) + details(file), width - 1);
  }

  /** For a log. */
  static String plain(FileState file) {
    return percent(file).strip() + "  " + counted(file) + details(file);
  }

  /** Such as {@code 1 h 02 min}, {@code 3 min 20 s} or {@code 9 s}. */
  static String time(Duration time) {
    var seconds = time.toSeconds();
    if (seconds >= 3600) {
      return "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
    }
    return seconds >= 60 ? "%d min %02d s".formatted(seconds / 60, seconds % 60) : seconds + " s";
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String percent(FileState file) {
    return "%3d %%".formatted((int) (file.done() * 100));
  }

  private static String counted(FileState file) {
    return number(file.progres()) + " of " + number(file.total());
  }

  private static String details(FileState file) {
    if (file.isCompleted()) {
      return "";
    }
    var standstill = file.standstill();
    if (!standstill.isEmpty()) {
      return "  " + standstill;
    }
    var eta = file.etaSeconds();
    return (file.rate() > 0 ? "  " + number(Math.round(file.rate())) + "/s" : "")
        + (eta == null ? "" : "  " + time(Duration.ofSeconds(eta)) + " left");
  }

  private static String cut(String line, int width) {
    return line.length() <= width ? line : line.substring(0, Math.max(0, width - 3)) + "...";
  }
}
