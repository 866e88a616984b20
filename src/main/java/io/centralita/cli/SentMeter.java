package io.centralita.cli;

import java.util.function.LongConsumer;

/** Tells how much of a file is sent: at every percent on a terminal, else at every tenth. */
final class SentMeter implements LongConsumer {
  private static final double MEBI = 1 << 20;

  private final ProgressReport report;
  private final long size;
  private final int steps;
  private long told = -1;

  SentMeter(ProgressReport report, long size, boolean interactive) {
    this.report = report;
    this.size = size;
    this.steps = interactive ? 100 : 10;
  }

  @Override
  public void accept(long sent) {
    var step = size == 0 ? steps : sent * steps / size;
    if (step != told) {
      told = step;
      report.note(
          sent < size
              ? "sending: %d %%  %,.1f of %,.1f MiB"
                  .formatted(step * 100 / steps, sent / MEBI, size / MEBI)
              : "sent; the node looks at it");
    }
  }
}
