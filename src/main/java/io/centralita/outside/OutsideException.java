package io.centralita.outside;

/**
 * A call that got no usable answer. The message says which host and what kind of failure, never a
 * path, a credential or a number; it carries no stack trace, which would only show an event loop.
 */
public final class OutsideException extends RuntimeException {

  /** What went wrong, as far as it matters to whoever decides about the next try. */
  public enum Kind {
    /** The host did not take the connection, or has no address. */
    CONNECT("connection failed"),
    /** The proxy was not reachable, or could not reach the host. */
    PROXY("proxy failed"),
    /** The proxy refused the user name or the password. */
    PROXY_AUTH("proxy refused the login"),
    /** The certificate, the host name in it or the TLS handshake was wrong. */
    TLS("TLS failed"),
    /** It took longer than the request allows. */
    TIMEOUT("timeout"),
    /** The connection ended before the answer did. */
    CUT("connection cut"),
    /** What came is not HTTP, or not in an encoding that was asked for. */
    MALFORMED("malformed answer"),
    /** The answer, decompressed, passes the bound. */
    TOO_LARGE("answer too large");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** The kind in words for people. */
    public String words() {
      return words;
    }
  }

  private final Kind kind;
  private final String reason;

  OutsideException(Kind kind, String host, String detail) {
    this(kind, host, detail, detail.isEmpty() ? kind.words() : kind.words() + " (" + detail + ")");
  }

  private OutsideException(Kind kind, String host, String detail, String reason) {
    super(host + ": " + kind + (detail.isEmpty() ? "" : ", " + detail), null, false, false);
    this.kind = kind;
    this.reason = reason;
  }

  public Kind kind() {
    return kind;
  }

  /** The failure in words for people, without the host: {@code timeout}. */
  public String reason() {
    return reason;
  }
}
