package io.centralita.proxy;

import io.centralita.cluster.Limit;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import io.centralita.proxy.ProxyCommand.Report;
import io.centralita.proxy.ProxyCommand.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has to do with one proxy: the sessions that it has borrowed, the gate that their
 * calls enter, and what the proxy is still to be told. Errors are told at once, with all that went
 * before them, so that the proxy hears what this node saw in its order; successes wait for company.
 */
final class Account {
  /** What lets this node's calls in, while the proxy has limits. */
  interface Gates {
    /** This node's gate for such a limit of the whole cluster. */
    Gate gate(Limit limit);

    /** There is no limit any more. */
    void forget();
  }

  private final Consumer<Report> teller;
  private final Gates gates;
  private final Calls calls = new Calls();
  private final List<Told> told = new ArrayList<>();
  private final List<Long> returned = new ArrayList<>();
  private int lent;
  private volatile String user = "";
  private volatile int version;
  private volatile boolean closed;
  private @Nullable Limit gateFor;

  /**
   * @param teller tells the proxy; must not block
   */
  Account(Consumer<Report> teller, Gates gates) {
    this.teller = teller;
    this.gates = gates;
  }

  /**
   * The proxy stands so now; told by one thread at a time.
   *
   * @param limit null where it has none of its own, or is gone
   */
  void stands(
      @Nullable String owner, int newVersion, boolean circuitClosed, @Nullable Limit limit) {
    user = owner == null ? "" : owner;
    version = newVersion;
    closed = circuitClosed;
    if (!Objects.equals(limit, gateFor)) {
      gateFor = limit;
      // Calls inside the former gate leave that one.
      calls.enterBy(limit == null ? null : gates.gate(limit));
      if (limit == null) {
        gates.forget();
      }
    }
  }

  String user() {
    return user;
  }

  boolean inUse(int ofVersion) {
    return closed && version == ofVersion;
  }

  /**
   * Makes a call when the proxy's limits, which hold over the whole cluster, let it in. This is the
   * one place for them.
   */
  <T> CompletionStage<T> call(String owner, Lane lane, Supplier<CompletionStage<T>> call) {
    return calls.call(owner, lane, call);
  }

  synchronized void lent() {
    lent++;
  }

  /** Sessions that this node has, or asks for. */
  synchronized int sessions() {
    return lent;
  }

  /** What was asked for was not given. */
  synchronized void notLent() {
    lent--;
  }

  synchronized void returned(long session) {
    lent--;
    returned.add(session);
  }

  synchronized void report(Outcome outcome, String detail, @Nullable Exit blocked, String owner) {
    var last = told.isEmpty() ? null : told.getLast();
    if (last != null && last.outcome() == outcome && blocked == null && last.blocked() == null) {
      told.set(told.size() - 1, new Told(outcome, last.calls() + 1, detail, null, ""));
    } else {
      told.add(new Told(outcome, 1, detail, blocked, blocked == null ? "" : owner));
    }
    if (outcome.meaning() != Outcome.Meaning.HEALTHY) {
      tell();
    }
  }

  /** Tells what has gathered. */
  synchronized void tell() {
    if (!told.isEmpty() || !returned.isEmpty()) {
      teller.accept(new Report(List.copyOf(told), List.copyOf(returned)));
      told.clear();
      returned.clear();
    }
  }
}
