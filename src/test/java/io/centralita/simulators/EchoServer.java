package io.centralita.simulators;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** Sends every connection's bytes back to it, and ends it where the client does. */
final class EchoServer implements AutoCloseable {
  private final ServerSocket listening;

  EchoServer(InetAddress address) throws IOException {
    listening = new ServerSocket(0, 50, address);
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  private void accept() {
    try {
      while (true) {
        var socket = listening.accept();
        Thread.ofVirtual().start(() -> echo(socket));
      }
    } catch (SocketException _) {
      // closed: the test is over
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (SocketException _) {
      // reset by the other side, as some tests want it
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
