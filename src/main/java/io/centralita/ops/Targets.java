package io.centralita.ops;

import io.centralita.actor.EntityKind;
import io.centralita.cluster.Budgets;
import io.centralita.cluster.Budgets.NodeShare;
import io.centralita.cluster.Budgets.Snapshot;
import io.centralita.cluster.Limit;
import io.centralita.http.Cursor;
import io.centralita.http.Page;
import io.centralita.lookup.Lookup;
import io.centralita.proxy.Proxies;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cluster calls outside, and how the budget of each is divided: the portal, then the
 * proxies by id. A budget is asked itself, and only where this node has a share of it.
 */
final class Targets {
  private static final Logger log = LoggerFactory.getLogger(Targets.class);
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  /**
   * A target.
   *
   * @param limit what it bears at its best; null where it has no limit of its own
   * @param inForce what it is given now, after complaints
   * @param closedUntil until when nobody calls it; null where it is open
   * @param waiting calls that wait on all nodes
   * @param answers false where its budget did not say: then nothing is known of it
   */
  record TargetView(
      String target,
      @Nullable LimitView limit,
      @Nullable LimitView inForce,
      @Nullable Instant closedUntil,
      int waiting,
      List<ShareView> nodes,
      boolean answers) {

    static TargetView of(Snapshot snapshot) {
      return new TargetView(
          snapshot.target(),
          LimitView.of(snapshot.limit()),
          LimitView.of(snapshot.inForce()),
          snapshot.closedUntil(),
          snapshot.waiting(),
          snapshot.nodes().stream().map(ShareView::of).toList(),
          true);
    }

    static TargetView unknown(String target, boolean answers) {
      return new TargetView(target, null, null, null, 0, List.of(), answers);
    }
  }

  /**
   * @param perSecond null for as many as there are
   */
  record LimitView(int atOnce, @Nullable Double perSecond) {
    static @Nullable LimitView of(@Nullable Limit limit) {
      return limit == null ? null : new LimitView(limit.atOnce(), rate(limit.perSecond()));
    }
  }

  /** What a node was given last, and how it used it when it last said so. */
  record ShareView(String node, int atOnce, @Nullable Double perSecond, int underWay, int waiting) {
    static ShareView of(NodeShare share) {
      var node = share.node();
      var end = node.lastIndexOf('#'); // what tells it from an earlier node there
      return new ShareView(
          end < 0 ? node : node.substring(0, end),
          share.atOnce(),
          rate(share.perSecond()),
          share.underWay(),
          share.waiting());
    }
  }

  private static @Nullable Double rate(double perSecond) {
    return Double.isInfinite(perSecond) ? null : Math.round(perSecond * 1000) / 1000.0;
  }

  /** A place in the list; the portal's is 0. */
  private record Named(long place, String target) {}

  private final Budgets budgets;
  private final EntityKind.Projection proxies;

  Targets(Budgets budgets, EntityKind.Projection proxies) {
    this.budgets = budgets;
    this.proxies = proxies;
  }

  CompletionStage<Page<TargetView>> list(@Nullable String cursor, int limit) {
    var after = cursor == null ? -1 : CURSOR.decode(cursor);
    var names = new ArrayList<Named>();
    if (after < 0) {
      names.add(new Named(0, Lookup.PORTAL));
    }
    return proxies
        .list(null, after <= 0 ? null : Long.toString(after), limit + 1 - names.size())
        .thenCompose(
            entries -> {
              entries.forEach(
                  one -> names.add(new Named(Long.parseLong(one.id()), Proxies.target(one.id()))));
              var page = Page.of(names, limit, last -> CURSOR.encode(last.place()));
              return all(page.items()).thenApply(views -> new Page<>(views, page.nextCursor()));
            });
  }

  private CompletionStage<List<TargetView>> all(List<Named> names) {
    var asked = names.stream().map(name -> look(name.target()).toCompletableFuture()).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> asked.stream().map(CompletableFuture::join).toList());
  }

  private CompletionStage<TargetView> look(String target) {
    if (!budgets.calls(target)) {
      return CompletableFuture.completedFuture(TargetView.unknown(target, true));
    }
    return budgets
        .snapshot(target)
        .thenApply(TargetView::of)
        .exceptionally(
            failure -> {
              log.debug("the budget of {} does not answer", target, failure);
              return TargetView.unknown(target, false);
            });
  }
}
