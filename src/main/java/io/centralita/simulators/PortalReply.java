package io.centralita.simulators;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** A status with a fixed body, encoded once for all the requests that get it. */
record PortalReply(int status, CharSequence type, Body plain, Body gzipped) {

  private static final CharSequence JSON =
      HttpHeaders.createOptimized("application/json; charset=utf-8");
  private static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");

  static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");

  static final PortalReply HOME = html(200, "DIGI", "Bienvenido a DIGI");
  static final PortalReply NOT_FOUND = html(404, "404", "Pagina no encontrada");
  static final PortalReply FORBIDDEN = html(403, "Access denied", "You have been blocked");
  static final PortalReply MAINTENANCE = html(200, "Mantenimiento", "Volvemos enseguida");
  static final PortalReply MOVED = html(302, "302 Found", "nginx");
  static final PortalReply BAD_GATEWAY = html(502, "502 Bad Gateway", "nginx");
  static final PortalReply UNAVAILABLE = html(503, "503 Service Unavailable", "nginx");

  static final PortalReply LOGGED_IN = message(200, "ok");
  static final PortalReply BODY_NOT_EMPTY = message(400, "Body must be empty");
  static final PortalReply BAD_LINE_CODE = message(400, "Invalid line code");
  static final PortalReply UNAUTHORIZED = message(401, "Unauthorized");
  static final PortalReply EXPIRED = message(498, "Token expired");
  static final PortalReply TOO_MANY = message(429, "Too many requests");
  static final PortalReply INTERNAL = message(500, "Internal server error");
  static final PortalReply MALFORMED =
      json(200, "{\"name\":Movistar,\"tradeName\":'Movistar',,\"operatorId\":\"12\"}");

  /** A body, and its length as the header wants it. */
  record Body(Buffer content, CharSequence length) {
    static Body of(byte[] bytes) {
      return new Body(
          Buffer.buffer(bytes), HttpHeaders.createOptimized(Integer.toString(bytes.length)));
    }
  }

  static PortalReply json(int status, String body) {
    return of(status, JSON, body);
  }

  static PortalReply message(int status, String message) {
    return json(status, "{\"message\":\"" + message + "\"}");
  }

  private static PortalReply html(int status, String title, String text) {
    return of(
        status,
        HTML,
        """
        <!DOCTYPE html>
        <html lang="es"><head><title>%s</title></head><body><h1>%s</h1></body></html>
        """
            .formatted(title, text));
  }

  /** The same reply without the last part of its text. */
  PortalReply truncated() {
    var text = plain.content().toString();
    return of(status, type, text.substring(0, text.length() * 2 / 3));
  }

  private static PortalReply of(int status, CharSequence type, String body) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return new PortalReply(status, type, Body.of(bytes), Body.of(gzip(bytes)));
  }

  private static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
