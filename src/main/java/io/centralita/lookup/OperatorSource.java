package io.centralita.lookup;

import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Somebody outside who knows which operator a Spanish line belongs to. */
public interface OperatorSource {

  /**
   * Asks for one line. Everything that can go wrong outside is an {@link Answer.Failed}; the stage
   * fails only with a {@link java.util.concurrent.CancellationException} where the asking was
   * cancelled, and for bugs. What depends on it must not block.
   *
   * @param number nine national digits
   * @param cancelled read before each try and each wait, from any thread
   */
  CompletionStage<Answer> ask(int number, BooleanSupplier cancelled);
}
