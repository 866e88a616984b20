package io.centralita.proxy;

import io.centralita.access.Users;
import io.centralita.actor.Cause;
import io.centralita.http.Problem;
import io.centralita.http.ProblemException;
import io.centralita.proxy.ProxyList.Line;
import io.centralita.proxy.ProxyState.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** What people do with proxies: the row first, then the entity, which decides. */
final class ProxyDesk {

  /** What became of one line of a list. */
  record ImportLine(int line, String verdict, @Nullable Long id, @Nullable String reason) {}

  /** What became of a list. */
  record ImportReport(int added, int duplicates, int refused, List<ImportLine> lines) {}

  private final ProxyStore store;
  private final Entities entities;
  private final Users users;
  private final Addresses addresses;

  /** The entities, as far as people talk to them. */
  interface Entities {
    <T> CompletionStage<T> ask(long id, Function<ActorRef<StatusReply<T>>, ProxyCommand> command);

    /** As {@link #ask}, for what takes as long as a call. */
    <T> CompletionStage<T> askLong(
        long id, Function<ActorRef<StatusReply<T>>, ProxyCommand> command);

    void tell(long id, ProxyCommand command);

    ActorRef<StatusReply<ProxyStatus>> nobody();
  }

  ProxyDesk(ProxyStore store, Entities entities, Users users, Addresses addresses) {
    this.store = store;
    this.entities = entities;
    this.users = users;
    this.addresses = addresses;
  }

  CompletionStage<Long> add(NewProxy proxy, Cause cause) {
    return allowed(proxy)
        .thenCompose(_ -> user(proxy.user()))
        .thenCompose(_ -> store.add(proxy))
        .thenApply(
            stored -> {
              if (!stored.isNew()) {
                throw duplicate(stored.id());
              }
              tell(stored.id(), proxy, cause);
              return stored.id();
            });
  }

  CompletionStage<ProxyView> change(long id, ProxyChange change, Cause cause) {
    return store
        .open(id)
        .thenCompose(
            found -> {
              var before = found.orElseThrow(ProxyDesk::unknown);
              var after = change.of(ProxyStore.configured(before));
              return allowed(after).thenCompose(_ -> user(after.user()));
            })
        .thenCompose(_ -> store.change(id, change::of))
        .thenCompose(
            changed -> {
              var stored = changed.orElseThrow(ProxyDesk::unknown);
              if (!stored.isNew()) {
                throw duplicate(stored.id());
              }
              return configure(id, cause);
            })
        .thenCompose(_ -> view(id));
  }

  /** Tells the entity what its row says. */
  private CompletionStage<ProxyStatus> configure(long id, Cause cause) {
    return store
        .find(id)
        .thenCompose(
            row -> {
              var configuration = row.orElseThrow(ProxyDesk::unknown).configuration();
              return entities.ask(
                  id, replyTo -> new ProxyCommand.Configure(configuration, cause, replyTo));
            });
  }

  CompletionStage<ImportReport> addAll(List<Line> lines, @Nullable String user, Cause cause) {
    var good =
        lines.stream().filter(Line.Good.class::isInstance).map(Line.Good.class::cast).toList();
    return objections(good)
        .thenCompose(
            objections -> {
              var fit =
                  good.stream()
                      .filter(line -> objections.getOrDefault(line.proxy().host(), "").isEmpty())
                      .toList();
              return user(user)
                  .thenCompose(_ -> store.addAll(fit.stream().map(Line.Good::proxy).toList()))
                  .thenApply(
                      stored -> {
                        var verdicts = new HashMap<Integer, ImportLine>();
                        for (var i = 0; i < fit.size(); i++) {
                          verdicts.put(
                              fit.get(i).number(), verdict(fit.get(i), stored.get(i), cause));
                        }
                        return report(lines, verdicts, objections);
                      });
            });
  }

  private ImportLine verdict(Line.Good line, ProxyStore.Stored stored, Cause cause) {
    if (!stored.isNew()) {
      return new ImportLine(
          line.number(), "duplicate", stored.id(), "this proxy is configured already");
    }
    tell(stored.id(), line.proxy(), cause);
    return new ImportLine(line.number(), "added", stored.id(), null);
  }

  /**
   * The row is what counts: a node that reads it tells the entity again if this does not arrive.
   */
  private void tell(long id, NewProxy added, Cause cause) {
    var configuration = configuration(1, added);
    entities.tell(id, new ProxyCommand.Configure(configuration, cause, entities.nobody()));
  }

