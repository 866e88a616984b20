package io.centralita.jobs;

import io.centralita.actor.Cause;
import io.centralita.db.Db;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' pauses: one row each, whatever number of runs it holds, read by every node every
 * two seconds. So a pause is as durable as the database, and costs a run one message.
 */
public final class Holds implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Holds.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  // By the database's clock alone, so that all nodes agree.
  private static final String ALL =
      """
      SELECT owner, held_by, reason, request_id, held_at, until
      FROM run_holds
      WHERE until IS NULL OR until > now()
      ORDER BY owner
      LIMIT 10000
      """;

  // A hold that has ended by itself gives way to a new one; no other does.
  private static final String BEGIN =
      """
      INSERT INTO run_holds (owner, held_by, reason, request_id, until)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (owner) DO UPDATE
      SET held_by = EXCLUDED.held_by, reason = EXCLUDED.reason,
          request_id = EXCLUDED.request_id, held_at = now(), until = EXCLUDED.until
      WHERE run_holds.until <= now()
      """;

  private static final String END =
      "DELETE FROM run_holds WHERE owner = ? AND (until IS NULL OR until > now())";

  private final Db db;
  private final ScheduledExecutorService scheduler;
  private final List<Consumer<List<Hold>>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong reads = new AtomicLong();
  private volatile @Nullable List<Hold> known;
  private long shown;
  private volatile boolean closed;
  private volatile boolean unread;

  /** Begins to read. */
  public Holds(Db db, ScheduledExecutorService scheduler) {
    this.db = db;
    this.scheduler = scheduler;
    look();
  }

  private void look() {
    if (!closed) {
      refresh()
          .whenComplete(
              (_, failure) -> {
                if (failure != null && !unread) {
                  log.warn("the operators' pauses cannot be read; what was known holds", failure);
                }
                unread = failure != null;
                if (!scheduler.isShutdown()) {
                  var _ =
                      scheduler.schedule(
                          this::look, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
                }
              });
    }
  }

  /** Reads now what otherwise would be read within two seconds. */
  public CompletionStage<List<Hold>> refresh() {
    var begun = reads.incrementAndGet();
    return all()
        .thenApply(
            holds -> {
              synchronized (this) {
                var newer = begun > shown; // a slow read must not undo a later one
                shown = Math.max(shown, begun);
                if (newer && !holds.equals(known)) {
                  known = holds;
                  listeners.forEach(listener -> listener.accept(holds));
                }
              }
              return holds;
            });
  }

  /** Tells the listener what is held, now where it is known, and whenever it changes. */
  synchronized void listen(Consumer<List<Hold>> listener) {
    listeners.add(listener);
    var now = known;
    if (now != null) {
      listener.accept(now);
    }
  }

  /** The pauses that are in force. */
  public CompletionStage<List<Hold>> all() {
    return db.query(
        ALL,
        _ -> {},
        row ->
            new Hold(
                row.getString(1),
                new Cause(row.getString(2), row.getString(3), row.getString(4)),
                Db.instant(row, 5),
                Db.instantOrNull(row, 6)));
  }

  /** The pause of this owner, or of everybody where it is empty. */
  public CompletionStage<Optional<Hold>> of(String owner) {
    return all().thenApply(h -> h.stream().filter(one -> one.owner().equals(owner)).findFirst());
  }

  /**
   * Holds the runs of an owner.
   *
   * @param owner empty for everybody
   * @return false where they are held already
   */
  public CompletionStage<Boolean> begin(String owner, Cause cause, @Nullable Instant until) {
    return db.update(
            BEGIN,
            st -> {
              st.setString(1, owner);
              st.setString(2, cause.by());
              st.setString(3, cause.reason());
              st.setString(4, cause.requestId());
              st.setObject(5, until == null ? null : until.atOffset(ZoneOffset.UTC));
            })
        .thenCompose(rows -> refresh().thenApply(_ -> rows == 1));
  }

  /**
   * Lets the runs of an owner go on.
   *
   * @return false where they are not held
   */
  public CompletionStage<Boolean> end(String owner) {
    return db.update(END, st -> st.setString(1, owner))
        .thenCompose(rows -> refresh().thenApply(_ -> rows == 1));
  }

  /** Reads no more. */
  @Override
  public void close() {
    closed = true;
  }
}
