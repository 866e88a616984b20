package io.centralita.secrets;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.subtle.Hkdf;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The operator's keys: the first encrypts (AES-256-GCM, by Tink), all of them decrypt. From each
 * key, a text, everything is derived by HKDF, so that nodes with the same text have the same keys.
 *
 * <p>Thread-safe. No exception and no {@code toString} of this class holds a key or a clear text.
 */
public final class Secrets {

  /** The fewest characters of a key: 32 random ones of Base64 are 192 bits. */
  public static final int SHORTEST_KEY = 32;

  /** A text was encrypted by a key that this node does not have, for something else, or altered. */
  public static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableException() {
      super("a stored secret cannot be decrypted with the keys of this node", null, false, false);
    }
  }

  private record Key(String id, int tinkId, SecretKeySpec mac, AesGcmKey aead) {}

  private final List<Key> keys;
  private final Aead aead;

  private Secrets(List<Key> keys, Aead aead) {
    this.keys = keys;
    this.aead = aead;
  }

  /**
   * The keys of a comma-separated list.
   *
   * @throws IllegalArgumentException where there is none, one is too short, or one is there twice
   */
  @AccessesPartialKey // put together here
  public static Secrets of(String list) {
    var texts = Arrays.stream(list.split(",", -1)).map(String::strip).toList();
    if (texts.stream().anyMatch(text -> text.length() < SHORTEST_KEY)) {
      throw new IllegalArgumentException(
          "a key has "
              + SHORTEST_KEY
              + " random characters or more, such as of openssl rand -hex 32");
    }
    if (Set.copyOf(texts).size() < texts.size()) {
      throw new IllegalArgumentException("a key is there twice");
    }
    try {
      AeadConfig.register();
      var keys = new ArrayList<Key>();
      for (var text : texts) {
        keys.add(key(text));
      }
      var handle = KeysetHandle.newBuilder();
      for (var i = 0; i < keys.size(); i++) {
        var entry = KeysetHandle.importKey(keys.get(i).aead()).withFixedId(keys.get(i).tinkId());
        handle.addEntry(i == 0 ? entry.makePrimary() : entry);
      }
      return new Secrets(
          List.copyOf(keys), handle.build().getPrimitive(RegistryConfiguration.get(), Aead.class));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no AES-GCM or HMAC-SHA-256", e);
    }
  }

  @AccessesPartialKey // made here, of the operator's text
  private static Key key(String text) throws GeneralSecurityException {
    var id = derived(text, "id", 12);
    var tinkId = ByteBuffer.wrap(id, 8, 4).getInt();
    return new Key(
        HexFormat.of().formatHex(id, 0, 8),
        tinkId,
        new SecretKeySpec(derived(text, "fingerprint", 32), "HmacSHA256"),
        AesGcmKey.builder()
            .setParameters(
                AesGcmParameters.builder()
                    .setKeySizeBytes(32)
                    .setIvSizeBytes(12)
                    .setTagSizeBytes(16)
                    .setVariant(AesGcmParameters.Variant.TINK) // the ciphertext names its key
                    .build())
            .setKeyBytes(
                SecretBytes.copyFrom(
                    derived(text, "aes-256-gcm", 32), InsecureSecretKeyAccess.get()))
            .setIdRequirement(tinkId)
            .build());
  }

  private static byte[] derived(String text, String use, int bytes)
      throws GeneralSecurityException {
    return Hkdf.computeHkdf("HmacSha256", utf8(text), utf8("centralita secrets"), utf8(use), bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The key that encrypts, by its id, which tells nothing of the key. */
  public String keyId() {
    return keys.getFirst().id();
  }

  /** The ids of all keys that decrypt. */
  public Set<String> keyIds() {
    return keys.stream().map(Key::id).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Encrypts.
   *
   * @param whose what the secret belongs to: it can be decrypted for the same only
   */
  public byte[] encrypt(String clear, String whose) {
    try {
      return aead.encrypt(utf8(clear), utf8(whose));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt", e);
    }
  }

  /**
   * Decrypts.
   *
   * @throws UnreadableException where none of the keys fits
   */
  public String decrypt(byte[] secret, String whose) {
    try {
      return new String(aead.decrypt(secret, utf8(whose)), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException _) {
      throw new UnreadableException();
    }
  }

  /** By which two equal texts are known without being told: a MAC by the key that encrypts. */
  public byte[] fingerprint(String text) {
    return fingerprint(keys.getFirst(), text);
  }

  /** The fingerprints that the text has by each of the keys. */
  public List<byte[]> fingerprints(String text) {
    return keys.stream().map(key -> fingerprint(key, text)).toList();
  }

  private static byte[] fingerprint(Key key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key.mac());
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no HMAC-SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Secrets" + keys.stream().map(Key::id).toList();
  }
}
