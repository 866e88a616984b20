package io.centralita.cluster;

import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Share;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which node may hold what of a target's limit, and what each is given next. What was given counts
 * until the node says that it follows something later, or until it has lapsed there for certain; so
 * does every call that it has under way. Only what is left over is given on.
 *
 * <p>Times are in nanoseconds of one clock. Not thread-safe.
 */
final class Ledger {

  /** From the moment when a node asks for a share until the share lapses there by itself. */
  static final Duration VALID = Duration.ofSeconds(7);

  /** How much longer it counts here: clocks differ, and a call takes a moment to begin. */
  static final Duration MARGIN = Duration.ofSeconds(1);

  private static final long HELD = VALID.plus(MARGIN).toNanos();
  private static final long TURN = Duration.ofSeconds(1).toNanos();

  /** A fiftieth of the calls in a second is for those who have no use for them, between them. */
  private static final double FOR_IDLE_NODES = 0.02;

  /**
   * A share to be sent.
   *
   * @param version rises with each that the node is given
   * @param sentAt when the node asked, by the node's clock
   * @param confirm whether somebody waits for the node to follow it
   */
  record Give(String node, long version, long sentAt, Share share, boolean confirm) {}

  /** What a node was given last and how it uses it. */
  record Position(String node, Share share, Gate.Use use) {}

  private record Given(long version, Share share, long until) {}

  private static final class Holder {
    final String node;
    final ArrayDeque<Given> given = new ArrayDeque<>(4);
    Share last;
    Gate.Use use;
    double begunPerSecond;
    long version;
    long seq;
    long sentAt;
    long heardAt;
    long goneAt;

    Holder(Budget.Report first, long now) {
      node = first.node();
      last = first.share();
      use = first.use();
      version = first.version();
      heardAt = now;
      given.add(new Given(version, last, now + HELD));
    }

    int atOnce() {
      var most = use.inside();
      for (var one : given) {
        most = Math.max(most, one.share().atOnce());
      }
      return most;
    }

    double perSecond() {
      return given.stream().mapToDouble(one -> one.share().perSecond()).max().orElse(0);
    }

    boolean waits() {
      return use.waiting() > 0;
    }
  }

  private final Map<String, Holder> holders = new TreeMap<>();

  /** Nodes that may hold something that an earlier ledger gave, and until when. */
  private final Map<String, Long> unheard = new HashMap<>();

  /**
   * @param present nodes that have to be heard before anything is given that nobody claims
   */
  Ledger(Collection<String> present, long now) {
    present.forEach(node -> unheard.put(node, now + HELD));
  }

  /** Takes down what a node says of itself; true where it is heard for the first time. */
  boolean heard(Budget.Report report, long now) {
    var known = holders.get(report.node());
    if (known != null && report.seq() <= known.seq) {
      return false;
    }
    var holder = known == null ? new Holder(report, now) : known;
    holders.put(report.node(), holder);
    unheard.remove(report.node());
    var lapsed = report.share().equals(Share.NONE);
    holder.given.removeIf(
        one -> one.version() < report.version() || (lapsed && one.version() == report.version()));
    var seconds = Math.max(0.1, (now - holder.heardAt) / 1e9);
    holder.begunPerSecond = report.use().begun() / seconds;
    holder.use = report.use();
    holder.seq = report.seq();
    holder.sentAt = report.sentAt();
    holder.heardAt = now;
    holder.goneAt = now + HELD;
    return known == null;
  }

  /** A node that need not be waited for. */
  void holdsNothing(String node) {
    unheard.remove(node);
  }

  /** A node is no longer in the cluster; after the margin it has ended for certain. */
  void removed(String node, Duration margin, long now) {
    var at = now + margin.toNanos();
    unheard.computeIfPresent(node, (_, until) -> until - at > 0 ? at : until);
    var holder = holders.get(node);
    if (holder != null && holder.goneAt - at > 0) {
      holder.goneAt = at;
    }
  }

