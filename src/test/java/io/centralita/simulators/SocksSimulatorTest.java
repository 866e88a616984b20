package io.centralita.simulators;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SocksSimulatorTest {
  private static final String PASSWORD = "invented";
  private static final String SESSION = "user-acme-region-es-sessid-a1-sesstime-10";
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final EchoServer echo = new EchoServer(LOOPBACK);
  private final SocksSimulator proxy =
      SocksSimulator.start(
          SocksSimulator.Options.loopback("acme", PASSWORD)
              .withNames(
                  Map.of("portal.test", "127.0.0.1", "moved.test", "127.0.0.1:" + echo.port())),
          now::get);

  SocksSimulatorTest() throws IOException {}

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void connect_toAnAddress_carriesBothWays() throws Exception {
    try (var client = loggedIn(SESSION)) {
      var reply = client.connect(LOOPBACK, echo.port());

      assertArrayEquals(new byte[] {5, 0, 0, 1}, Arrays.copyOf(reply, 4));
      client.send("hola".getBytes(UTF_8));
      assertEquals("hola", new String(client.read(4), UTF_8));
      var stats = proxy.stats();
      assertEquals(1, stats.active());
      assertEquals(Map.of(SESSION, 1), stats.connectionsByUser());
      assertEquals(4, stats.bytesUp());
      assertEquals(4, stats.bytesDown());
      assertEquals(1, stats.byAddress());
      assertEquals(0, stats.byName());
    }
  }

  @Test
  void connect_toANameOfTheProxy_isResolvedThere() throws Exception {
    try (var client = loggedIn(SESSION);
        var other = loggedIn(SESSION)) {
      assertEquals(0, client.connect("Portal.test", echo.port())[1]);
      assertEquals(0, other.connect("moved.test", 443)[1]);

      other.send("hola".getBytes(UTF_8));
      assertEquals("hola", new String(other.read(4), UTF_8));
      assertEquals(2, proxy.stats().byName());
      assertEquals(0, proxy.stats().byAddress());
    }
  }

  @Test
  void connect_toIpv6Loopback_works() throws Exception {
    var loopback = InetAddress.ofLiteral("::1");
    try (var server = new EchoServer(loopback);
        var client = loggedIn(SESSION)) {
      assertEquals(0, client.connect(loopback, server.port())[1]);
      client.send("hola".getBytes(UTF_8));
      assertEquals("hola", new String(client.read(4), UTF_8));
    }
  }

  @Test
  void connect_awayFromLoopback_isNotAllowed() throws Exception {
    try (var address = loggedIn(SESSION);
        var address6 = loggedIn(SESSION);
        var name = loggedIn(SESSION)) {
      assertEquals(2, address.connect(InetAddress.ofLiteral("192.0.2.1"), 80)[1]);
      assertEquals(2, address6.connect(InetAddress.ofLiteral("2001:db8::1"), 80)[1]);
      assertEquals(2, name.connect("elsewhere.test", 80)[1]);
      assertEquals(0, name.readAll().length);
    }
  }

  @Test
  void connect_whereNobodyListens_isRefused() throws Exception {
    var closed = new EchoServer(LOOPBACK);
    closed.close();

    try (var client = loggedIn(SESSION)) {
      assertArrayEquals(
          new byte[] {5, 5, 0, 1, 0, 0, 0, 0, 0, 0}, client.connect(LOOPBACK, closed.port()));
      assertEquals(0, client.readAll().length);
    }
  }

  @Test
  void request_thatIsNoConnect_isNotSupported() throws Exception {
    try (var bind = loggedIn(SESSION);
        var type = loggedIn(SESSION)) {
      bind.send(SocksClient.request(2, 1, LOOPBACK.getAddress(), 80));
      assertEquals(7, bind.read(10)[1]);
      type.send(SocksClient.request(1, 9, new byte[0], 80));
      assertEquals(8, type.read(10)[1]);
    }
  }

  @Test
  void greeting_withoutPasswordMethod_hasNoAcceptableMethod() throws Exception {
    try (var client = new SocksClient(proxy)) {
      assertArrayEquals(new byte[] {5, (byte) 0xff}, client.greet(0, 1));
      assertEquals(0, client.readAll().length);
    }
  }

  @Test
  void greeting_ofAnotherVersion_endsTheConnection() throws Exception {
    try (var client = new SocksClient(proxy)) {
      client.send(new byte[] {4, 1, 0});

      assertEquals(0, client.readAll().length);
    }
  }

  @Test
  void login_withWrongCredentials_isStatus1AndTheEnd() throws Exception {
    for (var user : new String[] {SESSION, "user-stranger", "user-acme-sessid-a-sesstime-121"}) {
      try (var client = new SocksClient(proxy)) {
        var password = user.equals(SESSION) ? "wrong" : PASSWORD;
        assertArrayEquals(new byte[] {1, 1}, client.logIn(user, password), user);
        assertEquals(0, client.readAll().length);
      }
    }
    assertEquals(3, proxy.stats().refusedLogins());
    assertEquals(Map.of(), proxy.stats().connectionsByUser());
  }

  @Test
  void login_withPlainNames_isAccepted() throws Exception {
    for (var user : new String[] {"acme", "user-acme", "user-acme-region-es"}) {
      try (var client = new SocksClient(proxy)) {
        assertArrayEquals(new byte[] {1, 0}, client.logIn(user, PASSWORD), user);
      }
    }
  }

  @Test
  void login_onProxyWithoutAccounts_isNotAsked() throws Exception {
    var open = SocksSimulator.Options.loopback("", "");
    open = new SocksSimulator.Options(open.host(), 0, Map.of(), open.faults(), Map.of());
    try (var free = SocksSimulator.start(open);
        var client = new SocksClient(free)) {
      assertArrayEquals(new byte[] {5, 0}, client.greet(0, 2));
      assertEquals(0, client.connect(LOOPBACK, echo.port())[1]);
    }
  }

  @Test
  void messages_inSinglePieces_areUnderstood() throws Exception {
    try (var client = new SocksClient(proxy)) {
      client.greet(2);
      for (var octet : SocksClient.login(SESSION, PASSWORD)) {
        client.send(new byte[] {octet});
      }
      assertArrayEquals(new byte[] {1, 0}, client.read(2));
      var name = SocksClient.named("portal.test");
      for (var octet : SocksClient.request(1, 3, name, echo.port())) {
        client.send(new byte[] {octet});
      }
      assertEquals(0, client.read(10)[1]);
    }
  }

  @Test
  void messages_allAtOnce_areUnderstood() throws Exception {
    try (var client = new SocksClient(proxy)) {
      var all = new ByteArrayOutputStream();
      all.writeBytes(new byte[] {5, 1, 2});
      all.writeBytes(SocksClient.login(SESSION, PASSWORD));
      all.writeBytes(SocksClient.request(1, 1, LOOPBACK.getAddress(), echo.port()));
      all.writeBytes("ahead".getBytes(UTF_8));

      client.send(all.toByteArray());

      assertEquals(14, client.read(14).length);
      assertEquals("ahead", new String(client.read(5), UTF_8));
    }
  }

  @Test
  void exit_ofASession_staysUntilItsTimeHasPassed() throws Exception {
    var first = exit(SESSION);
    assertTrue(first.startsWith("203.0.113."), first);
    var other = exit(SESSION.replace("a1", "b2"));
    now.set(now.get().plus(Duration.ofMinutes(10)).minusMillis(1));
    var stillFirst = exit(SESSION);

    now.set(now.get().plusMillis(1));

    assertEquals(first, stillFirst);
    assertNotEquals(first, other);
    assertNotEquals(first, exit(SESSION));
  }

  @Test
  void exit_withoutASession_changesWithEachConnection() throws Exception {
    assertNotEquals(exit("user-acme-region-es"), exit("user-acme-region-es"));
  }

  @Test
  void refusedLogin_always_isStatus1() throws Exception {
    proxy.faults(SocksFaults.NONE.withRefusedLogins(1));

    try (var client = new SocksClient(proxy)) {
      assertArrayEquals(new byte[] {1, 1}, client.logIn(SESSION, PASSWORD));
    }
  }

  @Test
  void replies_ofFailure_carryTheirCodes() throws Exception {
    var codes =
        Map.of(
            SocksFaults.Kind.GENERAL_FAILURE, 1,
            SocksFaults.Kind.NETWORK_UNREACHABLE, 3,
            SocksFaults.Kind.HOST_UNREACHABLE, 4,
            SocksFaults.Kind.CONNECTION_REFUSED, 5);
    for (var code : codes.entrySet()) {
      proxy.faults(SocksFaults.NONE.with(code.getKey(), 1));
      try (var client = loggedIn(SESSION)) {
        assertEquals((int) code.getValue(), client.connect(LOOPBACK, echo.port())[1]);
        assertEquals(0, client.readAll().length);
      }
    }
    assertEquals(codes.keySet(), proxy.stats().faults().keySet());
  }

  @Test
  void dropAfterHandshake_always_endsASucceededConnect() throws Exception {
    proxy.faults(SocksFaults.NONE.with(SocksFaults.Kind.DROP_AFTER_HANDSHAKE, 1));

    try (var client = loggedIn(SESSION)) {
      assertEquals(0, client.connect(LOOPBACK, echo.port())[1]);
      assertEquals(0, client.readAll().length);
    }
  }

  @Test
  void dropMidStream_always_endsAfterSoManyBytesOfTheAnswer() throws Exception {
    proxy.faults(SocksFaults.NONE.with(SocksFaults.Kind.DROP_MID_STREAM, 1).withDropAfterBytes(10));

    try (var client = loggedIn(SESSION)) {
      client.connect(LOOPBACK, echo.port());
      client.send("0123456789abcdef".getBytes(UTF_8));

      assertEquals("0123456789", new String(client.readAll(), UTF_8));
    }
    await(stats -> stats.active() == 0);
    assertEquals(10, proxy.stats().bytesDown());
  }

  @Test
  void hang_always_neverAnswersTheConnect() throws Exception {
    proxy.faults(SocksFaults.NONE.with(SocksFaults.Kind.HANG, 1));

    try (var client = loggedIn(SESSION)) {
      client.timeout(200);
      assertThrows(SocketTimeoutException.class, () -> client.connect(LOOPBACK, echo.port()));
    }
  }

  @Test
  void latency_set_delaysTheConnect() throws Exception {
    proxy.faults(SocksFaults.NONE.withLatency(150, 150));

    try (var client = loggedIn(SESSION)) {
      var before = System.nanoTime();
      assertEquals(0, client.connect(LOOPBACK, echo.port())[1]);
      assertTrue(System.nanoTime() - before >= 140_000_000);
    }
  }

  @Test
  void tunnel_muchDataToAServerThatDoesNotRead_isHeldBackAndThenArrivesWhole() throws Exception {
    var sent = new byte[32 << 20];
    new Random(1).nextBytes(sent);
    try (var server = new ServerSocket();
        var client = loggedIn(SESSION)) {
      server.setReceiveBufferSize(1 << 16);
      server.bind(new InetSocketAddress(LOOPBACK, 0));
      client.connect(LOOPBACK, server.getLocalPort());
      try (var accepted = server.accept()) {
        var sending = CompletableFuture.runAsync(() -> sendAll(client, sent));
        var held = settledBytesUp();
        assertTrue(held < sent.length / 2, () -> held + " bytes were taken in unread");

        assertArrayEquals(sent, accepted.getInputStream().readNBytes(sent.length));
        sending.join();
      }
    }
    await(stats -> stats.active() == 0);
    assertEquals(sent.length, proxy.stats().bytesUp());
  }

  @Test
  void tunnel_endedByTheServer_deliversTheRestAndEnds() throws Exception {
    var page = new byte[4 << 20];
    new Random(2).nextBytes(page);
    try (var server = new ServerSocket(0, 1, LOOPBACK);
        var client = loggedIn(SESSION)) {
      client.connect(LOOPBACK, server.getLocalPort());
      try (var accepted = server.accept()) {
        var writing = CompletableFuture.runAsync(() -> sendAllAndClose(accepted, page));
        assertArrayEquals(page, client.readAll());
        writing.join();
      }
    }
    await(stats -> stats.active() == 0);
  }

  @Test
  void tunnel_endedByTheClient_endsAtTheServerToo() throws Exception {
    try (var server = new ServerSocket(0, 1, LOOPBACK)) {
      var client = loggedIn(SESSION);
      client.connect(LOOPBACK, server.getLocalPort());
      try (var accepted = server.accept()) {
        accepted.setSoTimeout(10_000);
        client.close();

        assertEquals(-1, accepted.getInputStream().read());
      }
    }
    await(stats -> stats.active() == 0);
  }

  private static void sendAll(SocksClient client, byte[] bytes) {
    try {
      client.send(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sendAllAndClose(Socket socket, byte[] bytes) {
    try (socket) {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SocksClient loggedIn(String user) throws IOException {
    var client = new SocksClient(proxy);
    assertArrayEquals(new byte[] {1, 0}, client.logIn(user, PASSWORD));
    return client;
  }

  private String exit(String user) throws IOException {
    try (var client = loggedIn(user)) {
      return SocksClient.exit(client.connect(LOOPBACK, echo.port()));
    }
  }

  /** Waits until no more bytes were taken in for a while. */
  private long settledBytesUp() {
    var last = -1L;
    var since = System.nanoTime();
    while (last <= 0 || System.nanoTime() - since < 300_000_000L) {
      var taken = proxy.stats().bytesUp();
      if (taken != last) {
        last = taken;
        since = System.nanoTime();
      }
      Thread.onSpinWait();
    }
    return last;
  }

  private void await(Predicate<SocksSimulator.Stats> condition) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          while (!condition.test(proxy.stats())) {
            Thread.onSpinWait();
          }
        });
  }
}
