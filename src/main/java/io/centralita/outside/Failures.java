package io.centralita.outside;

import io.centralita.outside.OutsideException.Kind;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Names what Vert.x and Netty throw. Their own messages are passed on only where they cannot hold a
 * path or a credential.
 */
final class Failures {

  private static final Pattern REP = Pattern.compile("\\bstatus: (\\w+)");

  private Failures() {}

  /**
   * The failure of a call.
   *
   * @param connected whether the host had been reached when it happened
   */
  static OutsideException of(Throwable thrown, String host, boolean proxied, boolean connected) {
    if (thrown instanceof OutsideException known) {
      return known;
    }
    var refused = find(thrown, ProxyConnectException.class);
    if (refused != null) {
      return proxy(refused, host);
    }
    if (find(thrown, SslHandshakeTimeoutException.class) != null
        || find(thrown, ConnectTimeoutException.class) != null
        || find(thrown, TimeoutException.class) != null) {
      return new OutsideException(Kind.TIMEOUT, host, "");
    }
    if (find(thrown, SSLException.class) != null) {
      return tls(thrown, host);
    }
    if (find(thrown, ConnectionPoolTooBusyException.class) != null) {
      return new OutsideException(Kind.CONNECT, host, "too many requests wait for a connection");
    }
    if (find(thrown, IOException.class) != null
        || find(thrown, HttpClosedException.class) != null
        || find(thrown, StreamResetException.class) != null
        || find(thrown, PrematureChannelClosureException.class) != null) {
      var kind = connected ? Kind.CUT : proxied ? Kind.PROXY : Kind.CONNECT;
      var unknown = find(thrown, UnknownHostException.class) != null;
      return new OutsideException(kind, host, unknown ? "no such host" : "");
    }
    return new OutsideException(Kind.MALFORMED, host, thrown.getClass().getSimpleName());
  }

  private static OutsideException proxy(ProxyConnectException refused, String host) {
    var message = String.valueOf(refused.getMessage());
    if (message.contains("authStatus")) {
      return new OutsideException(Kind.PROXY_AUTH, host, "");
    }
    if (message.contains("authMethod")) { // Netty says the same of a greeting that is not SOCKS5
      return new OutsideException(Kind.PROXY_AUTH, host, "or it is no SOCKS5 proxy");
    }
    var rep = REP.matcher(message);
    if (rep.find()) {
      var words = rep.group(1).replace('_', ' ').toLowerCase(Locale.ROOT);
      return new OutsideException(Kind.PROXY, host, words);
    }
    return message.endsWith("timeout")
        ? new OutsideException(Kind.TIMEOUT, host, "at the proxy")
        : new OutsideException(Kind.PROXY, host, "");
  }

  private static OutsideException tls(Throwable thrown, String host) {
    var root = thrown;
    for (var cause = root.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    if (root instanceof SSLException || root instanceof GeneralSecurityException) {
      return new OutsideException(Kind.TLS, host, String.valueOf(root.getMessage()));
    }
    // Nobody said that anything is wrong with the certificate: somebody hung up
    return new OutsideException(Kind.CUT, host, "in the TLS handshake");
  }

  private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