  /**
   * What is to be sent now: its share to the node that asked, less to those who hold what others
   * lack, more to those who lack.
   *
   * @param toAll whether the others are told in any case
   */
  List<Give> settle(String asking, boolean toAll, Limit limit, long now) {
    forget(now);
    var targets = targets(limit, now);
    var lack = holders.values().stream().anyMatch(one -> lacks(one, target(targets, one)));
    var over = holders.values().stream().mapToInt(Holder::atOnce).sum() > limit.atOnce();
    var gives = new ArrayList<Give>();
    for (var holder : holders.values()) {
      var target = target(targets, holder);
      var share = possible(holder, target, limit);
      var less =
          share.atOnce() < holder.last.atOnce()
              || share.perSecond() < holder.last.perSecond() * 0.95;
      var more =
          share.atOnce() > holder.last.atOnce()
              || share.perSecond() > holder.last.perSecond() * 1.05;
      if (holder.node.equals(asking)
          || toAll
          || (less && (lack || over))
          || (more && lacks(holder, target))) {
        gives.add(give(holder, share, less && (lack || over)));
      }
    }
    return gives;
  }

  /** What every node was given last. */
  List<Position> positions(long now) {
    forget(now);
    return holders.values().stream().map(one -> new Position(one.node, one.last, one.use)).toList();
  }

  private void forget(long now) {
    unheard.values().removeIf(until -> until - now <= 0);
    holders.values().removeIf(one -> one.goneAt - now <= 0);
    holders.values().forEach(one -> one.given.removeIf(given -> given.until() - now <= 0));
  }

  private Map<String, Share> targets(Limit limit, long now) {
    var all = List.copyOf(holders.values());
    var busy = all.stream().mapToInt(one -> one.use.inside() + one.use.waiting()).toArray();
    int[] atOnce;
    if (all.size() > limit.atOnce()) {
      atOnce = Division.inTurns(limit.atOnce(), busy, now / TURN);
    } else {
      var wanted =
          all.stream()
              .mapToInt(
                  one ->
                      one.waits()
                          ? one.use.inside() + one.use.waiting()
                          : one.use.most() + one.use.most() / 4 + 1)
              .toArray();
      atOnce = Division.of(limit.atOnce(), wanted);
    }
    var least = limit.perSecond() * FOR_IDLE_NODES / all.size();
    var perSecond =
        Division.of(
            limit.perSecond(),
            all.stream()
                .mapToDouble(
                    one ->
                        one.waits()
                            ? Double.POSITIVE_INFINITY
                            : Math.max(least, one.begunPerSecond * 1.5))
                .toArray());
    var targets = new HashMap<String, Share>();
    for (var i = 0; i < all.size(); i++) {
      targets.put(all.get(i).node, new Share(atOnce[i], perSecond[i]));
    }
    return targets;
  }

  private static Share target(Map<String, Share> targets, Holder holder) {
    return targets.getOrDefault(holder.node, Share.NONE);
  }

  /** Whether a node waits for what it is to have, or cannot even begin. */
  private static boolean lacks(Holder holder, Share target) {
    var nothing = holder.last.atOnce() == 0 || holder.last.perSecond() == 0;
    return (holder.waits() || nothing)
        && (target.atOnce() > holder.last.atOnce()
            || target.perSecond() > holder.last.perSecond() * 1.05);
  }

  /** The target, as far as nobody else may still hold it. */
  private Share possible(Holder holder, Share target, Limit limit) {
    var known = unheard.isEmpty();
    var atOnce = holder.atOnce();
    var free =
        known ? limit.atOnce() - holders.values().stream().mapToInt(Holder::atOnce).sum() : 0;
    var perSecond = holder.perSecond();
    var rateFree =
        known
            ? limit.perSecond() - holders.values().stream().mapToDouble(Holder::perSecond).sum()
            : 0;
    return new Share(
        Math.min(target.atOnce(), atOnce + Math.max(0, free)),
        limit.perSecond() == Double.POSITIVE_INFINITY
            ? Double.POSITIVE_INFINITY
            : Math.min(target.perSecond(), perSecond + Math.max(0, rateFree)));
  }

  private static Give give(Holder holder, Share share, boolean confirm) {
    holder.version++;
    holder.last = share;
    holder.given.add(new Given(holder.version, share, holder.heardAt + HELD));
    return new Give(holder.node, holder.version, holder.sentAt, share, confirm);
  }
}
