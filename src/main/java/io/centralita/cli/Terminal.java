package io.centralita.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;

/**
 * Where a command prints.
 *
 * @param interactive whether a person sees it as it is printed: a line may then be rewritten
 * @param width characters of a line
 * @param unicode whether more than ASCII can be shown
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive, int width, boolean unicode) {
  private static final int USUAL_WIDTH = 80;

  /** This process's own. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is no terminal
  static Terminal system() {
    var console = System.console();
    var interactive = console != null && console.isTerminal();
    return new Terminal(
        System.out,
        System.err,
        interactive,
        interactive ? columns() : USUAL_WIDTH,
        System.out.charset().equals(StandardCharsets.UTF_8));
  }

  /** Java cannot ask how wide the terminal is; stty can. */
  private static int columns() {
    try {
      var stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (var answer = new Scanner(stty.getInputStream(), StandardCharsets.US_ASCII)) {
        if (answer.hasNextInt() && answer.nextInt() >= 0 && answer.hasNextInt()) {
          var columns = answer.nextInt();
          return columns >= 20 ? columns : USUAL_WIDTH;
        }
      } finally {
        var _ = stty.waitFor(1, TimeUnit.SECONDS);
      }
    } catch (IOException _) {
      return USUAL_WIDTH; // there is no stty here
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return USUAL_WIDTH;
  }
}
