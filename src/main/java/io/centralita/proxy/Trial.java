package io.centralita.proxy;

import io.centralita.proxy.ProxyCommand.Tested;
import io.centralita.proxy.ProxyCommand.TrialFailed;
import io.centralita.proxy.ProxyCommand.Tried;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The child of a proxy that makes one real call through it and tells what came of it. Where our own
 * side fails, so that no call could be made, it is restarted, each time after a longer wait.
 */
final class Trial {

  /** Makes one call through a proxy. */
  @FunctionalInterface
  interface Call {
    /**
     * Whatever the proxy or the other side does is a result; the stage fails for our own faults.
     */
    CompletionStage<Tested> make(long proxyId);
  }

  sealed interface Message {}

  private record Done(Tested result) implements Message {}

  private record Failed(Throwable failure) implements Message {}

  /** Tells the supervisor that the call is to be made again. */
  private static final class CallFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CallFailed(Throwable cause) {
      super(cause);
    }
  }

  private Trial() {}

  /**
   * @param number by which the proxy knows this trial
   */
  static Behavior<Message> create(
      Call call, long proxyId, long number, ActorRef<ProxyCommand> proxy) {
    return Behaviors.supervise(
            Behaviors.<Message>setup(
                context -> {
                  context.pipeToSelf(
                      call.make(proxyId),
                      (result, failure) ->
                          result != null
                              ? new Done(result)
                              : new Failed(
                                  failure == null
                                      ? new IllegalStateException("the call gave no result")
                                      : failure));
                  return Behaviors.receive(Message.class)
                      .onMessage(
                          Done.class,
                          done -> {
                            proxy.tell(new Tried(number, done.result()));
                            return Behaviors.stopped();
                          })
                      .onMessage(
                          Failed.class,
                          failed -> {
                            context
                                .getLog()
                                .warn(
                                    "a trial of proxy {} could not be made and is tried again: {}",
                                    proxyId,
                                    failed.failure().toString());
                            proxy.tell(new TrialFailed(number, failed.failure().toString()));
                            throw new CallFailed(failed.failure());
                          })
                      .build();
                }))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                    Duration.ofMillis(200), Duration.ofSeconds(10), 0.2)
                .withLoggingEnabled(false));
  }
}
