package io.centralita.lookup;

import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A number being asked for, however many want it. See {@link Asking} for who guards what. */
final class Flight {
  static final long UNANSWERED = Long.MIN_VALUE;

  final int number;
  final String owner;
  final Instant wantedAt;
  final Question question;
  final CompletableFuture<Finding> finding = new CompletableFuture<>();

  // Guarded by the flight itself
  boolean entered;
  Gate.@Nullable Ticket ticket;
  @Nullable CompletableFuture<Void> parked;

  volatile Lane lane;

  /** By which no other node asks meanwhile; null where nothing is claimed. */
  volatile NumberClaims.Claimed.@Nullable Granted claim;

  // Changed while the map of flights holds its entry
  int interested;

  /** The strictest of those who are interested, and, once known, how old the answer is. */
  volatile Instant since;

  volatile long answeredMs = UNANSWERED;

  /** Nobody is interested now; while its call is under way somebody may be again. */
  volatile boolean abandoned;

  Flight(int number, String owner, Lane lane, Instant since, Instant wantedAt) {
    this.number = number;
    this.owner = owner;
    this.lane = lane;
    this.since = since;
    this.wantedAt = wantedAt;
    this.question = new Question(number, owner, () -> this.lane, () -> abandoned);
  }

  boolean isFresh(Instant wanted) {
    return answeredMs == UNANSWERED || answeredMs >= wanted.toEpochMilli();
  }

  /** Whether it was still waiting, for a way or at the gate, and no longer is. */
  synchronized boolean leaves() {
    return parked != null ? parked.cancel(false) : ticket != null && ticket.cancel();
  }
}
