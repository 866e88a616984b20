package io.centralita.lookup;

import io.centralita.outside.Gate.Lane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Somebody outside who knows which operator a Spanish line belongs to. */
public interface OperatorSource {

  /** Nobody can be asked just now; {@link #ready} says when to ask again. */
  final class NobodyToAskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param reason for people
     */
    public NobodyToAskException(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * Asks for one line. Everything that can go wrong outside is an {@link Answer.Failed}; the stage
   * fails only with a {@link java.util.concurrent.CancellationException} where the asking was
   * cancelled, with a {@link NobodyToAskException} where nobody can be asked just now, and for
   * bugs. What depends on it must not block.
   */
  CompletionStage<Answer> ask(Question question);

  /**
   * Completes when somebody can be asked for this owner; at once where that is so. Whoever no
   * longer wants to know cancels it.
   *
   * @param lane who goes first, where many wait
   * @param waiting is told why nobody can, at first and whenever that changes; must not block
   */
  default CompletionStage<Void> ready(String owner, Lane lane, Consumer<String> waiting) {
    return CompletableFuture.completedFuture(null);
  }
}
