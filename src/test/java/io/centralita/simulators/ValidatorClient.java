package io.centralita.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Platform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Asks the validators over HTTP, with a token. */
final class ValidatorClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final ValidatorSimulator validators;

  ValidatorClient(ValidatorSimulator validators) {
    this.validators = validators;
  }

  HttpResponse<String> check(Platform platform, long... numbers)
      throws IOException, InterruptedException {
    return post(platform, "demo", body(numbers));
  }

  HttpResponse<String> check(Platform platform, Duration timeout, long number)
      throws IOException, InterruptedException {
    var uri = URI.create(validators.url(platform) + "/check");
    return http.send(
        request(uri, "Bearer demo")
            .timeout(timeout)
            .POST(BodyPublishers.ofString(body(number)))
            .build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> post(Platform platform, String token, String body)
      throws IOException, InterruptedException {
    var uri = URI.create(validators.url(platform) + "/check");
    return http.send(
        request(uri, "Bearer " + token).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path, String authorization)
      throws IOException, InterruptedException {
    return http.send(
        request(validators.url().resolve(path), authorization).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> control(String method, String what, String body)
      throws IOException, InterruptedException {
    var uri = validators.url().resolve("/_simulator/" + what);
    return http.send(
        request(uri, "none").method(method, BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  static JsonNode results(HttpResponse<String> response) throws IOException {
    return json(response).get("results");
  }

  static String body(long... numbers) {
    return Arrays.stream(numbers)
        .mapToObj(number -> "\"" + PhoneNumbers.e164(number) + "\"")
        .collect(Collectors.joining(",", "{\"numbers\":[", "]}"));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private static HttpRequest.Builder request(URI uri, String authorization) {
    return HttpRequest.newBuilder(uri)
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", authorization);
  }
}
