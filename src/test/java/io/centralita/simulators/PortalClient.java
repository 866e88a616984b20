package io.centralita.simulators;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A browser as far as the portal is concerned: it keeps cookies and follows no redirect. */
final class PortalClient implements AutoCloseable {
  private final HttpClient http;
  private final URI base;

  PortalClient(PortalSimulator portal) {
    this(portal, HttpClient.newBuilder());
  }

  PortalClient(PortalSimulator portal, HttpClient.Builder builder) {
    this.http = builder.cookieHandler(new CookieManager()).build();
    this.base = portal.webUrl();
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    var request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    return http.send(request(path).method(method, publisher).build(), BodyHandlers.ofString());
  }

  /** The home page, then the log-in. */
  HttpResponse<String> logIn() throws IOException, InterruptedException {
    get("/");
    return send("POST", "/v2/login/online", "");
  }

  HttpResponse<String> lookUp(int number) throws IOException, InterruptedException {
    return get("/v2/operators/by-line-code/" + number);
  }

  HttpResponse<byte[]> bytes(String path, String... headers)
      throws IOException, InterruptedException {
    return http.send(request(path).headers(headers).build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<String> lookUp(int number, Duration timeout)
      throws IOException, InterruptedException {
    var request = request("/v2/operators/by-line-code/" + number).timeout(timeout);
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(20));
  }
}
