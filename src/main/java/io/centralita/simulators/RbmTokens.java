package io.centralita.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.http.Json;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Google's exchange of a service account's assertion for an access token, by RFC 7523: {@code POST
 * /token}. It looks at what the assertion claims, and not at its signature: it knows no accounts.
 */
final class RbmTokens {
  static final String PATH = "/token";

  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String SCOPE = "https://www.googleapis.com/auth/rcsbusinessmessaging";
  private static final int LASTS = 3600;

  private static final ValidatorReply INVALID_GRANT =
      ValidatorReply.json(
          400, Map.of("error", "invalid_grant", "error_description", "Invalid JWT."));

  private RbmTokens() {}

  /**
   * The answer to a form.
   *
   * @param token that is granted
   */
  static ValidatorReply answer(Buffer form, String token) {
    var fields = new QueryStringDecoder(form.toString(StandardCharsets.UTF_8), false).parameters();
    if (!GRANT.equals(only(fields.get("grant_type")))) {
      return ValidatorReply.json(400, Map.of("error", "unsupported_grant_type"));
    }
    return isGood(only(fields.get("assertion")))
        ? ValidatorReply.json(
            200, Map.of("access_token", token, "expires_in", LASTS, "token_type", "Bearer"))
        : INVALID_GRANT;
  }

  private static String only(@Nullable List<String> values) {
    return values == null ? "" : values.getFirst();
  }

  private static boolean isGood(String assertion) {
    var parts = assertion.split("\\.", -1);
    if (parts.length != 3 || parts[2].isEmpty()) {
      return false;
    }
    try {
      var claims = read(parts[1]);
      var now = Instant.now().getEpochSecond();
      var from = claims.path("iat").asLong();
      var to = claims.path("exp").asLong();
      return read(parts[0]).path("alg").asText().equals("RS256")
          && !claims.path("iss").asText().isEmpty()
          && claims.path("scope").asText().equals(SCOPE)
          && claims.path("aud").asText().endsWith(PATH)
          && to > now
          && to - from <= LASTS;
    } catch (IOException | IllegalArgumentException _) {
      return false;
    }
  }

  private static JsonNode read(String part) throws IOException {
    return Json.MAPPER.readTree(Base64.getUrlDecoder().decode(part));
  }
}
