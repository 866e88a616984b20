package io.centralita.lookup;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Somebody outside who knows which operator a Spanish line belongs to. */
public interface OperatorSource {

  /** No answer yet: the same question is to be put again, when {@link #ready}. */
  final class ComeAgainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration notBefore;

    /**
     * @param reason for people
     * @param notBefore the least time to wait
     */
    public ComeAgainException(String reason, Duration notBefore) {
      super(reason, null, false, false);
      this.notBefore = notBefore;
    }

    /** The least time to wait. */
    public Duration notBefore() {
      return notBefore;
    }
  }

  /**
   * Asks for one line. Everything that can go wrong outside is an {@link Answer.Failed} in the end;
   * the stage fails only with a {@link ComeAgainException} where it is not the end, with a {@link
   * java.util.concurrent.CancellationException} where nobody wanted the answer any more, and for
   * bugs. What depends on it must not block.
   */
  CompletionStage<Answer> ask(Question question);

  /**
   * Completes when somebody can be asked for this owner; at once where that is so. Whoever no
   * longer wants to know cancels it.
   *
   * @param waiting is told why there is no way for this owner, at first and whenever that changes;
   *     must not block
   */
  default CompletionStage<Void> ready(String owner, Consumer<String> waiting) {
    return CompletableFuture.completedFuture(null);
  }

  /** Why nobody at all gets an answer now; empty where somebody does. */
  default String whyNobody() {
    return "";
  }
}
