package io.centralita.simulators;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A residential SOCKS5 proxy (RFC 1928 CONNECT, RFC 1929 log-in) that leads to loopback only. User
 * names carry a session, as in {@code user-{id}-region-es-sessid-{session}-sesstime-10}; each
 * session keeps a pretended exit address, which the proxy tells as the bound address of its reply.
 */
public final class SocksSimulator implements AutoCloseable {

  /**
   * Where the proxy listens, whom it serves and how it behaves at first.
   *
   * @param port 0 takes any that is free
   * @param accounts id to password; empty asks nobody to log in
   * @param names host names in lower case that this proxy alone can resolve, to {@code host} or
   *     {@code host:port}; only they may lead away from loopback
   */
  public record Options(
      String host,
      int port,
      Map<String, String> accounts,
      SocksFaults faults,
      Map<String, String> names) {

    public Options {
      accounts = Map.copyOf(accounts);
      names = Map.copyOf(names);
    }

    /** Any loopback port, one account, no names, in good health. */
    public static Options loopback(String id, String password) {
      return new Options("127.0.0.1", 0, Map.of(id, password), SocksFaults.NONE, Map.of());
    }

    /** The same with these faults at first. */
    public Options withFaults(SocksFaults first) {
      return new Options(host, port, accounts, first, names);
    }

    /** The same with these names. */
    public Options withNames(Map<String, String> known) {
      return new Options(host, port, accounts, faults, known);
    }

    /** Without the passwords. */
    @Override
    public String toString() {
      return "Options[%s:%d, %d accounts, %s, %s]"
          .formatted(host, port, accounts.size(), faults, names);
    }
  }

  /**
   * What the proxy did since the start or the last reset.
   *
   * @param connectionsByUser accepted log-ins of each whole user name, session and all
   * @param byName CONNECTs that left the resolution of a name to the proxy
   * @param byAddress CONNECTs that carried an address
   * @param bytesUp carried from clients to servers
   * @param bytesDown carried from servers to clients
   * @param active tunnels open now
   */
  public record Stats(
      Map<String, Integer> connectionsByUser,
      long refusedLogins,
      long byName,
      long byAddress,
      long bytesUp,
      long bytesDown,
      int active,
      Map<SocksFaults.Kind, Long> faults) {}

  /** The settings, with the draws that begin anew when they change. */
  private record Mood(SocksFaults faults, Dice<SocksFaults.Kind> dice) {
    static Mood of(SocksFaults faults) {
      return new Mood(
          faults,
          new Dice<>(faults.shares(), faults.latencyMinMs(), faults.latencyMaxMs(), faults.seed()));
    }
  }

  private final Vertx vertx = EventLoop.create();
  private final SocksTally tally = new SocksTally();
  private final Options options;
  private final SocksExits exits;
  private final NetClient out;
  private final NetServer server;
  private volatile Mood mood;

  private SocksSimulator(Options options, InstantSource clock) {
    this.options = options;
    this.exits = new SocksExits(clock);
    this.mood = Mood.of(options.faults());
    this.out = vertx.createNetClient(new NetClientOptions().setConnectTimeout(5_000));
    var listening =
        vertx
            .createNetServer(new NetServerOptions().setHost(options.host()).setPort(options.port()))
            .connectHandler(this::serve)
            .listen();
    var address = options.host() + ":" + options.port();
    this.server = EventLoop.started(vertx, listening, "the SOCKS simulator at " + address);
  }

  /** Starts a proxy and returns once it listens; an IllegalStateException says why it cannot. */
  public static SocksSimulator start(Options options) {
    return start(options, InstantSource.system());
  }

  static SocksSimulator start(Options options, InstantSource clock) {
    return new SocksSimulator(options, clock);
  }

  /** The address that the proxy listens on. */
  public String host() {
    return options.host();
  }

  /** The port that the proxy listens on. */
  public int port() {
    return server.actualPort();
  }

  /** Behaves so from the next connection on; the draws begin anew. */
  public void faults(SocksFaults faults) {
    mood = Mood.of(faults);
  }

  /** How the proxy behaves now. */
  public SocksFaults faults() {
    return mood.faults();
  }

  /** The counts so far. */
  public Stats stats() {
    return tally.stats();
  }

  /** Sets all counts to zero but that of the open tunnels. */
  public void resetStats() {
    tally.reset();
  }

  /** Stops listening and cuts all connections. */
  @Override
  public void close() {
    EventLoop.await(vertx.close());
  }

  boolean needsLogin() {
    return !options.accounts().isEmpty();
  }

  boolean admits(SocksUser user, String userName, String password) {
    var admitted =
        password.equals(options.accounts().get(user.id()))
            && user.isAllowed()
            && !mood.dice().hits(mood.faults().refusedLoginShare());
    if (admitted) {
      tally.loggedIn(userName);
    } else {
      tally.loginRefused();
    }
    return admitted;
  }

  SocksFaults.@Nullable Kind faultFor(SocksDestination destination) {
    tally.connect(destination.named());
    var fault = mood.dice().next();
    if (fault != null) {
      tally.fault(fault);
    }
    return fault;
  }

  void afterLatency(Runnable next) {
    var delay = mood.dice().latencyMs();
    if (delay == 0) {
      next.run();
    } else {
      vertx.setTimer(delay, _ -> next.run());
    }
  }

  Map<String, String> names() {
    return options.names();
  }

  Future<NetSocket> connect(HostAndPort target) {
    return out.connect(SocketAddress.inetSocketAddress(target.port(), target.host()));
  }

  /** The exit address, as four octets. */
  byte[] exitFor(SocksUser user) {
    return new byte[] {(byte) 203, 0, 113, (byte) exits.lastByteFor(user)};
  }

  long dropAfterBytes() {
    return mood.faults().dropAfterBytes();
  }

  SocksTally tally() {
    return tally;
  }

  private void serve(NetSocket client) {
    new SocksHandshake(this, client).start();
  }
}
