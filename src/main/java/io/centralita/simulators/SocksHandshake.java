package io.centralita.simulators;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection up to its tunnel: the greeting and the CONNECT of RFC 1928, the log-in of
 * RFC 1929. Runs on the event loop.
 */
final class SocksHandshake {
  private static final byte VERSION = 5;
  private static final byte LOGIN_VERSION = 1;
  private static final byte NO_LOGIN = 0;
  private static final byte USER_PASSWORD = 2;
  private static final byte NO_METHOD = (byte) 0xff;
  private static final byte CONNECT = 1;

  private static final int SUCCEEDED = 0;
  private static final int GENERAL_FAILURE = 1;
  private static final int NOT_ALLOWED = 2;
  private static final int NETWORK_UNREACHABLE = 3;
  private static final int HOST_UNREACHABLE = 4;
  private static final int CONNECTION_REFUSED = 5;
  private static final int COMMAND_NOT_SUPPORTED = 7;
  private static final int ADDRESS_NOT_SUPPORTED = 8;

  private enum Stage {
    GREETING,
    LOGIN,
    REQUEST,
    DECIDED
  }

  private final SocksSimulator proxy;
  private final NetSocket client;
  private Stage stage = Stage.GREETING;
  private Buffer received = Buffer.buffer();
  private SocksUser user = SocksUser.of("");
  private boolean clientGone;

  SocksHandshake(SocksSimulator proxy, NetSocket client) {
    this.proxy = proxy;
    this.client = client;
  }

  void start() {
    client.closeHandler(_ -> clientGone = true);
    client.exceptionHandler(_ -> client.close()); // a client that resets has merely gone
    client.handler(
        bytes -> {
          received.appendBuffer(bytes);
          advance();
        });
  }

  /** Takes whole messages off {@code received}, as many as are there. */
  private void advance() {
    var before = -1;
    while (received.length() != before) {
      before = received.length();
      switch (stage) {
        case GREETING -> greeting();
        case LOGIN -> login();
        case REQUEST -> request();
        case DECIDED -> {} // what the client sends ahead waits for the tunnel
      }
    }
  }

  private void greeting() {
    if (!has(2) || !has(2 + octet(1))) {
      return;
    }
    var methods = received.getBytes(2, 2 + octet(1));
    var version = received.getByte(0);
    take(2 + methods.length);
    var wanted = proxy.needsLogin() ? USER_PASSWORD : NO_LOGIN;
    if (version != VERSION) {
      refuse(Buffer.buffer());
    } else if (!contains(methods, wanted)) {
      refuse(bytes(VERSION, NO_METHOD));
    } else {
      client.write(bytes(VERSION, wanted));
      stage = wanted == USER_PASSWORD ? Stage.LOGIN : Stage.REQUEST;
    }
  }

  private void login() {
    if (!has(2) || !has(3 + octet(1)) || !has(3 + octet(1) + octet(2 + octet(1)))) {
      return;
    }
    var nameEnd = 2 + octet(1);
    var passwordEnd = nameEnd + 1 + octet(nameEnd);
    var version = received.getByte(0);
    var name = received.getString(2, nameEnd, UTF_8.name());
    var password = received.getString(nameEnd + 1, passwordEnd, UTF_8.name());
    take(passwordEnd);
    user = SocksUser.of(name);
    if (version == LOGIN_VERSION && proxy.admits(user, name, password)) {
      client.write(bytes(LOGIN_VERSION, 0));
      stage = Stage.REQUEST;
    } else {
      refuse(bytes(LOGIN_VERSION, 1));
    }
  }

