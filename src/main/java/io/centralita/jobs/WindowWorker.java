package io.centralita.jobs;

import io.centralita.db.DbException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The child of a run that does one window, as often as its run lets it. A failure restarts it, each
 * time after a longer wait; its end, or its parent's, cancels what it has under way.
 */
final class WindowWorker {

  sealed interface Message {}

  /** What a run tells its child. */
  enum Order implements Message {
    /** Try the window: there is a slot for it. */
    GO,
    /** Cancel what is under way, and end with it: until then nobody else may do the window. */
    GIVE_UP
  }

  private record Finished(RunKind.Finished result) implements Message {}

  private record Failed(Throwable failure) implements Message {}

  /**
   * What the worker is to do, and whom to tell.
   *
   * @param child the worker's number
   */
  record Task(
      RunKind kind,
      String runId,
      int window,
      long child,
      RunState state,
      ActorRef<RunCommand> run) {}

  private WindowWorker() {}

  static Behavior<Message> create(Task task) {
    var retry = task.kind().retry();
    return Behaviors.supervise(Behaviors.<Message>setup(context -> ready(context, task)))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(retry.first(), retry.longest(), 0.2)
                .withLoggingEnabled(false));
  }

  private static Behavior<Message> ready(ActorContext<Message> context, Task task) {
    task.run().tell(new RunCommand.WindowReady(task.window(), task.child()));
    return Behaviors.receive(Message.class)
        .onMessageEquals(Order.GO, () -> work(context, task))
        .onMessageEquals(Order.GIVE_UP, () -> left(task))
        .build();
  }

  private static Behavior<Message> work(ActorContext<Message> context, Task task) {
    var cancellation = new Cancellation();
    var window =
        new RunKind.Window(
            task.runId(),
            task.state().owner(),
            task.window(),
            task.state().round().number(),
            task.state().round().fresh(),
            task.state().round().since(),
            cancellation::cancelled,
            cancellation::onCancel,
            reason -> {
              if (!cancellation.cancelled()) {
                task.run().tell(new RunCommand.Waiting(task.window(), task.child(), reason));
              }
            });
    context.pipeToSelf(
        CompletableFuture.completedStage(window).thenCompose(task.kind().work()::run),
        (result, failure) -> result != null ? new Finished(result) : new Failed(cause(failure)));
    return Behaviors.receive(Message.class)
        .onMessage(
            Finished.class,
            done -> {
              task.run()
                  .tell(
                      new RunCommand.WindowDone(
                          task.window(),
                          task.state().round().number(),
                          done.result().counts(),
                          done.result().settled()));
              return Behaviors.stopped();
            })
        .onMessage(
            Failed.class,
            failed -> {
              if (cancellation.cancelled()) {
                return left(task);
              }
              cancellation.cancel();
              return failed(context, task, failed.failure());
            })
        .onMessageEquals(
            Order.GIVE_UP,
            () -> {
              cancellation.cancel();
              return Behaviors.same();
            })
        .onSignal(
            PostStop.class,
            _ -> {
              cancellation.cancel();
              return Behaviors.same();
            })
        .build();
  }

  private static Behavior<Message> left(Task task) {
    task.run().tell(new RunCommand.WindowLeft(task.window(), task.child()));
    return Behaviors.stopped();
  }

  private static Behavior<Message> failed(
      ActorContext<Message> context, Task task, Throwable failure) {
    if (failure instanceof RunKind.RunFailedException end) {
      task.run().tell(new RunCommand.Fail(String.valueOf(end.getMessage())));
      return Behaviors.stopped();
    }
    context
        .getLog()
        .warn(
            "window {} of {} {} failed and is tried again: {}",
            task.window(),
            task.kind().key().name(),
            task.runId(),
            failure.toString());
    task.run().tell(new RunCommand.WindowFailed(task.window(), task.child(), plain(failure)));
    throw new WindowFailed(failure);
  }

  private static String plain(Throwable failure) {
    if (failure instanceof DbException database) {
      return database.plain();
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private static Throwable cause(@Nullable Throwable failure) {
    if (failure instanceof CompletionException e && e.getCause() != null) {
      return e.getCause();
    }
    return failure == null ? new IllegalStateException("the work gave no result") : failure;
  }

  /** Tells the supervisor that the window is to be tried again. */
  private static final class WindowFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WindowFailed(Throwable cause) {
      super(cause);
    }
  }

  /** Told once, by the worker's end; heard by work on other threads. */
  private static final class Cancellation {
    private final List<Runnable> listeners = new ArrayList<>();
    private volatile boolean cancelled;

    boolean cancelled() {
      return cancelled;
    }

    void onCancel(Runnable listener) {
      synchronized (listeners) {
        if (!cancelled) {
          listeners.add(listener);
          return;
        }
      }
      listener.run();
    }

    void cancel() {
      List<Runnable> told;
      synchronized (listeners) {
        cancelled = true;
        told = List.copyOf(listeners);
        listeners.clear();
      }
      told.forEach(Runnable::run);
    }
  }
}
