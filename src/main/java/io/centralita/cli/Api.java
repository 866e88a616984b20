package io.centralita.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A node's HTTP API, as far as a command needs it. Every method throws {@link Refusal} where the
 * node says no, and {@link IOException} where it cannot be reached or the answer is cut.
 */
final class Api implements AutoCloseable {
  private static final int LONGEST_PROBLEM = 64 * 1024;
  private static final Duration TO_ANSWER = Duration.ofSeconds(35); // a node's own limit is 30 s

  /** What results are downloaded as. */
  enum Format {
    CSV("text/csv"),
    XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

    private final String mediaType;

    Format(String mediaType) {
      this.mediaType = mediaType;
    }

    /** The ending of a file's name. */
    String ending() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * A file to be sent.
   *
   * @param column which one has the numbers; null lets the node find it
   * @param idempotencyKey the same for each try
   */
  record Upload(
      Path file,
      String user,
      String name,
      @Nullable String column,
      boolean reprocess,
      String idempotencyKey) {}

  private final URI node;
  private final String key;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  Api(URI node, String key) {
    this.node = node;
    this.key = key;
  }

  /** Where the node is. */
  URI node() {
    return node;
  }

  /** Sends a file, as a stream, and returns its id. */
  long upload(Upload upload) throws IOException {
    var query =
        "?user="
            + encoded(upload.user())
            + "&name="
            + encoded(upload.name())
            + (upload.reprocess() ? "&reprocess=true" : "")
            + (upload.column() == null ? "" : "&column=" + encoded(upload.column()));
    return FileState.createdId(
        upload("/api/v1/files" + query, upload.file(), upload.idempotencyKey(), _ -> {}));
  }

  /**
   * Sends a file, as a stream, and returns the answer.
   *
   * @param sent is told how many bytes are sent
   */
  String upload(String pathAndQuery, Path file, String idempotencyKey, LongConsumer sent)
      throws IOException {
    try {
      return text(
          request(pathAndQuery)
              .header("Content-Type", "application/octet-stream")
              .header("Idempotency-Key", idempotencyKey)
              .expectContinue(true) // a refusal then comes before the file is sent
              .POST(new CountedFile(file, sent))
              .build());
    } catch (FileNotFoundException e) {
      throw new CommandFailure("there is no file " + file, e);
    }
  }

  /** What the node answers to a POST that has no body and may take a while. */
  String begin(String path, String idempotencyKey) throws IOException {
    return text(
        request(path)
            .header("Idempotency-Key", idempotencyKey)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }

  /** What the node answers to a GET. */
  String get(String pathAndQuery) throws IOException {
    return text(request(pathAndQuery).timeout(TO_ANSWER).build());
  }

  /** What the node answers to a POST of JSON. */
  String post(String pathAndQuery, String json, String idempotencyKey) throws IOException {
    return text(
        request(pathAndQuery)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .timeout(TO_ANSWER)
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  FileState file(long id) throws IOException {
    return FileState.parse(text(request("/api/v1/files/" + id).timeout(TO_ANSWER).build()));
  }

  /** Stops the file's work, and removes it. */
  void remove(long id) throws IOException {
    text(request("/api/v1/files/" + id).timeout(TO_ANSWER).DELETE().build());
  }

  /** The event stream of what has this path; to be closed, which also ends a read under way. */
  InputStream events(String path) throws IOException {
    var request =
        request(path + "/events")
            .header("Accept", "text/event-stream")
            .timeout(TO_ANSWER) // until the stream begins
            .build();
    return open(request);
  }

  /** Writes all results of the file; whole, or not at all. */
  void download(long id, Format format, Path target) throws IOException {
    download("/api/v1/files/" + id + "/results", format, target);
  }

  /** Writes what the node answers to a GET; whole, or not at all. */
  void download(String pathAndQuery, Format format, Path target) throws IOException {
    var request = request(pathAndQuery).header("Accept", format.mediaType).build();
    var whole = target.toAbsolutePath();
    var part = Files.createTempFile(whole.getParent(), ".results", ".part");
    try (var results = open(request)) {
      Files.copy(results, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Any other request.
   *
   * @param body null for none
   * @return the answer's body; empty where there is none
   */
  String send(
      String method, String pathAndQuery, @Nullable String contentType, @Nullable String body)
      throws IOException {
    var request =
        request(pathAndQuery)
            .timeout(TO_ANSWER)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    return text(
        (contentType == null ? request : request.header("Content-Type", contentType)).build());
  }

  /** The answer to a GET as CSV, as it comes; to be closed. */
  InputStream csv(String pathAndQuery) throws IOException {
    return open(request(pathAndQuery).header("Accept", Format.CSV.mediaType).build());
  }

  /** The answer to a POST without a body, as it comes; to be closed. */
  InputStream follow(String pathAndQuery) throws IOException {
    return open(request(pathAndQuery).POST(HttpRequest.BodyPublishers.noBody()).build());
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }

  private HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create(node + pathAndQuery)).header("X-API-Key", key);
  }

  private String text(HttpRequest request) throws IOException {
    try (var body = open(request)) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private InputStream open(HttpRequest request) throws IOException {
    try {
      var answer = client.send(request, BodyHandlers.ofInputStream());
      if (answer.statusCode() < 300) {
        return answer.body();
      }
      try (var body = answer.body()) {
        var problem = new String(body.readNBytes(LONGEST_PROBLEM), StandardCharsets.UTF_8);
        throw Refusal.of(answer.statusCode(), problem);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
