package io.centralita.cluster;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How a whole is divided by demand: nobody gets more than is wanted while another lacks, and those
 * who lack get the same. What nobody wants is spread evenly, so that new demand finds some at hand.
 */
final class Division {

  private Division() {}

  static int[] of(int whole, int[] wanted) {
    var given = new int[wanted.length];
    var left = whole;
    var others = wanted.length;
    for (var i : byDemand(IntStream.of(wanted).asDoubleStream().toArray())) {
      given[i] = Math.min(wanted[i], left / others);
      left -= given[i];
      others--;
    }
    for (var i = 0; i < given.length; i++) {
      var spare = left / (given.length - i);
      given[i] += spare;
      left -= spare;
    }
    return given;
  }

  static double[] of(double whole, double[] wanted) {
    var given = new double[wanted.length];
    if (whole == Double.POSITIVE_INFINITY) {
      java.util.Arrays.fill(given, whole);
      return given;
    }
    var left = whole;
    var others = wanted.length;
    for (var i : byDemand(wanted)) {
      given[i] = Math.min(wanted[i], left / others);
      left -= given[i];
      others--;
    }
    for (var i = 0; i < given.length; i++) {
      given[i] += left / given.length;
    }
    return given;
  }

  /**
   * One for each of as many as the whole allows, first those who want some, in turns.
   *
   * @param turn rises by one when it is the next ones' turn
   */
  static int[] inTurns(int whole, int[] wanted, long turn) {
    var given = new int[wanted.length];
    var left = whole;
    for (var wanting : new boolean[] {true, false}) {
      var group = IntStream.range(0, wanted.length).filter(i -> wanted[i] > 0 == wanting).toArray();
      for (var k = 0; k < group.length && left > 0; k++) {
        given[group[(int) Math.floorMod(turn * whole + k, (long) group.length)]] = 1;
        left--;
      }
    }
    return given;
  }

  private static int[] byDemand(double[] wanted) {
    return IntStream.range(0, wanted.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> wanted[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
