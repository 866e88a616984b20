package io.centralita.proxy;

import io.centralita.outside.Gate.Lane;
import io.centralita.proxy.ExitDesk.Await;
import io.centralita.proxy.ExitDesk.View;
import io.centralita.proxy.ExitDesk.Want;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The ways out through the configured proxies, from this node. */
final class NodeExits implements Exits {
  private volatile View view = View.NOTHING;
  private volatile @Nullable ActorRef<ExitDesk.Message> desk;

  /** Whoever answers; known as soon as the node's actors run. */
  void open(ActorRef<ExitDesk.Message> answering) {
    desk = answering;
  }

  void view(View now) {
    view = now;
  }

  @Override
  public CompletionStage<Lease> borrow(String owner) {
    var lease = new CompletableFuture<Lease>();
    tell(new Want(owner, lease));
    return lease;
  }

  @Override
  public CompletionStage<Void> usable(String owner, Lane lane, Consumer<String> waiting) {
    if (view.usable(owner)) {
      return CompletableFuture.completedFuture(null);
    }
    var usable = new CompletableFuture<Void>();
    tell(new Await(owner, lane, usable, waiting));
    return usable;
  }

  @Override
  public boolean hasOwn(String owner) {
    return view.own().contains(owner);
  }

  private void tell(ExitDesk.Message message) {
    var told = desk;
    if (told == null) {
      throw new IllegalStateException("the exits are not open yet");
    }
    told.tell(message);
  }
}