  private static Configuration configuration(int version, NewProxy proxy) {
    return new Configuration(
        version,
        proxy.host(),
        proxy.portMin(),
        proxy.portMax(),
        proxy.credentials().userNames().size(),
        proxy.user(),
        proxy.sessionsAtOnce() == null ? 0 : proxy.sessionsAtOnce(),
        proxy.callsAtOnce() == null ? 0 : proxy.callsAtOnce(),
        proxy.callsPerSecond() == null ? 0 : proxy.callsPerSecond());
  }

  private static ImportReport report(
      List<Line> lines, Map<Integer, ImportLine> verdicts, Map<String, String> objections) {
    var all = new ArrayList<ImportLine>(lines.size());
    for (var line : lines) {
      all.add(
          switch (line) {
            case Line.Bad bad -> new ImportLine(bad.number(), "refused", null, bad.reason());
            case Line.Good good -> {
              var verdict = verdicts.get(good.number());
              yield verdict != null
                  ? verdict
                  : new ImportLine(
                      good.number(), "refused", null, "ip: " + objections.get(good.proxy().host()));
            }
          });
    }
    return new ImportReport(
        count(all, "added"), count(all, "duplicate"), count(all, "refused"), all);
  }

  private static int count(List<ImportLine> lines, String verdict) {
    return (int) lines.stream().filter(line -> line.verdict().equals(verdict)).count();
  }

  /** Of each host, why it may not be; empty where it may. */
  private CompletionStage<Map<String, String>> objections(List<Line.Good> lines) {
    var asked = new HashMap<String, CompletableFuture<String>>();
    for (var line : lines) {
      asked.computeIfAbsent(
          line.proxy().host(), host -> addresses.objection(host).toCompletableFuture());
    }
    return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
        .thenApply(
            _ -> {
              var objections = new HashMap<String, String>();
              asked.forEach((host, objection) -> objections.put(host, objection.join()));
              return objections;
            });
  }

  private CompletionStage<?> allowed(NewProxy proxy) {
    return addresses
        .objection(proxy.host())
        .thenAccept(
            objection -> {
              if (!objection.isEmpty()) {
                throw ProblemException.badRequest("ip", objection);
              }
            });
  }

  private CompletionStage<?> user(@Nullable String name) {
    return name == null ? CompletableFuture.completedFuture(0L) : users.idOf(name);
  }

  /** A proxy as its entity knows it. */
  CompletionStage<ProxyView> view(long id) {
    return told(id, ProxyCommand.Get::new);
  }

  /** Tells a proxy something and gives what it has come to. */
  CompletionStage<ProxyView> told(
      long id, Function<ActorRef<StatusReply<ProxyStatus>>, ProxyCommand> command) {
    return store
        .find(id)
        .thenCompose(
            row -> {
              var view = ProxyView.of(row.orElseThrow(ProxyDesk::unknown));
              return status(id, command).thenApply(view::with);
            });
  }

  private CompletionStage<ProxyStatus> status(
      long id, Function<ActorRef<StatusReply<ProxyStatus>>, ProxyCommand> command) {
    return entities
        .ask(id, command)
        .thenApply(
            status -> {
              if (status.status() == Status.REMOVED) {
                throw unknown();
              }
              return status;
            });
  }

  CompletionStage<?> remove(long id, Cause cause) {
    return store
        .find(id)
        .thenCompose(
            row -> {
              var _ = row.orElseThrow(ProxyDesk::unknown);
              return entities.<ProxyStatus>ask(
                  id, replyTo -> new ProxyCommand.Remove(cause, replyTo));
            });
  }

  CompletionStage<ProxyCommand.Tested> test(long id, Cause cause) {
    return store
        .find(id)
        .thenCompose(
            row -> {
              var _ = row.orElseThrow(ProxyDesk::unknown);
              return entities.<ProxyCommand.Tested>askLong(
                  id, replyTo -> new ProxyCommand.TestNow(cause, replyTo));
            });
  }

  /** How many events a proxy's journal has. */
  CompletionStage<Long> revision(long id) {
    return store
        .find(id)
        .thenCompose(
            row -> {
              var _ = row.orElseThrow(ProxyDesk::unknown);
              return status(id, ProxyCommand.Get::new);
            })
        .thenApply(ProxyStatus::revision);
  }

  ProxyStore store() {
    return store;
  }

  private static ProblemException duplicate(long id) {
    return new ProblemException(
        Problem.of(
            409,
            "a proxy with this address, these ports and these user names is configured already,"
                + " as proxy "
                + id
                + ": change that one"));
  }

  static ProblemException unknown() {
    return ProblemException.notFound("proxy");
  }
}
