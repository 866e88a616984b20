package io.centralita;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that a test starts in a process of their own, or starts again on the port that
 * they had.
 *
 * <p>Below 32,768, where the system takes no port for an outgoing connection or for a server that
 * asks for any: a port from there may be another's by the time that it is listened on. No port is
 * given twice.
 */
final class TestPorts {

  private static final int FIRST = 12_000;
  private static final int COUNT = 20_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private TestPorts() {}

  /** A port of the loopback address on which nothing listens. */
  static int free() {
    for (var tries = 0; tries < COUNT; tries++) {
      var port = FIRST + NEXT.getAndIncrement() % COUNT;
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("every port from " + FIRST + " on is taken");
  }

  private static boolean isFree(int port) {
    try {
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
