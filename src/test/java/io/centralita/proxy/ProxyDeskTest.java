package io.centralita.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.centralita.TestNode;
import io.centralita.access.Users;
import io.centralita.actor.Cause;
import io.centralita.secrets.Secrets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;

/** What people do with proxies whose entities answer nobody, as while their shard moves. */
final class ProxyDeskTest {
  private static final Cause ANA = new Cause("ana", "", "r1");

  private final List<ProxyCommand> told = new CopyOnWriteArrayList<>();
  private final ProxyStore store = new ProxyStore(TestNode.db(), Secrets.of(TestNode.SECRETS_KEY));
  private final ProxyDesk desk =
      new ProxyDesk(
          store, new Moving(), new Users(TestNode.db()), new Addresses(true, Runnable::run));

  private final class Moving implements ProxyDesk.Entities {
    @Override
    public <T> CompletionStage<T> ask(
        long id, Function<ActorRef<StatusReply<T>>, ProxyCommand> command) {
      return new CompletableFuture<>();
    }

    @Override
    public <T> CompletionStage<T> askLong(
        long id, Function<ActorRef<StatusReply<T>>, ProxyCommand> command) {
      return new CompletableFuture<>();
    }

    @Override
    public void tell(long id, ProxyCommand command) {
      told.add(command);
    }

    @Override
    public ActorRef<StatusReply<ProxyStatus>> nobody() {
      return TestInbox.<StatusReply<ProxyStatus>>create().getRef();
    }
  }

  @Test
  void add_entityDoesNotAnswer_isDoneAsSoonAsItIsStored() throws Exception {
    var proxy = ProxyInput.check("desk.example.net", 1, 2, "user-a", "p", null, 7, 2.5, null);

    var id = desk.add(proxy, ANA).toCompletableFuture().get(10, TimeUnit.SECONDS);

    var row = store.find(id).toCompletableFuture().join().orElseThrow();
    var configure = assertInstanceOf(ProxyCommand.Configure.class, told.getFirst());
    assertEquals(row.configuration(), configure.configuration());
    assertEquals(7, row.configuration().callsAtOnce());
    TestNode.admin().delete("/api/v1/proxies/" + id);
  }
}
