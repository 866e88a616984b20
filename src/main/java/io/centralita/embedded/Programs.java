package io.centralita.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the embedded servers' own programs. */
final class Programs {
  private Programs() {}

  /**
   * Runs a program to its end.
   *
   * @throws IllegalStateException with the program's last lines, where it fails or takes too long
   */
  static void run(List<String> command, Path log, Duration limit) {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            name(command) + " took longer than " + limit.toSeconds() + " s\n" + tail(log));
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            name(command) + " failed with status " + process.exitValue() + "\n" + tail(log));
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot run " + name(command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name(command) + " ran", e);
    }
  }

  /** The last lines of a log, for an error message. */
  static String tail(Path log) {
    try {
      var lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    } catch (IOException e) {
      return "(its log cannot be read: " + e + ")";
    }
  }

  /** A port of the loopback address that is free now. */
  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port on the loopback address", e);
    }
  }

  /**
   * The command as it can be run here. PostgreSQL refuses to run as root; in a user namespace of
   * its own it is nobody, while its files stay root's outside.
   */
  static List<String> unprivileged(List<String> command) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return command;
    }
    if (!mayMakeUserNamespaces()) {
      throw new IllegalStateException(
          "the embedded PostgreSQL does not run as root, and this system permits no user namespace:"
              + " start as another user, or set CENTRALITA_DB_URL to a server of yours");
    }
    var wrapped = new ArrayList<>(List.of("unshare", "-U", "--"));
    wrapped.addAll(command);
    return wrapped;
  }

  private static boolean mayMakeUserNamespaces() {
    try {
      var tried =
          new ProcessBuilder("unshare", "-U", "--", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return tried.waitFor(10, TimeUnit.SECONDS) && tried.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String name(List<String> command) {
    return command.stream()
        .filter(part -> part.startsWith("/"))
        .findFirst()
        .map(part -> String.valueOf(Path.of(part).getFileName()))
        .orElse(command.getFirst());
  }
}
