package io.centralita.lookup;

import io.centralita.lookup.OperatorSource.ComeAgainException;
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
 * One try at one line: through an open session, or a new one. Where it comes to nothing the
 * question comes again, through another exit, until its tries are used up. The steps follow one
 * another, so that nothing here is guarded.
 */
final class PortalAsk {

  private final PortalSource source;
  private final Question question;
  private final CompletableFuture<Answer> result = new CompletableFuture<>();

  PortalAsk(PortalSource source, Question question) {
    this.source = source;
    this.question = question;
  }

  CompletionStage<Answer> begin() {
    if (question.begin()) {
      source.count(Count.ASKED);
    }
    guarded(
        null,
        () -> {
          if (question.isCancelled()) {
            source.count(Count.CANCELLED);
            result.completeExceptionally(new CancellationException("the look-up was cancelled"));
          } else if (!source.circuit().enter()) {
            nobody(source.circuit().reason());
          } else {
            findSession();
          }
        });
    return result;
  }

  private void findSession() {
    var session = source.sessions().take(question.owner());
    if (session != null) {
      lookUp(session, false);
    } else {
      source.sessions().create(question.owner()).whenComplete(this::opened);
    }
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
    await(session, renewed, session.open(question).thenApply(PortalAsk::whileOpening));
  }

  private static PortalReply whileOpening(PortalReply reply) {
    return reply instanceof Broken broken ? new Unreached(broken.why()) : reply;
  }

  private void lookUp(PortalSession session, boolean renewed) {
    await(session, renewed, session.lookUp(question));
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
          fail(session, expired.status() + " from the portal after a renewal");
      case Expired _ -> {
        source.count(Count.RENEWED);
        open(session, true);
      }
      case Throttled throttled -> bear(session, throttled);
      case NoWay noWay -> {
        if (noWay.perhapsThePortals()) {
          source.circuit().failed(noWay.why());
        }
        goRound(session, noWay.why());
      }
      case Blocked blocked -> {
        source.count(Count.BLOCKED);
        session.blocked(blocked.why());
        if (session.isProxied()) {
          goRound(session, blocked.why());
        } else {
          fail(session, blocked.why());
        }
      }
      case Unreached unreached -> {
        source.count(Count.UNOPENED);
        source.circuit().failed(unreached.why());
        if (session.isProxied()) {
          goRound(session, unreached.why());
        } else {
          source.sessions().retire(session);
          comeAgain(unreached.why(), source.backoff(question.unopened()));
        }
      }
      case Broken broken -> fail(session, broken.why());
    }
  }

  private void bear(PortalSession session, Throttled throttled) {
    source.count(Count.THROTTLED);
    source.circuit().answered(); // it is there; the gate's pause spares it
    var before = question.throttle();
    if (before >= source.settings().throttles().most()) {
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
    var least = source.backoff(before);
    var wait = throttled.pause().compareTo(least) > 0 ? throttled.pause() : least;
    source.throttled(wait);
    comeAgain("429 from the portal", wait);
  }

  /**
   * An exit's fault is not the line's: it costs no try, up to a bound. The proxy that goes on like
   * this is set aside, and where there is no other the look-up waits.
   */
  private void goRound(PortalSession session, String why) {
    if (question.detour() >= source.settings().detours()) {
      lose(session, why);
      return;
    }
    source.count(Count.DETOURS);
    source.sessions().retire(session);
    comeAgain(why, source.backoff(0));
  }

  /** The line, or the portal for everybody: only the others' answers can tell. */
  private void fail(PortalSession session, String why) {
    source.circuit().failed(why);
    lose(session, why);
  }

  private void lose(PortalSession session, String why) {
    source.sessions().retire(session);
    source.count(Count.TRIES_LOST);
    question.lose(why);
    var lost = question.lost();
    if (lost.size() < source.settings().tries().most()) {
      comeAgain(why, source.backoff(lost.size() - 1));
      return;
    }
    var tries = lost.size() == 1 ? "1 try" : lost.size() + " tries";
    finish(new Answer.Failed("given up after " + tries + ": " + String.join(", ", lost)));
  }

  /** Nobody can be asked just now; the source says when. */
  private void nobody(String reason) {
    source.count(Count.WAITED);
    comeAgain(reason, Duration.ZERO);
  }

  private void comeAgain(String reason, Duration notBefore) {
    result.completeExceptionally(new ComeAgainException(reason, notBefore));
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
