package io.centralita;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of the API that holds every answer against its description.
 *
 * @param key sent as {@code X-API-Key}; null for none
 */
public record ApiClient(URI server, @Nullable String key) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public ApiClient withKey(@Nullable String other) {
    return new ApiClient(server, other);
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

  /** Any request; headers as names and values in turn. */
  public HttpResponse<String> send(
      String method, String path, @Nullable String body, String... headers) {
    var uri = server.resolve(path);
    var all = new ArrayList<>(List.of(headers));
    if (key != null) {
      all.addAll(List.of("X-API-Key", key));
    }
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!all.isEmpty()) {
      request.headers(all.toArray(String[]::new));
    }
    try {
      var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      OpenApi.check(method, uri, all, body, answer);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
