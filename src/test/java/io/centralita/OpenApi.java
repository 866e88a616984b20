package io.centralita;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The API's description as a judge of what the server answers. */
public final class OpenApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> NOT_DESCRIBED =
      Set.of("validation.request.path.missing", "validation.request.operation.notAllowed");
  private static final OpenApiInteractionValidator VALIDATOR =
      OpenApiInteractionValidator.createForInlineApiSpecification(description()).build();

  private OpenApi() {}

  /**
   * Fails where the answer is not what the description promises. Where the request was accepted, it
   * must have been a described one, too. What is not described at all must be a problem.
   */
  public static void check(
      String method,
      URI uri,
      List<String> requestHeaders,
      @Nullable String requestBody,
      HttpResponse<String> answer) {
    var request = new SimpleRequest.Builder(method, uri.getPath());
    for (var i = 0; i < requestHeaders.size(); i += 2) {
      request.withHeader(requestHeaders.get(i), requestHeaders.get(i + 1));
    }
    if (uri.getRawQuery() != null) {
      for (var pair : uri.getRawQuery().split("&", -1)) {
        var at = pair.indexOf('=');
        request.withQueryParam(decoded(pair.substring(0, at)), decoded(pair.substring(at + 1)));
      }
    }
    if (requestBody != null) {
      request.withBody(requestBody);
    }
    var response = new SimpleResponse.Builder(answer.statusCode());
    answer.headers().map().forEach(response::withHeader);
    if (!answer.body().isEmpty()) {
      response.withBody(answer.body());
    }
    var built = request.build();
    var report =
        answer.statusCode() < 300
            ? VALIDATOR.validate(built, response.build())
            : VALIDATOR.validateResponse(built.getPath(), built.getMethod(), response.build());
    if (answer.statusCode() >= 400 && !uri.getPath().equals("/ready")) { // which tells of checks
      problem(answer);
    }
    var broken =
        report.getMessages().stream()
            .filter(message -> message.getLevel() == ValidationReport.Level.ERROR)
            // The validator wants the type of a body also where it was left out, as it may be.
            .filter(
                message ->
                    requestBody != null
                        || !message.getKey().equals("validation.request.contentType.notAllowed"))
            .filter(
                message -> answer.statusCode() < 400 || !NOT_DESCRIBED.contains(message.getKey()))
            .map(ValidationReport.Message::toString)
            .collect(Collectors.joining("\n"));
    if (!broken.isEmpty()) {
      throw new AssertionError(
          method + " " + uri + " → " + answer.statusCode() + "\n" + answer.body() + "\n" + broken);
    }
  }

  /** The problem in an answer; fails where it is none. */
  public static JsonNode problem(HttpResponse<String> answer) {
    var type = answer.headers().firstValue("Content-Type").orElse("none");
    if (!type.equals("application/problem+json")) {
      throw new AssertionError(answer.statusCode() + " " + type + ": " + answer.body());
    }
    var problem = json(answer);
    if (problem.path("status").asInt() != answer.statusCode()
        || problem.path("type").asText().isEmpty()
        || problem.path("title").asText().isEmpty()
        || problem.path("detail").asText().isEmpty()) {
      throw new AssertionError("not a whole problem: " + answer.body());
    }
    return problem;
  }

  public static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + answer.body(), e);
    }
  }

  /** The names of an object's fields, in their order. */
  public static List<String> names(JsonNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String description() {
    try {
      return Files.readString(Path.of("http", "openapi.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
