package io.centralita.outside;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One HTTP request to an outside system. */
public final class Request {

  private static final byte[] EMPTY = {};

  private final String method;
  private final URI uri;
  private final Headers headers;
  private final byte[] body;
  private final @Nullable Socks5 proxy;
  private final Duration timeout;
  private final @Nullable InetAddress address;
  private final boolean statusOnly;

  /**
   * A request.
   *
   * @param uri absolute, http or https
   * @param body the bytes to send, which are not copied; a POST, PUT or PATCH without any says
   *     {@code Content-Length: 0}
   * @param proxy the SOCKS5 proxy to go through, null to go straight
   * @param timeout for everything together: connection, proxy, TLS, and the answer's last byte
   */
  public Request(
      String method,
      URI uri,
      Headers headers,
      byte[] body,
      @Nullable Socks5 proxy,
      Duration timeout) {
    this(method, uri, headers, body, proxy, timeout, null, false);
  }

  private Request(
      String method,
      URI uri,
      Headers headers,
      byte[] body,
      @Nullable Socks5 proxy,
      Duration timeout,
      @Nullable InetAddress address,
      boolean statusOnly) {
    if (!"https".equalsIgnoreCase(uri.getScheme()) && !"http".equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException("not an http or https URL");
    }
    Objects.requireNonNull(uri.getHost(), "a URL without a host");
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("a time-out that is not positive");
    }
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.body = body;
    this.proxy = proxy;
    this.timeout = timeout;
    this.address = address;
    this.statusOnly = statusOnly;
  }

  /** A GET without a proxy. */
  public static Request get(URI uri, Headers headers, Duration timeout) {
    return new Request("GET", uri, headers, EMPTY, null, timeout);
  }

  /** A POST without a proxy. */
  public static Request post(URI uri, Headers headers, byte[] body, Duration timeout) {
    return new Request("POST", uri, headers, body, null, timeout);
  }

  /** This request through a proxy, or straight if null. */
  public Request through(@Nullable Socks5 exit) {
    return new Request(method, uri, headers, body, exit, timeout, address, statusOnly);
  }

  /**
   * This request to an address that was looked at before: the URL's host is not resolved again, and
   * is still whom the certificate must be of. Of a request that goes straight.
   */
  public Request at(InetAddress known) {
    return new Request(method, uri, headers, body, proxy, timeout, known, statusOnly);
  }

  /**
   * This request, answered as soon as status and headers are there, with an empty body: whatever
   * comes after them makes no difference. What fits the client's bound is read and thrown away, so
   * that the connection can be used again; by more, or where it takes longer than the time-out, the
   * connection is closed.
   */
  public Request statusOnly() {
    return new Request(method, uri, headers, body, proxy, timeout, address, true);
  }

  public String method() {
    return method;
  }

  public URI uri() {
    return uri;
  }

  public Headers headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  public @Nullable Socks5 proxy() {
    return proxy;
  }

  @Nullable InetAddress address() {
    return address;
  }

  boolean wantsStatusOnly() {
    return statusOnly;
  }

  public Duration timeout() {
    return timeout;
  }

  boolean ssl() {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  int port() {
    return uri.getPort() != -1 ? uri.getPort() : ssl() ? 443 : 80;
  }

  /** What goes into the request line. */
  String target() {
    var path = uri.getRawPath();
    var query = uri.getRawQuery();
    var start = path == null || path.isEmpty() ? "/" : path;
    return query == null ? start : start + "?" + query;
  }

  /** Method and host: paths hold phone numbers. */
  @Override
  public String toString() {
    return method + " " + uri.getHost();
  }
}
