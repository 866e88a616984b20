package io.centralita.proxy;

import io.centralita.actor.Cause;
import io.centralita.outside.Gate.Lane;
import io.centralita.proxy.ProxyCommand.Borrow;
import io.centralita.proxy.ProxyCommand.Borrowed;
import io.centralita.proxy.ProxyCommand.Lent;
import io.centralita.proxy.ProxyCommand.Refused;
import io.centralita.proxy.ProxyState.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's calls get their exits: it knows how all proxies stand, chooses one for each
 * session and borrows it, and lets those wait for whom there is none.
 */
final class ExitDesk {

  sealed interface Message {}

  record Want(String owner, CompletableFuture<Lease> lease) implements Message {}

  record Await(String owner, Lane lane, CompletableFuture<Void> usable, Consumer<String> waiting)
      implements Message {}

  record Changed(ProxyStatus status) implements Message {}

  private record Answered(Want want, long proxyId, @Nullable Borrowed borrowed)
      implements Message {}

  private record Rows(@Nullable List<ProxyRow> rows, @Nullable Throwable failure)
      implements Message {}

  /** Neither where the proxy is removed. */
  private record OpenedRow(
      long proxyId, ProxyStore.@Nullable Opened opened, @Nullable Throwable failure)
      implements Message {}

  enum Tick implements Message {
    /** The rows may have changed. */
    READ,
    TELL,
    /** Somebody who waits may have a way now, or another reason why not. */
    LOOK
  }

  /**
   * Whose calls have a way out: by a proxy of his own, or a shared one.
   *
   * @param crowded whether others wait for those ways already, so that whoever comes goes behind
   */
  record View(Set<String> own, boolean shared, boolean crowded) {
    static final View NOTHING = new View(Set.of(), false, false);

    boolean hasWay(String owner) {
      return shared || own.contains(owner);
    }

    boolean usable(String owner) {
      return !crowded && hasWay(owner);
    }

    View crowded(boolean now) {
      return new View(own, shared, now);
    }
  }

  /** The entities, as far as the desk talks to them. */
  interface Entities {
    CompletionStage<Borrowed> borrow(long id, Function<ActorRef<Borrowed>, Borrow> command);

    void configure(long id, Configuration configuration, Cause cause);
  }

  /**
   * What the desk stands on.
   *
   * @param accounts makes the account for a proxy
   * @param subscribe makes its argument hear of every change of every proxy
   * @param view takes what has become usable
   */
  record Ground(
      ProxyStore store,
      Entities entities,
      LongFunction<Account> accounts,
      Consumer<ActorRef<ProxyStatus>> subscribe,
      Consumer<View> view,
      Duration readEvery,
      InstantSource clock) {}

  private static final Duration TELL_EVERY = Duration.ofSeconds(1);
  private static final Duration REFUSED_FOR = Duration.ofMillis(500);

  /** Of each owner; whoever then gets a session lets others follow. */
  private static final int RELEASED_AT_ONCE = 32;

  private static final Duration RELEASED_EVERY = Duration.ofMillis(50);
  private static final Cause FOUND = new Cause("a node that read its row", "", "");

  private final Ground ground;
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final Fleet fleet;
  private final List<Want> early = new ArrayList<>();
  private final Waiters waiters = new Waiters();
  private boolean loaded;
  private boolean reading;
  private boolean readAgain;
  private boolean looksSoon;

  private ExitDesk(Ground ground, ActorContext<Message> context, TimerScheduler<Message> timers) {
    this.ground = ground;
    this.fleet = new Fleet(ground.accounts());
    this.context = context;
    this.timers = timers;
  }

