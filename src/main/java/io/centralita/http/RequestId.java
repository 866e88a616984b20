package io.centralita.http;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** One request's name, in its answer and on every log line that it causes. */
public final class RequestId {
  /** Under this name the log lines carry it. */
  public static final String MDC_KEY = "requestId";

  static final String HEADER = "X-Request-Id";
  static final AttributeKey<String> ATTRIBUTE = AttributeKey.create("request-id", String.class);

  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private RequestId() {}

  /** The request's id, inside a route that {@link HttpServer} serves. */
  public static String of(HttpRequest request) {
    return request.getAttribute(ATTRIBUTE).orElse("none");
  }

  /** The caller's own id where it is harmless in a log, else a new one. */
  static String given(HttpRequest request) {
    return request
        .getHeader(HEADER)
        .map(header -> header.value())
        .filter(id -> WELL_FORMED.matcher(id).matches())
        .orElseGet(RequestId::random);
  }

  static String random() {
    var bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
