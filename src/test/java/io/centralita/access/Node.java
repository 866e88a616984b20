package io.centralita.access;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.ApiClient;
import io.centralita.TestPostgres;
import io.centralita.db.Database;
import io.centralita.db.Db;
import io.centralita.http.Errors;
import io.centralita.http.HttpServer;
import io.centralita.http.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.server.Route;

/** A server with keys, on a database of its own. */
final class Node implements AutoCloseable {
  static final String ADMIN_KEY = "an-administrators-key";

  final Database database = Database.open(TestPostgres.fresh());
  final Db db = database.db();
  final Errors errors = new Errors(List.of(DatabaseProblems::of));
  final Keys keys = new Keys(db, new Users(db), InstantSource.system());
  final Authenticated authenticated = new Authenticated(keys);
  final Idempotency idempotency = new Idempotency(db, errors, InstantSource.system());
  final Json json = new Json(ForkJoinPool.commonPool());
  final ApiClient admin;

  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "node");

  /**
   * @param more routes beside those of the keys
   */
  Node(Function<Node, Route> more) {
    done(keys.setAdminKey(ADMIN_KEY));
    var routes =
        concat(new KeyRoutes(keys, authenticated, idempotency, json).route(), more.apply(this));
    var settings = new HttpServer.Settings(Duration.ofSeconds(20), Duration.ofSeconds(5));
    var server = done(HttpServer.bind(system, "127.0.0.1", 0, routes, errors, settings));
    admin = new ApiClient(server.uri(), ADMIN_KEY);
  }

  /** A client with a new key for this user. */
  ApiClient user(String name) {
    return admin.withKey(done(keys.create(name, Scope.USER)).key());
  }

  /** Runs a statement, to bring about what only time or another node would. */
  void sql(String statement) {
    done(db.update(statement, _ -> {}));
  }

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  @Override
  public void close() {
    system.terminate();
    done(system.getWhenTerminated());
    database.close();
  }
}