  static Behavior<Message> create(Ground ground) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  var desk = new ExitDesk(ground, context, timers);
                  timers.startTimerWithFixedDelay(Tick.READ, Tick.READ, ground.readEvery());
                  timers.startTimerWithFixedDelay(Tick.TELL, Tick.TELL, TELL_EVERY);
                  ground
                      .subscribe()
                      .accept(context.messageAdapter(ProxyStatus.class, Changed::new));
                  desk.read();
                  return Behaviors.receive(Message.class)
                      .onAnyMessage(
                          message -> {
                            desk.on(message);
                            return Behaviors.same();
                          })
                      .onSignal(
                          PostStop.class,
                          _ -> {
                            desk.fleet.tellAll();
                            return Behaviors.same();
                          })
                      .build();
                }));
  }

  private void on(Message message) {
    switch (message) {
      case Want want -> want(want);
      case Await await -> await(await);
      case Changed changed -> changed(changed.status());
      case Answered answered -> answered(answered);
      case Rows rows -> rows(rows);
      case OpenedRow opened -> opened(opened);
      case Tick tick -> {
        switch (tick) {
          case READ -> read();
          case TELL -> {
            fleet.tellAll();
            waiters.tidy();
          }
          case LOOK -> look();
        }
      }
    }
  }

  // Those who want an exit

  private void want(Want want) {
    if (!loaded) {
      early.add(want);
      return;
    }
    var chosen = fleet.choose(want.owner(), now());
    if (chosen.isEmpty()) {
      want.lease().completeExceptionally(new Exits.NoExitException(fleet.standstill(want.owner())));
      return;
    }
    var id = chosen.get().row().id();
    chosen.get().account().lent();
    context.pipeToSelf(
        ground.entities().borrow(id, replyTo -> new Borrow(want.owner(), replyTo)),
        (borrowed, _) -> new Answered(want, id, borrowed));
  }

  private void answered(Answered answered) {
    var proxy = fleet.find(answered.proxyId());
    switch (answered.borrowed()) {
      case Lent lent when proxy != null -> lend(answered.want(), proxy, lent);
      case Lent _ -> want(answered.want()); // removed meanwhile
      case Refused refused -> {
        if (proxy != null) {
          proxy.account().notLent();
          var soon = now().plus(REFUSED_FOR);
          var again = refused.again() == null ? soon : refused.again();
          proxy.refused(refused.reason(), again.isAfter(soon) ? again : soon);
        }
        refused(answered.want());
      }
      case null -> {
        if (proxy != null) {
          proxy.account().notLent();
          proxy.refused("does not answer", now().plus(REFUSED_FOR.multipliedBy(2)));
        }
        refused(answered.want());
      }
    }
  }

  private void refused(Want want) {
    lookSoon();
    want(want);
  }

  private void lend(Want want, Known proxy, Lent lent) {
    var credentials = proxy.credentials(lent.version());
    if (credentials == null) { // changed, and not read yet
      proxy.account().returned(lent.session());
      proxy.refused("is being read", now().plus(REFUSED_FOR));
      read();
      refused(want);
      return;
    }
    var userNo = lent.exit().userNo();
    var exit =
        credentials.namesSessions(userNo) ? lent.exit() : new Exit(lent.exit().port(), userNo, "");
    var way = credentials.socks5(proxy.row().configuration().host(), exit);
    var lease = Lease.of(way, proxy.account(), lent, exit, want.owner());
    if (!want.lease().complete(lease)) {
      lease.close();
    }
    if (!waiters.isEmpty()) {
      lookSoon(); // there may be more where this one came from
    }
  }

  // Those who wait

  private void await(Await await) {
    var owner = await.owner();
    if (loaded && !waiters.hasAnyOf(owner) && fleet.view(now()).hasWay(owner)) {
      await.usable().complete(null);
    } else {
      waiters.add(await, loaded ? fleet.whyIdle(owner) : "");
    }
  }

  /** Looks once for all that is in the mailbox already. */
  private void lookSoon() {
    if (!looksSoon) {
      looksSoon = true;
      context.getSelf().tell(Tick.LOOK);
    }
  }

  /** Looks again at who can go, and tells the others why they cannot. */
  private void look() {
    looksSoon = false;
    if (!loaded) {
      return;
    }
    var now = now();
    var view = fleet.view(now);
    var crowded = waiters.release(view::hasWay, RELEASED_AT_ONCE);
    ground.view().accept(view.crowded(crowded));
    waiters.tell(owner -> view.hasWay(owner) ? "" : fleet.whyIdle(owner));
    if (crowded) {
      timers.startSingleTimer("look", Tick.LOOK, RELEASED_EVERY);
    } else {
      lookAtNext(now);
    }
  }

  private void lookAtNext(Instant now) {
    fleet
        .nextMayLend(now)
        .ifPresent(
            next ->
                timers.startSingleTimer(
                    "look", Tick.LOOK, Duration.between(now, next).plusMillis(1)));
  }

  // How the proxies stand

  private void read() {
    if (reading) {
      readAgain = true;
      return;
    }
    reading = true;
    context.pipeToSelf(ground.store().all(), Rows::new);
  }

  private void rows(Rows read) {
    reading = false;
    if (read.rows() == null) {
      context.getLog().warn("the proxies cannot be read: {}", String.valueOf(read.failure()));
    } else {
      var ids = new HashSet<Long>();
      for (var row : read.rows()) {
        ids.add(row.id());
        row(row);
      }
      fleet.keepOnly(ids);
      loaded = true;
      look();
      var wants = List.copyOf(early);
      early.clear();
      wants.forEach(this::want);
    }
    if (readAgain) {
      readAgain = false;
      read();
    }
  }

  private void row(ProxyRow row) {
    var proxy = fleet.read(row);
    if (row.toldVersion() < row.version()) { // whoever wrote the row did not get to tell
      ground.entities().configure(row.id(), row.configuration(), FOUND);
    }
    if (proxy.needsOpening()) {
      context.pipeToSelf(
          ground.store().open(row.id()),
          (opened, failure) ->
              new OpenedRow(row.id(), opened == null ? null : opened.orElse(null), failure));
    }
  }

  private void opened(OpenedRow answer) {
    var proxy = fleet.find(answer.proxyId());
    if (proxy == null) {
      return;
    }
    if (answer.failure() != null) {
      context
          .getLog()
          .error("proxy {} cannot be used here: {}", answer.proxyId(), answer.failure());
      proxy.notOpened("cannot be read", now().plus(ground.readEvery()));
    } else if (answer.opened() != null) {
      proxy.opened(answer.opened().row(), answer.opened().credentials());
    }
    look();
  }

  private void changed(ProxyStatus status) {
    var proxy = fleet.find(status.id());
    if (proxy == null || proxy.row().version() != status.version()) {
      read();
    }
    if (proxy != null) {
      proxy.heard(status);
      if (status.status() == Status.REMOVED) {
        fleet.remove(status.id());
      }
      look();
    }
  }

  private Instant now() {
    return ground.clock().instant();
  }
}
