package io.centralita.secrets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {
  private static final String OLD = "an-old-key-of-thirty-two-characters";
  private static final String NEW = "a-new-key-of-thirty-two-characters!";

  @Test
  void secret_sameKey_isReadAgain() {
    var secret = Secrets.of(OLD).encrypt("ñandú", "proxy 1");

    assertEquals("ñandú", Secrets.of(OLD).decrypt(secret, "proxy 1"));
  }

  @Test
  void secret_encryptedTwice_isNeverTheSame() {
    var secrets = Secrets.of(OLD);

    assertFalse(Arrays.equals(secrets.encrypt("a", "x"), secrets.encrypt("a", "x")));
  }

  @Test
  void secret_ofSomethingElseOrAltered_isUnreadable() {
    var secrets = Secrets.of(OLD);
    var secret = secrets.encrypt("a", "proxy 1");
    var altered = secret.clone();
    altered[altered.length - 1] ^= 1;

    assertThrows(Secrets.UnreadableException.class, () -> secrets.decrypt(secret, "proxy 2"));
    assertThrows(Secrets.UnreadableException.class, () -> secrets.decrypt(altered, "proxy 1"));
    assertThrows(Secrets.UnreadableException.class, () -> secrets.decrypt(new byte[3], "proxy 1"));
  }

  @Test
  void rotation_newKeyFirst_readsTheOldAndWritesTheNew() {
    var before = Secrets.of(OLD).encrypt("a", "x");
    var rotating = Secrets.of(NEW + ", " + OLD);

    assertEquals("a", rotating.decrypt(before, "x"));
    assertEquals("a", Secrets.of(NEW).decrypt(rotating.encrypt("a", "x"), "x"));
    assertThrows(Secrets.UnreadableException.class, () -> Secrets.of(NEW).decrypt(before, "x"));
    assertEquals(Secrets.of(NEW).keyId(), rotating.keyId());
    assertEquals(Set.of(Secrets.of(NEW).keyId(), Secrets.of(OLD).keyId()), rotating.keyIds());
  }

  @Test
  void fingerprint_dependsOnTheKeyAndTheText() {
    var secrets = Secrets.of(NEW + "," + OLD);

    assertArrayEquals(Secrets.of(NEW).fingerprint("a"), secrets.fingerprint("a"));
    assertArrayEquals(Secrets.of(OLD).fingerprint("a"), secrets.fingerprints("a").get(1));
    assertFalse(Arrays.equals(secrets.fingerprint("a"), secrets.fingerprint("b")));
    assertFalse(Arrays.equals(Secrets.of(OLD).fingerprint("a"), secrets.fingerprint("a")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", OLD + "," + OLD, OLD + ",", "password-password-password,x"})
  void keys_noneShortOrTwice_areRefusedWithoutBeingTold(String list) {
    var refused = assertThrows(IllegalArgumentException.class, () -> Secrets.of(list));

    assertFalse(String.valueOf(refused.getMessage()).contains(OLD));
  }

  @Test
  void text_ofSecrets_tellsNoKey() {
    assertTrue(Secrets.of(OLD).toString().matches("Secrets\\[\\[?[0-9a-f]{16}\\]?\\]?"));
  }
}
