package io.centralita.proxy;

/**
 * How a proxy has done of late: errors in a row, which open the circuit, and a score, by which the
 * healthier proxy is preferred. Not journalled: the score is a statistic, and after a crash the
 * rows begin anew.
 *
 * @param tlsInRow TLS errors since anything else
 * @param connectionInRow connection errors since anything else
 * @param score 0 for spotless to 100; rises by a tenth of what is left with each error, falls by a
 *     fiftieth with each success
 */
record Health(int tlsInRow, int connectionInRow, double score) {
  private static final double RISE = 0.1;
  private static final double RISE_IF_BLOCKED = 0.2;
  private static final double HEAL = 0.98;
  private static final double SPOTLESS = 0.05;

  static final Health NEW = new Health(0, 0, 0);

  Health after(Outcome outcome, long calls) {
    return switch (outcome.meaning()) {
      case HEALTHY -> new Health(0, 0, healed(calls));
      case TURNED_AWAY -> new Health(0, 0, raised(RISE_IF_BLOCKED, calls));
      case DOUBTFUL -> new Health(tlsInRow, connectionInRow, raised(RISE, calls));
      case TLS_FAULT -> new Health(more(tlsInRow, calls), 0, raised(RISE, calls));
      case CONNECTION_FAULT -> new Health(0, more(connectionInRow, calls), raised(RISE, calls));
    };
  }

  /** The same with nothing in a row: a trial has ended, or somebody has set the proxy to work. */
  Health rested() {
    return new Health(0, 0, score);
  }

  private static int more(int inRow, long calls) {
    return (int) Math.min(Integer.MAX_VALUE, inRow + calls);
  }

  private double raised(double part, long calls) {
    return 100 - (100 - score) * Math.pow(1 - part, (double) calls);
  }

  private double healed(long calls) {
    var healed = score * Math.pow(HEAL, (double) calls);
    return healed < SPOTLESS ? 0 : healed;
  }
}
