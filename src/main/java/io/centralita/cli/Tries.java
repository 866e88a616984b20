package io.centralita.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;

/** Something that is sent to a node, again where the connection breaks or the node is busy. */
final class Tries {
  private static final int MOST = 6;

  /** One try. */
  interface Try<T> {
    T send() throws IOException;
  }

  private final Shell shell;
  private final Api api;

  Tries(Shell shell, Api api) {
    this.shell = shell;
    this.api = api;
  }

  /**
   * What the first try gives that succeeds.
   *
   * @param attempt sends one Idempotency-Key with each: one whose answer was lost is not done twice
   */
  <T> T until(Try<T> attempt) {
    for (var tried = 1; ; tried++) {
      try {
        return attempt.send();
      } catch (ConnectException e) {
        throw NodeOptions.silent(api.node(), e);
      } catch (Refusal refusal) {
        if (!refusal.isPassing() || tried == MOST) {
          throw refusal;
        }
        shell.say(refusal.sentence() + "; trying again");
      } catch (IOException e) {
        if (tried == MOST) {
          throw new CommandFailure("the file could not be sent to " + api.node(), e);
        }
        shell.say("the connection broke; sending it again");
      }
      pause(Duration.ofSeconds(tried));
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }
}
