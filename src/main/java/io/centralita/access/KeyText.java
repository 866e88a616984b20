package io.centralita.access;

import io.centralita.http.ProblemException;
import io.centralita.http.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** A key as its owner holds it: {@code cen_{id}_{secret}}, the secret being 256 random bits. */
final class KeyText {
  private static final Pattern FORM = Pattern.compile("cen_([a-z0-9]{1,40})_[A-Za-z0-9_-]{43}");
  private static final Pattern ID = Pattern.compile("[a-z0-9]{1,40}");
  private static final String ID_CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final int ID_LENGTH = 12;
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private KeyText() {}

  static String newId() {
    return RANDOM
        .ints(ID_LENGTH, 0, ID_CHARACTERS.length())
        .mapToObj(i -> String.valueOf(ID_CHARACTERS.charAt(i)))
        .collect(java.util.stream.Collectors.joining());
  }

  static String newKey(String id) {
    var secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return "cen_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /** Whether a key may be called so. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Which key it says it is, where it is one of those that we make. */
  static Optional<String> id(String key) {
    var matcher = FORM.matcher(key);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static byte[] hash(String key) {
    return Sha256.begin().digest(key.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws IllegalArgumentException where an administrator's key, which a person may choose, is
   *     too short or cannot be sent in a header
   */
  static void requireStrong(String key) {
    if (key.length() < 16 || key.length() > Keys.LONGEST_KEY) {
      throw new IllegalArgumentException(
          "an administrator's key has 16 to " + Keys.LONGEST_KEY + " characters");
    }
    if (!key.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
      throw new IllegalArgumentException(
          "an administrator's key has letters, digits and signs of ASCII only, and no space");
    }
  }

  /** What a header may not hold is no key. */
  static ProblemException wrong() {
    return ProblemException.unauthorized("this key is not known, or it is revoked");
  }
}
