package io.centralita.webhooks;

import io.centralita.access.Audit;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Users;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideSettings;
import io.centralita.secrets.Secrets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Webhooks, put together. */
public final class Webhooks {
  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
  private static final Duration BETWEEN_PRUNINGS = Duration.ofMinutes(10);

  /** Of an answer's body, which is thrown away; by more the connection is closed. */
  private static final int LONGEST_ANSWER = 64 << 10;

  /**
   * How much of everything.
   *
   * @param privateAllowed whether receivers may be at private addresses
   * @param httpAllowed whether they may do without TLS
   * @param timeout of an attempt
   * @param retries the wait after each failed attempt; after the last one the delivery is given up
   * @param pollEvery how often a node looks for what is new and what is due
   * @param atOnce endpoints served at once on this node
   * @param lease how long an endpoint stays with a node that says nothing more
   * @param secretOverlap how long a secret is signed with after there is a newer one
   * @param disableAfter an endpoint to which nothing could be delivered for so long is switched off
   * @param disableAttempts and after so many attempts at least
   * @param retention how long events are kept
   */
  public record Settings(
      boolean privateAllowed,
      boolean httpAllowed,
      Duration timeout,
      List<Duration> retries,
      Duration pollEvery,
      int atOnce,
      Duration lease,
      Duration secretOverlap,
      Duration disableAfter,
      int disableAttempts,
      Duration retention) {}

  /**
   * What webhooks stand on.
   *
   * @param types of the events that features publish
   * @param client whose owner closes it
   * @param resolving where names are resolved, which blocks
   */
  public record Ground(
      List<String> types,
      Db db,
      Secrets secrets,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Audit audit,
      Json json,
      OutsideClient client,
      Executor resolving,
      ScheduledExecutorService scheduler,
      InstantSource clock) {}

  private final Settings settings;
  private final Ground ground;
  private final Outbox outbox;
  private final SecretStore secrets;
  private final Dispatcher dispatcher;
  private final Route route;

  public Webhooks(Settings settings, Ground ground) {
    this.settings = settings;
    this.ground = ground;
    this.outbox =
        new Outbox(
            Stream.concat(ground.types().stream(), Stream.of(Outbox.TEST))
                .collect(Collectors.toSet()),
            ground.clock());
    this.secrets = new SecretStore(ground.db(), ground.secrets());
    var sender =
        new Sender(
            ground.client(), Sender.Resolver.SYSTEM, ground.resolving(), settings, ground.clock());
    var turns = new Turns(ground.db(), secrets, settings, ground.clock(), new SecureRandom());
    this.dispatcher = new Dispatcher(turns, sender, settings.atOnce());
    this.route =
        new WebhookRoutes(
                settings,
                new Endpoints(ground.db(), secrets, outbox, ground.clock()),
                new Deliveries(ground.db(), ground.clock()),
                sender,
                ground.users(),
                ground.authenticated(),
                ground.idempotency(),
                ground.audit(),
                ground.json())
            .route();
  }

  /** The client that receivers are called with. */
  public static OutsideClient client() {
    return new OutsideClient(
        new OutsideSettings(1, LONGEST_ANSWER, 4, 64, Duration.ofSeconds(15), ""));
  }

  /** Delivers from now on; after the node's keys were compared with the database's. */
  public CompletionStage<Void> begin() {
    return secrets
        .encryptAnew()
        .thenAccept(
            anew -> {
              if (anew > 0) {
                log.info("{} webhooks' secrets were encrypted with a newer key", anew);
              }
              dispatcher.begin(ground.scheduler(), settings.pollEvery());
              new Pruning(ground.db(), settings.retention(), ground.clock())
                  .begin(ground.scheduler(), BETWEEN_PRUNINGS);
            });
  }

  /**
   * Tells the user's endpoints what happened, once the caller's transaction is committed. A row of
   * the outbox, where any endpoint wants this type; nothing otherwise.
   *
   * @param connection with the transaction of what happened
   * @param type such as {@code validation_job.finished}; one of the ground's
   * @param data anything that {@link Json} writes; with the rest of the body 64 KiB at most
   * @return whether any endpoint wants it
   * @throws IllegalArgumentException where there is no such type, or the data are too long
   */
  public boolean publish(Connection connection, long userId, String type, Object data)
      throws SQLException {
    return outbox.publish(connection, userId, type, data);
  }

  public Route route() {
    return route;
  }
}
