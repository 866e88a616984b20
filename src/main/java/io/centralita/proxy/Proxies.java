package io.centralita.proxy;

import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.OwnedEntities;
import io.centralita.access.Users;
import io.centralita.actor.Cause;
import io.centralita.actor.EntityKind;
import io.centralita.actor.LiveEntities;
import io.centralita.actor.MailboxTimes;
import io.centralita.cluster.Budgets;
import io.centralita.cluster.Limit;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.http.Problem;
import io.centralita.outside.Gate;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.Socks5;
import io.centralita.proxy.ProxyCommand.Borrow;
import io.centralita.proxy.ProxyCommand.Borrowed;
import io.centralita.proxy.ProxyCommand.Tested;
import io.centralita.secrets.Secrets;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.pattern.StatusReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxies, put together: their entities, this node's exits, and their routes. */
public final class Proxies {
  private static final Logger log = LoggerFactory.getLogger(Proxies.class);

  /**
   * How the proxies are dealt with.
   *
   * @param readEvery how often a node reads all rows, for what it was not told
   * @param testTimeout of one trial's call
   * @param privateAllowed whether a proxy may have a loopback, private or link-local address
   * @param askTimeout how long a request waits for an entity
   */
  public record Settings(
      Rules rules,
      Duration readEvery,
      Duration testTimeout,
      boolean privateAllowed,
      Duration askTimeout) {}

  /**
   * What the feature stands on.
   *
   * @param resolving where names are resolved, which blocks
   */
  public record Ground(
      ActorContext<?> guardian,
      Db db,
      Secrets secrets,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json,
      Executor resolving,
      Budgets budgets,
      LiveEntities live,
      InstantSource clock) {}

  /**
   * What trials call.
   *
   * @param url the page
   */
  public record Target(OutsideClient client, URI url) {}

  private static final Duration BORROW_TIMEOUT = Duration.ofSeconds(5);
  private static final Tested NOTHING_TO_CALL =
      new Tested(Outcome.OK, "no call was made: there is nothing to call", 0);

  private final Settings settings;
  private final Ground ground;
  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final ProxyStore store;
  private final NodeExits exits = new NodeExits();
  private final ActorRef<ExitDesk.Message> exitDesk;
  private final ProxyRoutes routes;

  /**
   * Lets proxies live on this node, and this node borrow from them.
   *
   * @param target empty where there is nothing to call
   */
  public Proxies(Settings settings, Ground ground, Optional<Target> target) {
    this.settings = settings;
    this.ground = ground;
    this.system = ground.guardian().getSystem();
    this.sharding = ClusterSharding.get(system);
    this.store = new ProxyStore(ground.db(), ground.secrets());
    var random = new SecureRandom();
    var topic =
        ground.guardian().spawn(Topic.create(ProxyStatus.class, "proxies"), "proxies-changed");
    var heralds =
        ground
            .guardian()
            .spawn(
                Behaviors.receive(ProxyStatus.class)
                    .onAnyMessage(
                        status -> {
                          topic.tell(Topic.publish(status));
                          return Behaviors.same();
                        })
                    .build(),
                "proxies-heralds");
    Trial.Call call =
        target
            .<Trial.Call>map(
                to ->
                    new Probe(
                        store,
                        to.client(),
                        to.url(),
                        settings.testTimeout(),
                        settings.rules(),
                        random))
            .orElse(_ -> CompletableFuture.completedFuture(NOTHING_TO_CALL));
    var entityGround =
        new Proxy.Ground(
            settings.rules(),
            new ProxyRows(ground.db()),
            call,
            heralds,
            ground.live(),
            ground.clock(),
            random);
    sharding.init(
        Entity.of(
                Proxy.KEY,
                entity ->
                    Proxy.create(
                        Long.parseLong(entity.getEntityId()), entityGround, entity.getShard()))
            .withEntityProps(MailboxTimes.MEASURED)
            .withStopMessage(ProxyCommand.Stop.STOP));
    this.exitDesk =
        ground
            .guardian()
            .spawn(
                ExitDesk.create(
                    new ExitDesk.Ground(
                        store,
                        new Borrowing(),
                        id -> new Account(report -> ref(id).tell(report), gates(id)),
                        listener -> topic.tell(Topic.subscribe(listener)),
                        exits::view,
                        settings.readEvery(),
                        ground.clock())),
                "exits");
    exits.open(exitDesk);
    this.routes =
        new ProxyRoutes(
            new ProxyDesk(
                store,
                new Asking(),
                ground.users(),
                new Addresses(settings.privateAllowed(), ground.resolving())),
            new ProxyHistory(system),
            target.isPresent(),
            ground.authenticated(),
            ground.idempotency(),
            ground.json());
  }