  private void request() {
    if (!has(5)) {
      return;
    }
    var type = octet(3);
    var hostLength =
        switch (type) {
          case 1 -> 4;
          case 3 -> 1 + octet(4);
          case 4 -> 16;
          default -> 0;
        };
    if (!has(4 + hostLength + 2)) {
      return;
    }
    var version = received.getByte(0);
    var command = received.getByte(1);
    var host = received.getBytes(4, 4 + hostLength);
    var port = received.getUnsignedShort(4 + hostLength);
    take(4 + hostLength + 2);
    stage = Stage.DECIDED;
    if (version != VERSION) {
      refuse(Buffer.buffer());
    } else if (command != CONNECT) {
      refuse(reply(COMMAND_NOT_SUPPORTED));
    } else if (hostLength == 0) {
      refuse(reply(ADDRESS_NOT_SUPPORTED));
    } else {
      var named = type == 3;
      var text = named ? new String(host, 1, host.length - 1, UTF_8) : address(host);
      client.pause();
      proxy.afterLatency(() -> connect(new SocksDestination(text, port, named)));
    }
  }

  private void connect(SocksDestination destination) {
    var fault = proxy.faultFor(destination);
    switch (fault) {
      case GENERAL_FAILURE -> refuse(reply(GENERAL_FAILURE));
      case NETWORK_UNREACHABLE -> refuse(reply(NETWORK_UNREACHABLE));
      case HOST_UNREACHABLE -> refuse(reply(HOST_UNREACHABLE));
      case CONNECTION_REFUSED -> refuse(reply(CONNECTION_REFUSED));
      case HANG -> client.resume(); // so that the client's going is noticed
      case DROP_AFTER_HANDSHAKE, DROP_MID_STREAM -> open(destination, fault);
      case null -> open(destination, null);
    }
  }

  private void open(SocksDestination destination, SocksFaults.@Nullable Kind fault) {
    var target = destination.resolve(proxy.names());
    if (target == null) {
      refuse(reply(NOT_ALLOWED));
      return;
    }
    proxy
        .connect(target)
        .onSuccess(server -> opened(server, fault))
        .onFailure(e -> refuse(reply(replyFor(e))));
  }

  private void opened(NetSocket server, SocksFaults.@Nullable Kind fault) {
    if (clientGone) {
      server.close();
      return;
    }
    var granted = client.write(reply(SUCCEEDED, proxy.exitFor(user), server.localAddress().port()));
    if (fault == SocksFaults.Kind.DROP_AFTER_HANDSHAKE) {
      granted.onComplete(_ -> client.close());
      server.close();
      return;
    }
    var limit = fault == SocksFaults.Kind.DROP_MID_STREAM ? proxy.dropAfterBytes() : Long.MAX_VALUE;
    new SocksTunnel(client, server, proxy.tally()).open(received, limit);
  }

  private void refuse(Buffer last) {
    stage = Stage.DECIDED;
    if (last.length() == 0) {
      client.close();
    } else {
      client.end(last);
    }
  }

  private boolean has(int length) {
    return received.length() >= length;
  }

  private int octet(int at) {
    return received.getUnsignedByte(at);
  }

  private void take(int length) {
    received = received.getBuffer(length, received.length());
  }

  private static int replyFor(Throwable failure) {
    return switch (failure) {
      case NoRouteToHostException _, UnknownHostException _ -> HOST_UNREACHABLE;
      case ConnectException _ -> CONNECTION_REFUSED;
      default -> GENERAL_FAILURE;
    };
  }

  private static Buffer reply(int code) {
    return reply(code, new byte[4], 0);
  }

  private static Buffer reply(int code, byte[] boundAddress, int boundPort) {
    return bytes(VERSION, code, 0, 1).appendBytes(boundAddress).appendUnsignedShort(boundPort);
  }

  private static Buffer bytes(int... octets) {
    var buffer = Buffer.buffer(octets.length + 6);
    for (var octet : octets) {
      buffer.appendByte((byte) octet);
    }
    return buffer;
  }

  private static boolean contains(byte[] methods, byte wanted) {
    for (var method : methods) {
      if (method == wanted) {
        return true;
      }
    }
    return false;
  }

  private static String address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 octets", e);
    }
  }
}
