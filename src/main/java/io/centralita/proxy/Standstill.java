package io.centralita.proxy;

import io.centralita.proxy.ProxyState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Why a user's calls have no way out, in words. */
final class Standstill {
  private Standstill() {}

  static String reason(Collection<Known> all, String owner) {
    if (all.isEmpty()) {
      return "no proxy is configured: add one by POST /api/v1/proxies or ./centralita proxies add";
    }
    var his = all.stream().filter(known -> known.isFor(owner)).toList();
    if (his.isEmpty()) {
      return "no proxy is shared, or assigned to this user";
    }
    var parts = new ArrayList<String>();
    add(parts, his, Status.OPEN, "open");
    add(parts, his, Status.HALF_OPEN, "on trial");
    add(parts, his, Status.DISABLED, "disabled");
    his.stream()
        .map(Known::retryAt)
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .ifPresent(next -> parts.add("the next is tried at " + ProxyStatus.CLOCK.format(next)));
    var closed = his.stream().filter(known -> known.status() == Status.CLOSED).toList();
    closed.stream()
        .map(Known::refusal)
        .filter(refusal -> !refusal.isEmpty())
        .findFirst()
        .ifPresent(refusal -> parts.add(closed.size() + " closed that " + refusal));
    return "no proxy is usable" + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
  }

  private static void add(List<String> parts, List<Known> his, Status status, String word) {
    var count = his.stream().filter(known -> known.status() == status).count();
    if (count > 0) {
      parts.add(count + " " + word);
    }
  }
}
