package io.centralita.lookup;

import io.centralita.cache.Cache;
import io.centralita.jobs.RunKind;
import io.centralita.lookup.Asking.Asked;
import io.centralita.lookup.FileWindows.FileWindow;
import io.centralita.outside.Gate.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operator of numbers, a whole window at once: the cache (one round trip), then the
 * results of the last 30 days in PostgreSQL (one query), then the source. What is found below is
 * written above.
 */
public final class Lookups implements RunKind.Work {

  /** There is nobody to ask. */
  public static final class NoSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSourceException(String message) {
      super(message);
    }
  }

  /** How old a stored answer may be. */
  static final Duration STORED_ANSWERS_COUNT = Duration.ofDays(30);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final FileWindows windows;
  private final LookupResults results;
  private final OperatorCatalogue operators;
  private final Cache cache;
  private final Asking asking;
  private final InstantSource clock;
  private final Duration personWaits;
  private final Exposure exposure = new Exposure(FileWindows.SIZE);

  Lookups(
      FileWindows windows,
      LookupResults results,
      OperatorCatalogue operators,
      Cache cache,
      Asking asking,
      InstantSource clock,
      Duration personWaits) {
    this.windows = windows;
    this.results = results;
    this.operators = operators;
    this.cache = cache;
    this.asking = asking;
    this.clock = clock;
    this.personWaits = personWaits;
  }

  /** Looks one number up at once, before any file's. */
  CompletionStage<Finding> one(int number, String owner) {
    return stored(List.of(number), null)
        .thenCompose(
            found -> {
              var stored = found.get(number);
              if (stored != null) {
                return CompletableFuture.completedFuture(stored);
              }
              return asking.noSource().isPresent()
                  ? CompletableFuture.failedFuture(
                      new NoSourceException(asking.noSource().orElseThrow()))
                  : inTime(asking.ask(number, owner, Lane.URGENT, oldest(null)));
            });
  }

  /** The answer, unless nobody can be asked for longer than a person waits. */
  private CompletionStage<Finding> inTime(Asking.Asked asked) {
    var answer = asked.finding().toCompletableFuture().copy();
    look(asked, answer, personWaits);
    return answer;
  }

  private static void look(
      Asking.Asked asked, CompletableFuture<Finding> answer, Duration patience) {
    CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              var why = asked.standstill().get();
              if (answer.isDone()) {
                return;
              }
              if (why.isEmpty()) {
                look(asked, answer, LOOK_AGAIN);
              } else {
                answer.completeExceptionally(new NoSourceException(why));
                asked.withdraw().run();
              }
            });
  }

  @Override
  public CompletionStage<RunKind.Finished> run(RunKind.Window window) {
    var fileId = Long.parseLong(window.runId());
    return windows
        .window(fileId, window.number())
        .thenCompose(
            row ->
                row.round() >= window.round()
                    ? CompletableFuture.completedFuture(
                        finished(row)) // a crash hid that it is done
                    : lookUp(fileId, window, row));
  }

  @Override
  public Map<String, Long> inFlight(String runId) {
    return exposure.of(runId);
  }

  private CompletionStage<RunKind.Finished> lookUp(
      long fileId, RunKind.Window window, FileWindow row) {
    var kept = row.round() >= window.freshRound();
    var open = new ArrayList<Integer>();
    for (var i = 0; i < row.numbers().size(); i++) {
      if (!kept || row.findings().isEmpty() || !isFound(row.findings().get(i))) {
        open.add(row.numbers().get(i));
      }
    }
    var questions = exposure.window(window.runId());
    window.onCancel().accept(questions::withdraw);
    return stored(open, window.since())
        .thenCompose(found -> askForRest(window, questions, open, found))
        .thenCompose(
            found -> {
              var all = new ArrayList<Finding>(row.numbers().size());
              var newlyFound = 0;
              for (var i = 0; i < row.numbers().size(); i++) {
                var fresh = found.get(row.numbers().get(i));
                all.add(fresh == null ? row.findings().get(i) : fresh);
                newlyFound += fresh != null && isFound(fresh) ? 1 : 0;
              }
              var done =
                  new FileWindow(
                      row.windowNo(), row.numbers(), window.round(), List.copyOf(all), newlyFound);
              return windows
                  .finish(fileId, row.windowNo(), window.round(), done.findings(), newlyFound)
                  .thenApply(_ -> finished(done));
            })
        .whenComplete((_, _) -> questions.close());
  }

  private static boolean isFound(Finding finding) {
    return finding.outcome() == Outcome.FOUND;
  }

  private static RunKind.Finished finished(FileWindow done) {
    var counts =
        Map.of(
            Outcome.FOUND.name(), (long) done.newlyFound(),
            Outcome.UNKNOWN.name(), (long) done.count(Outcome.UNKNOWN),
            Outcome.FAILED.name(), (long) done.count(Outcome.FAILED));
    var settled = done.findings().stream().allMatch(Lookups::isFound);
    return new RunKind.Finished(counts, settled);
  }

  /** What the cache and the database know; the cache is told what only the database knew. */
  private CompletionStage<Map<Integer, Finding>> stored(
      List<Integer> numbers, @Nullable Instant since) {
    // The cache says only roughly how old an answer is, so where that matters it cannot answer.
    var cached =
        since == null
            ? cached(numbers)
            : CompletableFuture.completedFuture(Map.<Integer, Finding>of());
    return cached.thenCompose(
        found -> {
          var missing = numbers.stream().filter(number -> !found.containsKey(number)).toList();
          return missing.isEmpty()
              ? CompletableFuture.completedFuture(found)
              : results
                  .recent(LookupResults.array(missing), oldest(since))
                  .thenApply(
                      recent -> {
                        cache(recent);
                        var both = new HashMap<>(found);
                        both.putAll(recent);
                        return both;
                      });
        });
  }

  private CompletionStage<Map<Integer, Finding>> cached(List<Integer> numbers) {
    var now = clock.instant();
    return cache
        .getAll(numbers.stream().map(AnswerWriter::key).toList())
        .thenApply(
            values -> {
              var found = HashMap.<Integer, Finding>newHashMap(numbers.size());
              for (var number : numbers) {
                var kept = values.get(AnswerWriter.key(number));
                if (kept != null && Operators.isOperator(kept.text())) {
                  var answeredMs = AnswerWriter.answeredAt(kept, now).toEpochMilli();
                  found.put(
                      number,
                      Finding.found(operators.named(kept.text()), Source.CACHE, answeredMs));
                }
              }
              return found;
            });
  }

  private void cache(Map<Integer, Finding> recent) {
    var values = HashMap.<String, Cache.Kept>newHashMap(recent.size());
    recent.forEach(
        (number, finding) -> {
          if (finding.operator() != null) {
            var answeredAt = Instant.ofEpochMilli(finding.answeredMs());
            values.put(AnswerWriter.key(number), AnswerWriter.kept(finding.operator(), answeredAt));
          }
        });
    var _ = cache.putAll(values);
  }

  private CompletionStage<Map<Integer, Finding>> askForRest(
      RunKind.Window window,
      Exposure.Window questions,
      List<Integer> numbers,
      Map<Integer, Finding> stored) {
    Consumer<String> waiting = window.waiting();
    waiting.accept(""); // the database answers: an error of an earlier attempt is over
    var missing = numbers.stream().filter(number -> !stored.containsKey(number)).toList();
    if (missing.isEmpty()) {
      return CompletableFuture.completedFuture(stored);
    }
    if (asking.noSource().isPresent()) {
      waiting.accept(asking.noSource().get());
      var never = new CompletableFuture<Map<Integer, Finding>>();
      window.onCancel().accept(() -> never.cancel(false));
      return never; // the next start may have a source
    }
    var since = oldest(window.since());
    var owner = window.owner();
    asking.listen(owner, waiting);
    var findings =
        questions.ask(
            missing.stream()
                .<Supplier<Asked>>map(
                    number -> () -> asking.ask(number, owner, Lane.ORDINARY, since))
                .toList());
    return CompletableFuture.allOf(findings.toArray(CompletableFuture<?>[]::new))
        .whenComplete((_, _) -> asking.unlisten(waiting))
        .thenApply(
            _ -> {
              var all = new HashMap<>(stored);
              for (var i = 0; i < findings.size(); i++) {
                all.put(missing.get(i), findings.get(i).join());
              }
              return all;
            });
  }

  private Instant oldest(@Nullable Instant since) {
    var stillCounts = clock.instant().minus(STORED_ANSWERS_COUNT);
    return since != null && since.isAfter(stillCounts) ? since : stillCounts;
  }
}
