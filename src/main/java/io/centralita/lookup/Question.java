package io.centralita.lookup;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One line to be asked for, and what became of it so far: a question that had to wait goes on where
 * it was. It is put to a source by one ask after another, never by two at once.
 */
public final class Question {
  private final int number;
  private final String owner;
  private final BooleanSupplier cancelled;
  private final List<String> lost = new ArrayList<>(0);

  /**
   * @param number nine national digits
   * @param owner for whom
   * @param cancelled read before each try and each wait, from any thread
   */
  public Question(int number, String owner, BooleanSupplier cancelled) {
    if (number < 100_000_000 || number > 999_999_999) {
      throw new IllegalArgumentException("a line has nine national digits");
    }
    this.number = number;
    this.owner = owner;
    this.cancelled = cancelled;
  }

  int number() {
    return number;
  }

  String owner() {
    return owner;
  }

  boolean isCancelled() {
    return cancelled.getAsBoolean();
  }

  /** Why each try came to nothing. */
  List<String> lost() {
    return lost;
  }

  void lose(String why) {
    lost.add(why);
  }
}
