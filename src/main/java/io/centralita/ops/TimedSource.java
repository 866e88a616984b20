package io.centralita.ops;

import io.centralita.lookup.Answer;
import io.centralita.lookup.OperatorSource;
import io.centralita.lookup.Question;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A source whose calls are timed. */
record TimedSource(OperatorSource source, Metrics metrics) implements OperatorSource {
  @Override
  public CompletionStage<Answer> ask(Question question) {
    var begun = System.nanoTime();
    return source.ask(question).whenComplete((_, _) -> metrics.lookedUp(System.nanoTime() - begun));
  }

  @Override
  public CompletionStage<Void> ready(String owner, Consumer<String> waiting) {
    return source.ready(owner, waiting);
  }

  @Override
  public String whyNobody() {
    return source.whyNobody();
  }
}
