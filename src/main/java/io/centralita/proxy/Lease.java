package io.centralita.proxy;

import io.centralita.outside.Gate.Lane;
import io.centralita.outside.Socks5;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An exit lent to one session: used with the session's cookies and token, and given back with them.
 * Thread-safe.
 */
public final class Lease implements AutoCloseable {

  /** No proxy at all. */
  public static final Lease DIRECT = of(null);

  private final @Nullable Socks5 proxy;
  private final @Nullable Account account;
  private final long session;
  private final int version;
  private final Exit exit;
  private final String owner;
  private final int uses;
  private final Instant until;
  private final AtomicBoolean returned = new AtomicBoolean();

  private Lease(
      @Nullable Socks5 proxy,
      @Nullable Account account,
      ProxyCommand.Lent lent,
      Exit exit,
      String owner) {
    this.proxy = proxy;
    this.account = account;
    this.session = lent.session();
    this.version = lent.version();
    this.uses = lent.uses();
    this.until = lent.until();
    this.exit = exit;
    this.owner = owner;
  }

  /** An exit of nobody's: no proxy entity hears of it. */
  public static Lease of(@Nullable Socks5 proxy) {
    var exit = new Exit(0, -1, "");
    return new Lease(
        proxy, null, new ProxyCommand.Lent(0, 0, exit, Integer.MAX_VALUE, Instant.MAX), exit, "");
  }

  static Lease of(Socks5 proxy, Account account, ProxyCommand.Lent lent, Exit exit, String owner) {
    return new Lease(proxy, account, lent, exit, owner);
  }

  /** The proxy under this session's own user name, null to go straight. */
  public @Nullable Socks5 proxy() {
    return proxy;
  }

  /** Whose sessions only this one may serve; empty where it may serve everybody's. */
  public String onlyFor() {
    return account == null ? "" : account.user();
  }

  /** The most look-ups that the session may serve. */
  public int uses() {
    return uses;
  }

  /** Whether the session may still be used: not too old, and its proxy is in use as it was. */
  public boolean usable(Instant now) {
    return now.isBefore(until) && (account == null || account.inUse(version));
  }

  /**
   * Makes a call through the exit, when the proxy's own limits let it. Every call goes through
   * here.
   *
   * @param caller for whom
   */
  public <T> CompletionStage<T> call(String caller, Lane lane, Supplier<CompletionStage<T>> call) {
    return account == null ? call.get() : account.call(caller, lane, call);
  }

  /**
   * Says what became of a call.
   *
   * @param detail in words without an address or a number; empty where there is nothing to say
   */
  public void report(Outcome outcome, String detail) {
    if (account != null) {
      account.report(outcome, detail, outcome == Outcome.BLOCKED ? exit : null, owner);
    }
  }

  /** Gives the session back. */
  @Override
  public void close() {
    if (account != null && returned.compareAndSet(false, true)) {
      account.returned(session);
    }
  }
}
