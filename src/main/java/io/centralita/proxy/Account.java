package io.centralita.proxy;

import io.centralita.cluster.Limit;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import io.centralita.proxy.ProxyCommand.Report;
import io.centralita.proxy.ProxyCommand.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has to do with one proxy: the sessions that it has borrowed, the gate that their
 * calls enter, and what the proxy is still to be told. Errors are told at once, with all that went
 * before them, so that the proxy hears what this node saw in its order; successes wait for company.
 */
final class Account {
  private final Consumer<Report> teller;
  private final Function<Limit, Gate> gates;
  private final List<Told> told = new ArrayList<>();
  private final List<Long> returned = new ArrayList<>();
  private int lent;
  private volatile String user = "";
  private volatile int version;
  private volatile boolean closed;
  private volatile @Nullable Gate gate;
  private @Nullable Limit gateFor;

  /**
   * @param teller tells the proxy; must not block
   * @param gates gives this node's gate for such a limit of the whole cluster
   */
  Account(Consumer<Report> teller, Function<Limit, Gate> gates) {
    this.teller = teller;
    this.gates = gates;
  }

  /** The proxy stands so now. */
  synchronized void stands(
      @Nullable String owner, int newVersion, boolean circuitClosed, @Nullable Limit limit) {
    user = owner == null ? "" : owner;
    version = newVersion;
    closed = circuitClosed;
    if (!Objects.equals(limit, gateFor)) {
      gateFor = limit;
      // Calls inside the former gate leave that one.
      gate = limit == null ? null : gates.apply(limit);
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
  <T> CompletionStage<T> call(String owner, Supplier<CompletionStage<T>> call) {
    var entered = gate;
    if (entered == null) {
      return call.get();
    }
    var result = new CompletableFuture<T>();
    entered.enter(
        owner,
        Lane.ORDINARY,
        () ->
            made(call)
                .whenComplete(
                    (value, failure) -> {
                      entered.leave(failure == null);
                      if (failure == null) {
                        result.complete(value);
                      } else {
                        result.completeExceptionally(failure);
                      }
                    }));
    return result;
  }

  private static <T> CompletionStage<T> made(Supplier<CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
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
