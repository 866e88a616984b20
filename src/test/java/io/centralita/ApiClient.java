package io.centralita;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A client of the API that holds every answer against its description.
 *
 * @param key sent as {@code X-API-Key}; null for none
 */
public record ApiClient(URI server, @Nullable String key, HttpClient http) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public ApiClient(URI server, @Nullable String key) {
    this(server, key, HTTP);
  }

  public ApiClient withKey(@Nullable String other) {
    return new ApiClient(server, other, http);
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  public HttpResponse<String> delete(String path, String... headers) {
    return send("DELETE", path, null, headers);
  }

  /** POSTs JSON. */
  public HttpResponse<String> post(String path, String json, String... headers) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "application/json"));
    return send("POST", path, json, all.toArray(String[]::new));
  }

  /** PATCHes JSON. */
  public HttpResponse<String> patch(String path, String json) {
    return send("PATCH", path, json, "Content-Type", "application/json");
  }

  /** POSTs a file as it is. */
  public HttpResponse<String> upload(
      String path, String contentType, byte[] file, String... headers) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", contentType));
    return send(
        "POST",
        path,
        new String(file, StandardCharsets.ISO_8859_1),
        HttpRequest.BodyPublishers.ofByteArray(file),
        all.toArray(String[]::new));
  }

  /** Any request; headers as names and values in turn. */
  public HttpResponse<String> send(
      String method, String path, @Nullable String body, String... headers) {
    var publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return send(method, path, body, publisher, headers);
  }

  /** Any request, its answer as the bytes that came; not held against the description. */
  public HttpResponse<byte[]> bytes(String path, String... headers) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("X-API-Key", String.valueOf(key)));
    var request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .headers(all.toArray(String[]::new))
            .build();
    return sent(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<String> send(
      String method,
      String path,
      @Nullable String body,
      HttpRequest.BodyPublisher publisher,
      String... headers) {
    var uri = server.resolve(path);
    var all = new ArrayList<>(List.of(headers));
    if (key != null) {
      all.addAll(List.of("X-API-Key", key));
    }
    var request =
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).method(method, publisher);
    if (!all.isEmpty()) {
      request.headers(all.toArray(String[]::new));
    }
    var answer = sent(request.build(), HttpResponse.BodyHandlers.ofString());
    OpenApi.check(method, uri, all, body, answer);
    return answer;
  }

  private <T> HttpResponse<T> sent(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.sendAsync(request, handler).get(40, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("no answer", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("the answer has no end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
