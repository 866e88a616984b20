package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.ApiClient;
import io.centralita.access.Authenticated;
import io.centralita.access.DatabaseProblems;
import io.centralita.access.Idempotency;
import io.centralita.access.Keys;
import io.centralita.access.Scope;
import io.centralita.access.Users;
import io.centralita.http.Errors;
import io.centralita.http.HttpServer;
import io.centralita.http.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The routes of the contacts on a store of a test's own. */
final class ContactsServer implements AutoCloseable {
  private static final String ADMIN_KEY = "an-administrators-key";

  final Store store;
  final ApiClient admin;
  private final Keys keys;
  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "contacts");

  ContactsServer(Store store) {
    this.store = store;
    var errors = new Errors(List.of(DatabaseProblems::of));
    var users = new Users(store.db);
    keys = new Keys(store.db, users, InstantSource.system());
    Store.done(keys.setAdminKey(ADMIN_KEY));
    var contacts =
        new ContactStore(
            new ContactStore.Ground(
                store.db,
                users,
                new Authenticated(keys),
                new Idempotency(store.db, errors, InstantSource.system()),
                new Json(ForkJoinPool.commonPool())));
    var server =
        Store.done(
            HttpServer.bind(
                system,
                "127.0.0.1",
                0,
                concat(contacts.route()),
                errors,
                new HttpServer.Settings(Duration.ofSeconds(20), Duration.ofSeconds(5))));
    admin = new ApiClient(server.uri(), ADMIN_KEY);
  }

  /** A client with a new key. */
  ApiClient user(String name, Scope scope) {
    return admin.withKey(Store.done(keys.create(name, scope)).key());
  }

  @Override
  public void close() {
    system.terminate();
    Store.done(system.getWhenTerminated());
    store.close();
  }
}
