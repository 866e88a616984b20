package io.centralita.proxy;

import io.centralita.proxy.ExitDesk.View;
import io.centralita.proxy.ProxyState.Status;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All proxies as this node knows them: who may go by which. Belongs to the {@link ExitDesk}. */
final class Fleet {
  private final Map<Long, Known> known = new TreeMap<>();
  private final LongFunction<Account> accounts;

  /**
   * @param accounts makes the account for a proxy
   */
  Fleet(LongFunction<Account> accounts) {
    this.accounts = accounts;
  }

  @Nullable Known find(long id) {
    return known.get(id);
  }

  /** A proxy's row says so. */
  Known read(ProxyRow row) {
    var proxy = known.computeIfAbsent(row.id(), id -> new Known(row, accounts.apply(id)));
    proxy.read(row);
    return proxy;
  }

  /** There are no others. */
  void keepOnly(Set<Long> ids) {
    known
        .values()
        .removeIf(
            proxy -> {
              var gone = !ids.contains(proxy.row().id());
              if (gone) {
                proxy.gone();
              }
              return gone;
            });
  }

  void remove(long id) {
    known.remove(id);
  }

  /** The best that is usable: of the owner's own, and where he has none of the shared ones. */
  Optional<Known> choose(String owner, Instant now) {
    return best(proxy -> owner.equals(proxy.user()), now)
        .or(() -> best(proxy -> proxy.user() == null, now));
  }

  private Optional<Known> best(Predicate<Known> whose, Instant now) {
    return known.values().stream()
        .filter(proxy -> whose.test(proxy) && proxy.usable(now))
        .min(Comparator.comparingDouble(Known::cost));
  }

  /** Whose calls have a way out. */
  View view(Instant now) {
    var own = new HashSet<String>();
    var shared = false;
    for (var proxy : known.values()) {
      if (proxy.usable(now)) {
        if (proxy.user() == null) {
          shared = true;
        } else {
          own.add(proxy.user());
        }
      }
    }
    return new View(Set.copyOf(own), shared, false);
  }

  /** When the next that refuses now may lend again. */
  Optional<Instant> nextMayLend(Instant now) {
    return known.values().stream()
        .filter(proxy -> proxy.status() == Status.CLOSED)
        .map(Known::refusedUntil)
        .filter(until -> until.isAfter(now))
        .min(Instant::compareTo);
  }

  /** Why this owner's calls have no way out, in words. */
  String standstill(String owner) {
    return Standstill.reason(known.values(), owner);
  }

  /** The same, for whoever waits; empty where sessions that are lent here do the owner's work. */
  String whyIdle(String owner) {
    var works = known.values().stream().anyMatch(proxy -> proxy.isFor(owner) && proxy.works());
    return works ? "" : standstill(owner);
  }

  /** Tells every proxy what it is still to be told. */
  void tellAll() {
    known.values().forEach(proxy -> proxy.account().tell());
  }
}
