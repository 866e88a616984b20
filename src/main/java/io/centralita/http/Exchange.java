package io.centralita.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** One request from its arrival to its answer, which is its one line in the access log. */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger("io.centralita.http.access");
  private static final AttributeKey<Exchange> ATTRIBUTE =
      AttributeKey.create("exchange", Exchange.class);

  /** As many digits in one part of a path may be a telephone number. */
  private static final int PERSONAL_DIGITS = 6;

  private final String id;
  private final String method;
  private final String path;
  private final long begunAt = System.nanoTime();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final String wholePath;
  private final UnderWay underWay;
  private final HttpServer.Listener listener;

  private Exchange(
      String id,
      String method,
      String path,
      String wholePath,
      UnderWay underWay,
      HttpServer.Listener listener) {
    this.id = id;
    this.method = method;
    this.path = path;
    this.wholePath = wholePath;
    this.underWay = underWay;
    this.listener = listener;
  }

  static Exchange begin(HttpRequest request, UnderWay underWay, HttpServer.Listener listener) {
    underWay.begin();
    return new Exchange(
        RequestId.given(request),
        request.method().value(),
        masked(request.getUri().path()),
        request.getUri().path(),
        underWay,
        listener);
  }

  /** The exchange of a request that {@link #attachedTo} gave. */
  static Exchange of(HttpRequest request) {
    return request.getAttribute(ATTRIBUTE).orElseThrow();
  }

  HttpRequest attachedTo(HttpRequest request) {
    return request.addAttribute(RequestId.ATTRIBUTE, id).addAttribute(ATTRIBUTE, this);
  }

  String id() {
    return id;
  }

  /** The answer that the client gets is the first, where a time-out was quicker than the route. */
  HttpResponse end(HttpResponse response) {
    if (!ended.compareAndSet(false, true)) {
      return response;
    }
    var took = System.nanoTime() - begunAt;
    listener.answered(method, wholePath, response.status().intValue(), Duration.ofNanos(took));
    try (var _ = MDC.putCloseable(RequestId.MDC_KEY, id)) {
      log.atInfo()
          .addKeyValue("method", method)
          .addKeyValue("path", path)
          .addKeyValue("status", response.status().intValue())
          .addKeyValue("millis", took / 1_000_000)
          .log("request");
    }
    return underWay.answered(response);
  }

  /** The path without what may be a person's number; the query is never logged. */
  static String masked(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(
            part -> part.chars().filter(Character::isDigit).count() >= PERSONAL_DIGITS ? "*" : part)
        .collect(Collectors.joining("/"));
  }
}
