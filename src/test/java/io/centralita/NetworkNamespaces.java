package io.centralita;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A network namespace for each of three nodes, and a bridge between them, which can be cut. Needs
 * root and iproute2; the servers on loopback are reached through relays on the bridge.
 */
final class NetworkNamespaces implements ClusterFaults.Network, AutoCloseable {
  private static final String BRIDGE = "ctlita0";
  private static final String SERVERS = "10.213.7.1";
  private static final int NODES = 3;
  private static final Pattern LOOPBACK = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

  private final List<ServerSocket> relays = new ArrayList<>();

  NetworkNamespaces() {
    remove(); // of a run that was killed
    ip("link add " + BRIDGE + " type bridge");
    ip("addr add " + SERVERS + "/24 dev " + BRIDGE);
    ip("link set " + BRIDGE + " up");
    for (var node = 1; node <= NODES; node++) {
      ip("netns add " + name(node));
      ip("link add " + link(node) + " type veth peer name eth0 netns " + name(node));
      ip("link set " + link(node) + " master " + BRIDGE + " up");
      ip("-n " + name(node) + " addr add " + host(node) + "/24 dev eth0");
      ip("-n " + name(node) + " link set eth0 up");
      ip("-n " + name(node) + " link set lo up");
    }
  }

  @Override
  public String host(int node) {
    return "10.213.7.1" + node;
  }

  @Override
  public List<String> prefix(int node) {
    return List.of("ip", "netns", "exec", name(node));
  }

  @Override
  public String seen(String url) {
    return LOOPBACK
        .matcher(url)
        .replaceFirst(match -> SERVERS + ":" + relay(Integer.parseInt(match.group(1))));
  }

  /** The node and the others no longer reach each other; all reach the database. */
  void cutFromOthers(int node) {
    forEachPair(node, "add");
  }

  void reconnect(int node) {
    forEachPair(node, "del");
  }

  private void forEachPair(int node, String verb) {
    for (var other = 1; other <= NODES; other++) {
      if (other != node) {
        ip("-n " + name(node) + " route " + verb + " blackhole " + host(other) + "/32");
        ip("-n " + name(other) + " route " + verb + " blackhole " + host(node) + "/32");
      }
    }
  }

  /** The node reaches nobody any more, and nobody reaches it. */
  void unplug(int node) {
    ip("link set " + link(node) + " down");
  }

  void plugIn(int node) {
    ip("link set " + link(node) + " up");
  }

  /** Passes connections on to a server on loopback. */
  private int relay(int port) {
    try {
      var listening = new ServerSocket(0, 50, InetAddress.getByName(SERVERS));
      relays.add(listening);
      Thread.ofVirtual().start(() -> accept(listening, port));
      return listening.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void accept(ServerSocket listening, int port) {
    try {
      while (true) {
        var from = listening.accept();
        Thread.ofVirtual().start(() -> connect(from, port));
      }
    } catch (IOException _) {
      return; // closed: the end of the test
    }
  }

  private static void connect(Socket from, int port) {
    try (from;
        var to = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var back = Thread.ofVirtual().start(() -> pass(to, from));
      pass(from, to);
      back.join();
    } catch (IOException _) {
      return; // the server is away: so is the connection
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      return; // one side has gone, and now the other goes
    }
  }

  @Override
  public void close() throws IOException {
    for (var relay : relays) {
      relay.close();
    }
    remove();
  }

  private static void remove() {
    for (var node = 1; node <= NODES; node++) {
      run(List.of("ip", "netns", "del", name(node)));
      run(List.of("ip", "link", "del", link(node)));
    }
    run(List.of("ip", "link", "del", BRIDGE));
  }

  private static String name(int node) {
    return "centralita-test-" + node;
  }

  private static String link(int node) {
    return "ctlitan" + node;
  }

  private static void ip(String arguments) {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(Arrays.asList(arguments.split(" ", -1)));
    if (run(command) != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + " failed: this test needs root and iproute2");
    }
  }

  private static int run(List<String> command) {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
