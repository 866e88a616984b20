package io.centralita.lookup;

import io.centralita.lookup.PortalReply.Answered;
import io.centralita.lookup.PortalReply.Blocked;
import io.centralita.lookup.PortalReply.Broken;
import io.centralita.lookup.PortalReply.Expired;
import io.centralita.lookup.PortalReply.NoWay;
import io.centralita.lookup.PortalReply.Ready;
import io.centralita.lookup.PortalReply.Throttled;
import io.centralita.lookup.PortalReply.Unreached;
import io.centralita.lookup.PortalStats.Count;
import io.centralita.proxy.Exits;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One line being asked for, until there is an answer or the tries are used up. Its steps follow one
 * another, so that nothing here is guarded.
 */
final class PortalAsk {

  private final PortalSource source;
  private final Question question;
  private final CompletableFuture<Answer> result = new CompletableFuture<>();
  private int throttles;
  private int detours;
  private int unopened;

  PortalAsk(PortalSource source, Question question) {
    this.source = source;
    this.question = question;
  }

  CompletionStage<Answer> begin() {
    source.count(Count.ASKED);
    if (source.circuit().enter()) {
      next();
    } else {
      nobody(source.circuit().reason());
    }
    return result;
  }

  private void next() {
    guarded(
        null,
        () -> {
          if (stopped()) {
            return;
          }
          var session = source.sessions().take(question.owner());
          if (session != null) {
            lookUp(session, false);
          } else {
            source.sessions().create(question.owner()).whenComplete(this::opened);
          }
        });
  }

  private void opened(@Nullable PortalSession session, @Nullable Throwable failure) {
    guarded(
        session,
        () -> {
          if (session != null) {
            open(session, false);
            return;
          }
          var why = noExit(failure);
          if (why.isEmpty()) {
            throw new IllegalStateException("no exit, and no reason", failure);
          }
          nobody(why);
        });
  }

  /** Why no call could be made; empty where the failure is another. */
  private static String noExit(@Nullable Throwable failure) {
    var cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    return cause instanceof Exits.NoExitException none ? String.valueOf(none.getMessage()) : "";
  }

  private void open(PortalSession session, boolean renewed) {
    await(session, renewed, session.open().thenApply(PortalAsk::whileOpening));
  }

  private static PortalReply whileOpening(PortalReply reply) {
    return reply instanceof Broken broken ? new Unreached(broken.why()) : reply;
  }

  private void lookUp(PortalSession session, boolean renewed) {
    await(session, renewed, session.lookUp(question.number()));
  }

  private void await(PortalSession session, boolean renewed, CompletionStage<PortalReply> step) {
    step.whenComplete(
        (reply, failure) ->
            guarded(
                session,
                () -> {
                  if (failure == null) {
                    on(session, renewed, reply);
                    return;
                  }
                  var why = noExit(failure);
                  if (why.isEmpty()) {
                    throw new IllegalStateException("a portal step failed by itself", failure);
                  }
                  source.sessions().retire(session);
                  nobody(why);
                }));
  }

  private void on(PortalSession session, boolean renewed, PortalReply reply) {
    switch (reply) {
      case Ready _ -> lookUp(session, renewed);
      case Answered answered -> {
        source.circuit().answered();
        source.sessions().giveBack(session); // first, so that whoever asks next finds it
        finish(answered.answer());
      }
      case Expired expired when renewed ->
          lose(session, expired.status() + " from the portal after a renewal");
      case Expired _ -> {
        source.count(Count.RENEWED);
        open(session, true);
      }
      case Throttled throttled -> bear(session, throttled);
      case NoWay noWay -> goRound(session, noWay.why());
      case Blocked blocked -> {
        source.count(Count.BLOCKED);
        session.blocked(blocked.why());
        lose(session, blocked.why());
      }
      case Broken broken -> lose(session, broken.why());
      case Unreached unreached -> comeAgain(session, unreached.why());
    }
  }

  private void bear(PortalSession session, Throttled throttled) {
    source.count(Count.THROTTLED);
    if (throttles == source.settings().throttles().most()) {
      source.throttled(throttled.pause());
      lose(session, "429 from the portal");
      return;
    }
    if (session.isInStorm()) {
      source.count(Count.BLOCKED);
      session.blocked("429 again and again");
      source.sessions().retire(session);
    } else if (session.isOpen()) {
      source.sessions().giveBack(session); // another log-in would be two requests more
    } else {
      source.sessions().retire(session);
    }
    var least = source.backoff(throttles++);
    var wait = throttled.pause().compareTo(least) > 0 ? throttled.pause() : least;
    source.throttled(wait);
    rest(wait);
  }

  /**
   * A proxy's fault is not the line's: it costs no try, up to a bound. The proxy that goes on like
   * this is set aside, and where there is no other the look-up waits.
   */
  private void goRound(PortalSession session, String why) {
    if (detours == source.settings().detours()) {
      lose(session, why);
      return;
    }
    detours++;
    source.count(Count.DETOURS);
    source.sessions().retire(session);
    rest(source.backoff(0));
  }

  private void lose(PortalSession session, String why) {
    source.sessions().retire(session);
    source.count(Count.TRIES_LOST);
    question.lose(why);
    source.circuit().failed(why);
    var lost = question.lost();
    if (lost.size() < source.settings().tries().most()) {
      restOrGiveWay(source.backoff(lost.size() - 1));
      return;
    }
    var tries = lost.size() == 1 ? "1 try" : lost.size() + " tries";
    finish(new Answer.Failed("given up after " + tries + ": " + String.join(", ", lost)));
  }

  /** The portal did not get as far as hearing which line is asked for: that costs it no try. */
  private void comeAgain(PortalSession session, String why) {
    source.sessions().retire(session);
    source.count(Count.UNOPENED);
    source.circuit().failed(why);
    restOrGiveWay(source.backoff(unopened++));
  }

  private void restOrGiveWay(Duration wait) {
    if (source.circuit().isOpen()) {
      nobody(source.circuit().reason());
    } else {
      rest(wait);
    }
  }

  private void rest(Duration wait) {
    if (stopped()) {
      return;
    }
    source
        .after(wait)
        .whenComplete(
            (_, closed) -> {
              if (closed == null) {
                next();
              } else {
                cancel();
              }
            });
  }

  /** Whoever asked asks again when somebody can be asked. */
  private void nobody(String reason) {
    source.count(Count.WAITED);
    result.completeExceptionally(new OperatorSource.NobodyToAskException(reason));
  }

  private boolean stopped() {
    if (!question.isCancelled()) {
      return false;
    }
    cancel();
    return true;
  }

  private void cancel() {
    source.count(Count.CANCELLED);
    result.completeExceptionally(new CancellationException("the look-up was cancelled"));
  }

  private void finish(Answer answer) {
    source.count(
        switch (answer) {
          case Answer.Found _ -> Count.FOUND;
          case Answer.Unknown _ -> Count.UNKNOWN;
          case Answer.Failed _ -> Count.FAILED;
        });
    result.complete(answer);
  }

  /** A callback that throws would leave whoever asked waiting for ever. */
  private void guarded(@Nullable PortalSession session, Runnable step) {
    try {
      step.run();
    } catch (Throwable bug) {
      if (session != null) {
        source.sessions().retire(session);
      }
      result.completeExceptionally(bug);
    }
  }
}
