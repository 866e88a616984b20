package io.centralita.simulators;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** Speaks SOCKS5 by hand over a plain socket, one message at a time. */
final class SocksClient implements AutoCloseable {
  private final Socket socket = new Socket();

  SocksClient(SocksSimulator proxy) throws IOException {
    socket.connect(new InetSocketAddress(proxy.host(), proxy.port()), 5_000);
    socket.setSoTimeout(10_000);
  }

  /** The two octets that answer a greeting with these methods. */
  byte[] greet(int... methods) throws IOException {
    var message = new ByteArrayOutputStream();
    message.write(5);
    message.write(methods.length);
    for (var method : methods) {
      message.write(method);
    }
    send(message.toByteArray());
    return read(2);
  }

  /** The two octets that answer a log-in. */
  byte[] logIn(String user, String password) throws IOException {
    greet(2);
    send(login(user, password));
    return read(2);
  }

  /** The ten octets that answer a CONNECT to a name. */
  byte[] connect(String name, int port) throws IOException {
    send(request(1, 3, named(name), port));
    return read(10);
  }

  /** The ten octets that answer a CONNECT to an address. */
  byte[] connect(InetAddress address, int port) throws IOException {
    var octets = address.getAddress();
    send(request(1, octets.length == 4 ? 1 : 4, octets, port));
    return read(10);
  }

  static byte[] login(String user, String password) {
    var message = new ByteArrayOutputStream();
    message.write(1);
    message.writeBytes(named(user));
    message.writeBytes(named(password));
    return message.toByteArray();
  }

  static byte[] request(int command, int addressType, byte[] address, int port) {
    var message = new ByteArrayOutputStream();
    message.writeBytes(new byte[] {5, (byte) command, 0, (byte) addressType});
    message.writeBytes(address);
    message.write(port >> 8);
    message.write(port);
    return message.toByteArray();
  }

  /** A text with its length before it. */
  static byte[] named(String text) {
    var bytes = text.getBytes(UTF_8);
    var message = new ByteArrayOutputStream();
    message.write(bytes.length);
    message.writeBytes(bytes);
    return message.toByteArray();
  }

  void send(byte[] message) throws IOException {
    socket.getOutputStream().write(message);
  }

  /** Up to so many octets; fewer where the connection ends before. */
  byte[] read(int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
  }

  /** All that comes until the proxy closes the connection. */
  byte[] readAll() throws IOException {
    return socket.getInputStream().readAllBytes();
  }

  void timeout(int ms) throws IOException {
    socket.setSoTimeout(ms);
  }

  /** The bound address of a reply, as text. */
  static String exit(byte[] reply) throws IOException {
    return InetAddress.getByAddress(Arrays.copyOfRange(reply, 4, 8)).getHostAddress();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
