package io.centralita.ops;

import io.centralita.access.Asker;
import io.centralita.access.Audit;
import io.centralita.access.Audit.Action;
import io.centralita.access.Users;
import io.centralita.actor.EntityKind;
import io.centralita.http.ProblemException;
import io.centralita.jobs.Hold;
import io.centralita.jobs.Holds;
import io.centralita.ops.NodeMessage.Done;
import io.centralita.ops.NodeMessage.Verb;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What operators may do. Each verb can be tried dry, is written down, and either does nothing new
 * when it is repeated or is refused (409).
 */
final class Verbs {

  /**
   * What was done, or would be.
   *
   * @param target such as {@code UserFile/12}; empty for the whole platform
   * @param done false for a dry run, and where there was nothing to do
   */
  record Result(String action, String target, boolean dryRun, boolean done, String effect) {}

  /** A pause in force. */
  record PauseView(
      @Nullable String user, String by, String reason, Instant at, @Nullable Instant until) {
    static PauseView of(Hold hold) {
      return new PauseView(
          hold.owner().isEmpty() ? null : hold.owner(),
          hold.cause().by(),
          hold.cause().reason(),
          hold.at(),
          hold.until());
    }
  }

  private final Audit audit;
  private final Inspector inspector;
  private final Nodes nodes;
  private final Kinds kinds;
  private final Holds holds;
  private final Users users;

  Verbs(Audit audit, Inspector inspector, Nodes nodes, Kinds kinds, Holds holds, Users users) {
    this.audit = audit;
    this.inspector = inspector;
    this.nodes = nodes;
    this.kinds = kinds;
    this.holds = holds;
    this.users = users;
  }

  CompletionStage<Result> act(
      Asker operator, Verb verb, EntityKind kind, String id, boolean dryRun) {
    var name = verb.name().toLowerCase(Locale.ROOT);
    var target = kind.type() + "/" + id;
    return audit.doing(
        operator,
        new Action(name, target, "", dryRun),
        () ->
            kind.projection()
                .find(id)
                .thenCompose(
                    entry -> {
                      if (entry.isEmpty()) {
                        throw ProblemException.notFound(kind.type());
                      }
                      return inspector.act(kind, id, verb, dryRun);
                    })
                .thenApply(
                    done ->
                        new Result(
                            name,
                            target,
                            dryRun,
                            done.isPresent() && !dryRun,
                            done.map(Done::effect).orElseGet(() -> resting(verb)))),
        Result::effect);
  }

  private static String resting(Verb verb) {
    return switch (verb) {
      case PASSIVATE -> "it is not in memory: nothing to do";
      case RESTART ->
          throw ProblemException.conflict(
              "it is not in memory; it begins from its journal when it is needed");
    };
  }

  /**
   * Lets no run of a user, or of anybody, go on.
   *
   * @param user null for everybody
   */
  CompletionStage<Result> pause(
      Asker operator,
      @Nullable String user,
      String reason,
      @Nullable Instant until,
      boolean dryRun) {
    var owner = user == null ? "" : user;
    var details = reason + (until == null ? "" : " (until " + until + ")");
    return audit.doing(
        operator,
        new Action("pause", owner, details, dryRun),
        () ->
            known(user)
                .thenCompose(_ -> holds.of(owner))
                .thenCompose(
                    present -> {
                      if (present.isPresent()) {
                        throw paused(present.get());
                      }
                      return processing(user);
                    })
                .thenCompose(
                    running ->
                        begin(operator, owner, reason, until, dryRun)
                            .thenApply(
                                _ ->
                                    new Result(
                                        "pause",
                                        owner,
                                        dryRun,
                                        !dryRun,
                                        running + " at work stop; what begins meanwhile waits"))),
        Result::effect);
  }

  private CompletionStage<Boolean> begin(
      Asker operator, String owner, String reason, @Nullable Instant until, boolean dryRun) {
    if (dryRun) {
      return CompletableFuture.completedFuture(true);
    }
    var cause = operator.cause(reason);
    return holds
        .begin(owner, cause, until)
        .thenApply(
            begun -> {
              if (!begun) {
                throw ProblemException.conflict("another operator paused it just now");
              }
              nodes.tell(new NodeMessage.HoldsChanged());
              return true;
            });
  }

  private static ProblemException paused(Hold hold) {
    return ProblemException.conflict(
        "it is paused already, by " + hold.cause().by() + " since " + hold.at());
  }

  /** Lets the runs of a user, or everybody's, go on; another pause may still hold them. */
  CompletionStage<Result> resume(Asker operator, @Nullable String user, boolean dryRun) {
    var owner = user == null ? "" : user;
    return audit.doing(
        operator,
        new Action("resume", owner, "", dryRun),
        () ->
            known(user)
                .thenCompose(
                    _ -> dryRun ? holds.of(owner).thenApply(h -> h.isPresent()) : holds.end(owner))
                .thenCompose(
                    ended -> {
                      if (!ended) {
                        throw ProblemException.conflict("it is not paused by an operator");
                      }
                      if (!dryRun) {
                        nodes.tell(new NodeMessage.HoldsChanged());
                      }
                      return holds.of("");
                    })
                .thenApply(
                    all ->
                        new Result(
                            "resume",
                            owner,
                            dryRun,
                            !dryRun,
                            user != null && all.isPresent()
                                ? "the pause of the whole platform still holds"
                                : "what may go on goes on; what its owner paused stays paused")),
        Result::effect);
  }

  /** The pauses in force. */
  CompletionStage<List<PauseView>> pauses() {
    return holds.all().thenApply(all -> all.stream().map(PauseView::of).toList());
  }

  CompletionStage<Result> drain(Asker operator, String address, boolean dryRun) {
    return audit.doing(
        operator,
        new Action("drain", address, "", dryRun),
        () -> {
          var effect = nodes.drain(address, dryRun);
          return CompletableFuture.completedFuture(
              new Result("drain", address, dryRun, !dryRun, effect));
        },
        Result::effect);
  }

  private CompletionStage<Boolean> known(@Nullable String user) {
    return user == null
        ? CompletableFuture.completedFuture(true)
        : users
            .find(user)
            .thenApply(
                id -> id.map(_ -> true).orElseThrow(() -> ProblemException.notFound("user")));
  }

  /** Such as {@code 3 UserFile}. */
  private CompletionStage<String> processing(@Nullable String user) {
    return kinds
        .counts(user)
        .thenApply(
            types ->
                types.stream()
                    .filter(type -> type.states().containsKey("PROCESSING"))
                    .map(type -> type.states().get("PROCESSING") + " " + type.type())
                    .collect(java.util.stream.Collectors.joining(", ")));
  }
}
