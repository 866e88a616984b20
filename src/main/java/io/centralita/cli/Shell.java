package io.centralita.cli;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * What every command has at hand.
 *
 * @param environment the variables
 * @param atFirstSignal has its argument run when the process is first told to stop
 */
record Shell(
    Terminal terminal,
    Map<String, String> environment,
    NodeStarter nodes,
    Consumer<Runnable> atFirstSignal) {

  /** Prints a line. */
  void say(String line) {
    terminal.out().println(line);
    terminal.out().flush();
  }

  /** Waits until the process is told to stop. */
  void awaitSignal() {
    var told = new CountDownLatch(1);
    atFirstSignal.accept(told::countDown);
    try {
      told.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
