package io.centralita.lookup;

import io.centralita.outside.Gate.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One line to be asked for, and what became of it so far: a question that had to come again goes on
 * where it was. It is put to a source once at a time.
 */
public final class Question {
  private final int number;
  private final String owner;
  private final Supplier<Lane> lane;
  private final BooleanSupplier cancelled;
  private final List<String> lost = new ArrayList<>(0);
  private boolean begun;
  private int detours;
  private int throttles;
  private int unopened;

  /**
   * @param number nine national digits
   * @param owner for whom
   * @param lane whether somebody waits for the answer by now; read from any thread
   * @param cancelled whether nobody wants the answer any more; read from any thread
   */
  public Question(int number, String owner, Supplier<Lane> lane, BooleanSupplier cancelled) {
    if (number < 100_000_000 || number > 999_999_999) {
      throw new IllegalArgumentException("a line has nine national digits");
    }
    this.number = number;
    this.owner = owner;
    this.lane = lane;
    this.cancelled = cancelled;
  }

  int number() {
    return number;
  }

  String owner() {
    return owner;
  }

  Lane lane() {
    return lane.get();
  }

  boolean isCancelled() {
    return cancelled.getAsBoolean();
  }

  /** Whether it is put for the first time. */
  boolean begin() {
    var first = !begun;
    begun = true;
    return first;
  }

  /** Why each try came to nothing. */
  List<String> lost() {
    return lost;
  }

  void lose(String why) {
    lost.add(why);
  }

  /** Exits that were no use, before this one. */
  int detour() {
    return detours++;
  }

  /** 429s, before this one. */
  int throttle() {
    return throttles++;
  }

  /** Sessions that could not be opened, before this one. */
  int unopened() {
    return unopened++;
  }
}