  /** A proxy's name among the targets of budgets. */
  public static String target(String id) {
    return "proxy-" + id;
  }

  /** What a proxy bears from the whole cluster. */
  private Account.Gates gates(long id) {
    var target = target(Long.toString(id));
    return new Account.Gates() {
      @Override
      public Gate gate(Limit limit) {
        return ground.budgets().gate(target, limit);
      }

      @Override
      public void forget() {
        ground.budgets().forget(target);
      }
    };
  }

  /**
   * Completes when proxies can be used: this node has the database's keys, and the proxies of the
   * settings are configured.
   *
   * @param configured {@code socks5://user:password@host:port,…}; those that are there already, and
   *     what has been changed of them, stay as they are
   */
  public CompletionStage<Void> begin(String configured) {
    return new KeysInUse(ground.db(), ground.secrets())
        .check()
        .thenCompose(
            anew -> {
              if (anew > 0) {
                log.info("{} proxies' credentials were encrypted with a newer key", anew);
              }
              return store.addAll(Socks5.parse(configured).stream().map(Proxies::seed).toList());
            })
        .thenAccept(
            stored -> {
              if (stored.stream().anyMatch(ProxyStore.Stored::isNew)) {
                exitDesk.tell(ExitDesk.Tick.READ);
              }
            });
  }

  private static NewProxy seed(Socks5 proxy) {
    return ProxyInput.check(
        proxy.host(),
        proxy.port(),
        proxy.port(),
        proxy.user().isEmpty() ? null : proxy.user(),
        proxy.user().isEmpty() ? null : proxy.password(),
        null,
        null,
        null,
        null);
  }

  /** The ways out through the proxies. */
  public Exits exits() {
    return exits;
  }

  /** The proxies as operators see them. */
  public EntityKind entityKind() {
    return ProxyKind.of(new OwnedEntities(ground.db(), "proxies", "state", "e.reason"));
  }

  public Route route() {
    return routes.route();
  }

  /** What the feature's own exceptions mean to a client. */
  public static Optional<Problem> problem(Throwable failure) {
    return failure instanceof Secrets.UnreadableException e
        ? Optional.of(Problem.of(409, String.valueOf(e.getMessage())))
        : Optional.empty();
  }

  private EntityRef<ProxyCommand> ref(long id) {
    return sharding.entityRefFor(Proxy.KEY, Long.toString(id));
  }

  /** As the exits talk to the entities. */
  private final class Borrowing implements ExitDesk.Entities {
    @Override
    public CompletionStage<Borrowed> borrow(long id, Function<ActorRef<Borrowed>, Borrow> command) {
      return ref(id).ask(command::apply, BORROW_TIMEOUT);
    }

    @Override
    public void configure(long id, Configuration configuration, Cause cause) {
      ref(id).tell(new ProxyCommand.Configure(configuration, cause, system.ignoreRef()));
    }
  }

  /** As people talk to the entities. */
  private final class Asking implements ProxyDesk.Entities {
    @Override
    public <T> CompletionStage<T> ask(
        long id, Function<ActorRef<StatusReply<T>>, ProxyCommand> command) {
      return ref(id).askWithStatus(command::apply, settings.askTimeout());
    }

    @Override
    public <T> CompletionStage<T> askLong(
        long id, Function<ActorRef<StatusReply<T>>, ProxyCommand> command) {
      return ref(id)
          .askWithStatus(command::apply, settings.askTimeout().plus(settings.testTimeout()));
    }

    @Override
    public void tell(long id, ProxyCommand command) {
      ref(id).tell(command);
    }

    @Override
    public ActorRef<StatusReply<ProxyStatus>> nobody() {
      return system.ignoreRef();
    }
  }
}
