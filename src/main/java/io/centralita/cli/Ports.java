package io.centralita.cli;

import java.net.BindException;
import java.util.function.Supplier;

/** What commands listen on, by their option {@code --port}. */
final class Ports {
  private static final int HIGHEST = 65_535;

  private Ports() {}

  /** The port, if it is one. */
  static int checked(int port) {
    if (port < 0 || port > HIGHEST) {
      throw new Misuse("--port: expected 0 to 65535, where 0 is any free one");
    }
    return port;
  }

  /** What listens on the port, if that is free. */
  static <T> T listening(int port, Supplier<T> start) {
    var wanted = checked(port);
    try {
      return start.get();
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof BindException) {
        throw new CommandFailure(
            "port " + wanted + " is taken: stop what uses it, or choose another with --port", e);
      }
      throw e;
    }
  }
}
