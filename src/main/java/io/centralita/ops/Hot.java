package io.centralita.ops;

import io.centralita.actor.Vitals.Snapshot;
import io.centralita.ops.NodeMessage.Board;
import io.centralita.ops.Nodes.Answer;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The entities that stand out, of all nodes: the few of each node, merged. */
final class Hot {

  /**
   * An entity that stands out.
   *
   * @param value by which it was chosen
   */
  record Standing(String type, String id, String node, double value) {}

  /**
   * Who stands out, the most so first.
   *
   * @param slowest by the milliseconds that a step of their work takes
   * @param busiest by messages in a second, over the last minute or so
   * @param mostRestarted by restarts since they came into memory
   * @param unanswered nodes that did not say
   */
  record BoardView(
      List<Standing> slowest,
      List<Standing> busiest,
      List<Standing> mostRestarted,
      List<String> unanswered) {}

  private final Nodes nodes;

  Hot(Nodes nodes) {
    this.nodes = nodes;
  }

  CompletionStage<BoardView> board(int most) {
    return nodes
        .<Board>all(replyTo -> new NodeMessage.StandOut(most, replyTo))
        .thenApply(
            answers ->
                new BoardView(
                    merged(answers, most, Board::slowest, Snapshot::stepMillis),
                    merged(answers, most, Board::busiest, Snapshot::rate),
                    merged(answers, most, Board::mostRestarted, Snapshot::restarts),
                    answers.stream()
                        .filter(answer -> answer.value() == null)
                        .map(Answer::node)
                        .toList()));
  }

  private static List<Standing> merged(
      List<Answer<Board>> answers,
      int most,
      Function<Board, List<Snapshot>> which,
      ToDoubleFunction<Snapshot> by) {
    return answers.stream()
        .flatMap(
            answer ->
                answer.value() == null
                    ? Stream.<Standing>empty()
                    : which.apply(answer.value()).stream()
                        .map(
                            one ->
                                new Standing(
                                    one.type(),
                                    one.id(),
                                    answer.node(),
                                    Math.round(by.applyAsDouble(one) * 100) / 100.0)))
        .sorted(Comparator.comparingDouble(Standing::value).reversed())
        .limit(most)
        .toList();
  }
}
