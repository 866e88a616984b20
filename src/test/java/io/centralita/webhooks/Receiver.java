package io.centralita.webhooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A real HTTP server that is told webhooks, and answers as a test wants. */
final class Receiver implements AutoCloseable {

  /** What came. */
  record Told(String id, long timestamp, String signature, String contentType, String body) {

    /** Whether it was signed with this secret: worked out by the specification's words. */
    boolean isSignedWith(String secret) {
      try {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(
            new SecretKeySpec(Base64.getDecoder().decode(secret.split("_", 2)[1]), "HmacSHA256"));
        mac.update(id.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) '.');
        mac.update(Long.toString(timestamp).getBytes(StandardCharsets.UTF_8));
        mac.update((byte) '.');
        mac.update(body.getBytes(StandardCharsets.UTF_8));
        var expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal());
        return Arrays.asList(signature.split(" ")).contains(expected);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private record Answer(int status, Map<String, String> headers) {}

  private final HttpServer server;
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private final List<Told> told = new ArrayList<>();

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks?a=b";
  }

  /** What the next call is answered; 204 when there is nothing left. */
  synchronized Receiver answering(int status, Map<String, String> headers) {
    answers.add(new Answer(status, headers));
    return this;
  }

  Receiver answering(int status) {
    return answering(status, Map.of());
  }

  synchronized List<Told> told() {
    return List.copyOf(told);
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      told.add(
          new Told(
              String.valueOf(headers.getFirst("webhook-id")),
              Long.parseLong(String.valueOf(headers.getFirst("webhook-timestamp"))),
              String.valueOf(headers.getFirst("webhook-signature")),
              String.valueOf(headers.getFirst("Content-Type")),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      var answer = answers.isEmpty() ? new Answer(204, Map.of()) : answers.remove();
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
