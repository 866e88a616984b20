package io.centralita.http;

import io.centralita.OpenApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.server.Route;

/** A route served on a free port. */
final class TestServer implements AutoCloseable {
  static final Json JSON = new Json(ForkJoinPool.commonPool());

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final ActorSystem<Void> system;
  final HttpServer server;

  private TestServer(ActorSystem<Void> system, HttpServer server) {
    this.system = system;
    this.server = server;
  }

  static TestServer serving(Route route) {
    return serving(ActorSystem.create(Behaviors.empty(), "test"), route);
  }

  static TestServer serving(ActorSystem<Void> system, Route route) {
    return serving(system, route, Duration.ofSeconds(20));
  }

  /** A server that soon gives up on a route which does not answer. */
  static TestServer impatient(Route route) {
    return serving(ActorSystem.create(Behaviors.empty(), "test"), route, Duration.ofMillis(300));
  }

  private static TestServer serving(
      ActorSystem<Void> system, Route route, Duration requestTimeout) {
    var errors = new Errors(List.of(Failures::known));
    var settings = new HttpServer.Settings(requestTimeout, Duration.ofSeconds(5));
    return new TestServer(
        system,
        HttpServer.bind(system, "127.0.0.1", 0, route, errors, settings)
            .toCompletableFuture()
            .join());
  }

  URI uri(String path) {
    return server.uri().resolve(path);
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> getLater(String path) {
    return HTTP.sendAsync(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return post(path, BodyPublishers.ofString(json), "Content-Type", "application/json");
  }

  HttpResponse<String> post(String path, BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(uri(path)).headers(headers).POST(body).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The detail of the problem, which must have this status. */
  static String detail(int status, HttpResponse<String> answer) {
    var problem = OpenApi.problem(answer);
    if (answer.statusCode() != status) {
      throw new AssertionError("expected " + status + ": " + answer.body());
    }
    return problem.path("detail").asText();
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }
}
