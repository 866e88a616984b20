package io.centralita.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.centralita.http.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/**
 * A service account of Google Cloud, as its key file tells it; the key is never shown.
 *
 * @param email who asks
 * @param tokenUri where its assertions are exchanged for access tokens
 */
public record ServiceAccount(String email, URI tokenUri, PrivateKey key) {
  private static final Duration LASTS = Duration.ofHours(1); // the longest that Google takes
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  /**
   * Reads a key file.
   *
   * @throws IllegalArgumentException saying what is wrong with it, and nothing of what it holds
   */
  public static ServiceAccount parse(String json) {
    try {
      var file = Json.MAPPER.readTree(json);
      var email = file.path("client_email").asText();
      var pem = file.path("private_key").asText();
      var tokenUri = file.path("token_uri").asText();
      if (email.isEmpty() || pem.isEmpty() || tokenUri.isEmpty()) {
        throw new IllegalArgumentException(
            "expected a service account's key file with client_email, private_key and token_uri");
      }
      var key =
          Base64.getMimeDecoder()
              .decode(pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").strip());
      return new ServiceAccount(
          email,
          URI.create(tokenUri),
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key)));
    } catch (JsonProcessingException | GeneralSecurityException _) {
      throw new IllegalArgumentException(
          "expected a service account's key file: JSON with a private_key in PKCS #8");
    }
  }

  /**
   * What the account says of itself to get an access token: a JSON Web Token signed with RS256, by
   * RFC 7523.
   *
   * @param scope what the token is to be good for
   */
  String assertion(String scope, Instant now) {
    var header = part(Map.of("alg", "RS256", "typ", "JWT"));
    var claims =
        part(
            Map.of(
                "iss", email,
                "scope", scope,
                "aud", tokenUri.toString(),
                "iat", now.getEpochSecond(),
                "exp", now.plus(LASTS).getEpochSecond()));
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update((header + "." + claims).getBytes(StandardCharsets.US_ASCII));
      return header + "." + claims + "." + URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an assertion cannot be signed", e);
    }
  }

  private static String part(Map<String, Object> claims) {
    return URL.encodeToString(Json.text(claims).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "ServiceAccount[" + email + "]";
  }
}
