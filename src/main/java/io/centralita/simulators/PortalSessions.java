package io.centralita.simulators;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The sessions and tokens that the portal has given out. Used by the event loop only. */
final class PortalSessions {
  private static final int REMEMBERED = 100_000;

  /** What a token is worth. */
  enum Access {
    GRANTED,
    UNKNOWN,
    EXPIRED
  }

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, Instant> sessions = forgetful();
  private final Map<String, Token> tokens = forgetful();

  private static final class Token {
    private final Instant issued;
    private int uses;
    private boolean expired;

    Token(Instant issued) {
      this.issued = issued;
    }
  }

  PortalSessions(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** A new session of the home page. */
  String open() {
    var session = hex(16);
    sessions.put(session, clock.instant());
    return session;
  }

  boolean isOpen(String session) {
    return sessions.containsKey(session);
  }

  /** A new token, in the three parts of a JWT. */
  String issueToken() {
    var now = clock.instant();
    var token =
        base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
            + "."
            + base64("{\"sub\":\"online\",\"iat\":" + now.getEpochSecond() + "}")
            + "."
            + hex(32);
    tokens.put(token, new Token(now));
    return token;
  }

  /** Uses a token for one look-up. */
  Access use(String value, Faults faults) {
    var token = tokens.get(value);
    if (token == null) {
      return Access.UNKNOWN;
    }
    var usedUp = faults.tokenUses() > 0 && token.uses >= faults.tokenUses();
    var tooOld =
        faults.tokenSeconds() > 0
            && !clock.instant().isBefore(token.issued.plusSeconds(faults.tokenSeconds()));
    if (token.expired || usedUp || tooOld) {
      token.expired = true;
      return Access.EXPIRED;
    }
    token.uses++;
    return Access.GRANTED;
  }

  private String hex(int bytes) {
    var drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(US_ASCII));
  }

  /** A long run logs in without end: the oldest sessions make room. */
  private static <V> Map<String, V> forgetful() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }
}
