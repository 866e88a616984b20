package io.centralita.proxy;

import io.centralita.outside.Gate.Lane;
import io.centralita.outside.Socks5;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One proxy that is always there, with a session of its own for each lease; or none at all. */
public final class FixedExits implements Exits {
  private final @Nullable Socks5 proxy;
  private final AtomicInteger sessions = new AtomicInteger();
  private volatile String closed = "";
  private volatile CompletableFuture<Void> open = CompletableFuture.completedFuture(null);

  public FixedExits(@Nullable Socks5 proxy) {
    this.proxy = proxy;
  }

  /** From now on there is no way out. */
  public FixedExits close(String why) {
    closed = why;
    open = new CompletableFuture<>();
    return this;
  }

  /** There is one again. */
  public void open() {
    closed = "";
    open.complete(null);
  }

  @Override
  public CompletionStage<Lease> borrow(String owner) {
    if (!closed.isEmpty()) {
      return CompletableFuture.failedFuture(new NoExitException(closed));
    }
    var session = "%012d".formatted(sessions.incrementAndGet());
    return CompletableFuture.completedFuture(
        Lease.of(proxy == null ? null : proxy.as(Credentials.inSession(proxy.user(), session))));
  }

  @Override
  public CompletionStage<Void> usable(String owner, Lane lane, Consumer<String> waiting) {
    if (!closed.isEmpty()) {
      waiting.accept(closed);
    }
    return open;
  }

  @Override
  public boolean hasOwn(String owner) {
    return false;
  }
}
