package io.centralita.validation;

import io.centralita.db.Db;
import io.centralita.jobs.RunKind;
import io.centralita.outside.Gate;
import io.centralita.outside.Trampoline;
import io.centralita.scoring.Evidence.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The work of a validation job: a window is some of its numbers on one platform, and each platform
 * is a lane of windows. What is known and fresh is not asked for. Answers are stored as they come,
 * so that a node which dies asks nothing twice but what was under way.
 */
final class ValidationWork implements RunKind.Work {

  /** What one window begins with. */
  private record Begun(
      JobRow job, Check platform, int chunk, List<Long> phones, Map<Long, Found> found) {}

  /** The calls of a job on this node, while any of its windows is under way. */
  private record Calls(Gate gate, int windows) {}

  private final Db db;
  private final Map<Check, Desk> desks;
  private final Scores scores;
  private final Inquiry.Ground ground;
  private final ConcurrentHashMap<Integer, Calls> calls = new ConcurrentHashMap<>();

  /**
   * @param desks of the platforms that somebody can be asked about
   */
  ValidationWork(Db db, Map<Check, Desk> desks, Scores scores, Inquiry.Ground ground) {
    this.db = db;
    this.desks = Map.copyOf(desks);
    this.scores = scores;
    this.ground = ground;
  }

  @Override
  public CompletionStage<RunKind.Finished> run(RunKind.Window window) {
    var id = Integer.parseInt(window.runId());
    return db.transaction("begin to validate", connection -> begin(connection, id, window.number()))
        .thenCompose(
            begun ->
                begun.found().size() == begun.phones().size()
                    ? CompletableFuture.completedStage(begun)
                    : ask(begun, window))
        .thenCompose(
            begun -> db.transaction("end to validate", connection -> end(connection, begun)));
  }

  private Begun begin(Connection connection, int id, int window) throws SQLException {
    var job = Jobs.one(connection, id);
    var platform = job.platforms().get(window / job.chunks());
    var chunk = window % job.chunks();
    var phones = Jobs.phones(connection, id, chunk);
    var found = new HashMap<Long, Found>();
    for (var one : Findings.fresh(connection, platform, phones, ground.clock().instant())) {
      found.put(one.phone(), one.withAttempts(0));
    }
    return new Begun(job, platform, chunk, phones, found);
  }

  private CompletionStage<Begun> ask(Begun begun, RunKind.Window window) {
    var open = begun.phones().stream().filter(phone -> !begun.found().containsKey(phone)).toList();
    var desk = desks.get(begun.platform());
    if (desk == null) {
      open.forEach(phone -> begun.found().put(phone, unsupported(phone, begun.platform())));
      return CompletableFuture.completedStage(begun);
    }
    var job =
        new Inquiry.Job(
            begun.job().id(),
            begun.job().user(),
            begun.job().retryAttempts(),
            enter(begun.job()),
            window.cancelled(),
            window.onCancel(),
            window.waiting());
    var size = Math.min(begun.job().batchSize(), desk.validator().largestBatch());
    var asked = new ArrayList<CompletableFuture<Map<Long, Found>>>();
    for (var from = 0; from < open.size(); from += size) {
      asked.add(
          Inquiry.begin(ground, job, desk, open.subList(from, Math.min(open.size(), from + size)))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .whenComplete((_, _) -> leave(begun.job().id()))
        .thenApply(
            _ -> {
              asked.forEach(one -> begun.found().putAll(one.join()));
              return begun;
            });
  }

  private Found unsupported(long phone, Check platform) {
    var now = ground.clock().instant();
    return new Found(phone, platform, Status.UNSUPPORTED, null, "none", -1, 0, now, now);
  }

  /** The gate of a job's calls, which all its windows on this node share. */
  private Gate enter(JobRow job) {
    return calls
        .compute(
            job.id(),
            (_, present) ->
                present == null
                    ? new Calls(gate(job.maxConcurrent()), 1)
                    : new Calls(present.gate(), present.windows() + 1))
        .gate();
  }

  private Gate gate(int atOnce) {
    return new Gate(
        new Gate.Share(atOnce, Double.POSITIVE_INFINITY),
        Trampoline.TRAMPOLINE,
        ground.scheduler());
  }

  private void leave(int job) {
    calls.computeIfPresent(
        job,
        (_, present) ->
            present.windows() == 1 ? null : new Calls(present.gate(), present.windows() - 1));
  }

  private RunKind.Finished end(Connection connection, Begun begun) throws SQLException {
    var phones = begun.phones();
    var isNew =
        JobResults.add(
            connection, begun.job().id(), begun.chunk(), begun.platform(), phones, begun.found());
    var _ = scores.update(connection, begun.job().userId(), phones);
    // Told as it is stored: where a crash hid that it was, that is what counts.
    return finished(
        begun.platform(),
        isNew
            ? begun.found().values().stream().map(Found::status).toList()
            : JobResults.find(connection, begun.job().id(), begun.chunk(), begun.platform())
                .orElseThrow());
  }

  private static RunKind.Finished finished(Check platform, Collection<Status> statuses) {
    var counts = new HashMap<String, Long>();
    statuses.forEach(status -> counts.merge(Outcome.of(platform, status), 1L, Long::sum));
    return new RunKind.Finished(
        Map.copyOf(counts), statuses.stream().allMatch(Status::saysSomething));
  }

  @Override
  public Map<String, Long> inFlight(String runId) {
    var present = calls.get(Integer.parseInt(runId));
    return present == null ? Map.of() : Map.of("calls", (long) present.gate().inside());
  }
}
