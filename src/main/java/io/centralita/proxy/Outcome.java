package io.centralita.proxy;

import io.centralita.outside.OutsideException;
import java.util.Locale;

/** What became of one call through a proxy, as far as it says something about the proxy. */
public enum Outcome {
  /** There was an answer, whatever it said. */
  OK(Meaning.HEALTHY),
  /** The certificate or the handshake was wrong: somebody stands between. */
  TLS_ERROR(Meaning.TLS_FAULT),
  /** The proxy could not be reached, could not reach the host, or does not speak SOCKS5. */
  CONNECTION_ERROR(Meaning.CONNECTION_FAULT),
  /** The proxy refused the user name or the password. */
  LOGIN_REFUSED(Meaning.CONNECTION_FAULT),
  /** Nothing came in time through a session that had not answered yet. */
  NO_ANSWER(Meaning.CONNECTION_FAULT),
  /** A session that had not answered yet was cut. */
  DROPPED(Meaning.CONNECTION_FAULT),
  /** Nothing came in time, through a session that had answered before: whose fault is not known. */
  TIMEOUT(Meaning.DOUBTFUL),
  /** A session that had answered before was cut: whose fault is not known. */
  CUT(Meaning.DOUBTFUL),
  /** What came could not be read. */
  BAD_ANSWER(Meaning.DOUBTFUL),
  /** The other side asked for fewer calls. */
  THROTTLED(Meaning.HEALTHY),
  /** The other side turned the exit away. */
  BLOCKED(Meaning.TURNED_AWAY);

  /** What an outcome does to the circuit and the error score. */
  enum Meaning {
    HEALTHY,
    TLS_FAULT,
    CONNECTION_FAULT,
    DOUBTFUL,
    TURNED_AWAY
  }

  private final Meaning meaning;

  Outcome(Meaning meaning) {
    this.meaning = meaning;
  }

  /**
   * What a failed call says.
   *
   * @param answeredBefore whether the session had brought an answer already
   */
  public static Outcome of(OutsideException failure, boolean answeredBefore) {
    return switch (failure.kind()) {
      case CONNECT, PROXY -> CONNECTION_ERROR;
      case PROXY_AUTH -> LOGIN_REFUSED;
      case TLS -> TLS_ERROR;
      case TIMEOUT -> answeredBefore ? TIMEOUT : NO_ANSWER;
      case CUT -> answeredBefore ? CUT : DROPPED;
      case MALFORMED -> answeredBefore ? BAD_ANSWER : CONNECTION_ERROR;
      case TOO_LARGE -> BAD_ANSWER;
    };
  }

  Meaning meaning() {
    return meaning;
  }

  /** Whether the proxy, and nobody else, is to blame. */
  public boolean isProxysFault() {
    return meaning == Meaning.TLS_FAULT || meaning == Meaning.CONNECTION_FAULT;
  }

  /**
   * Whether a target that cannot be reached looks the same, so that only calls to it through other
   * proxies tell whose fault it is.
   */
  public boolean mayBeTheTargets() {
    return switch (this) {
      case CONNECTION_ERROR, NO_ANSWER, DROPPED -> true;
      case OK, TLS_ERROR, LOGIN_REFUSED, TIMEOUT, CUT, BAD_ANSWER, THROTTLED, BLOCKED -> false;
    };
  }

  /** As counters and the API have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
