package io.centralita.outside;

import java.nio.charset.StandardCharsets;

/** A whole HTTP response, its body decompressed and no longer than the client's bound. */
public final class Response {

  private final int status;
  private final Headers headers;
  private final byte[] body;

  Response(int status, Headers headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  public int status() {
    return status;
  }

  public Headers headers() {
    return headers;
  }

  /** The body's bytes, which belong to whoever asked for them. */
  public byte[] body() {
    return body;
  }

  /** The body as UTF-8. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The status and the size: bodies hold what is not for logs. */
  @Override
  public String toString() {
    return status + ", " + body.length + " bytes";
  }
}
