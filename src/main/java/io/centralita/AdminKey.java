package io.centralita;

import io.centralita.access.Keys;
import io.centralita.embedded.DataDir;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The key that every other key is made with.
 *
 * @param secret empty where another node made it
 * @param isNew whether this start generated it: it is to be told, once
 */
record AdminKey(String secret, boolean isNew) {
  private static final String NAME = "admin-key";

  /** Nodes on one database share the key that the first of them generated, or was given. */
  static CompletionStage<AdminKey> give(Optional<String> set, DataDir dataDir, Keys keys) {
    if (set.isPresent()) {
      return keys.setAdminKey(set.get()).thenApply(_ -> new AdminKey(set.get(), false));
    }
    var stored = dataDir.storedSecret(NAME);
    return keys.find(Keys.ADMIN)
        .thenCompose(
            known -> {
              if (known.isPresent()) {
                return CompletableFuture.completedFuture(new AdminKey(stored.orElse(""), false));
              }
              var secret = dataDir.secret(NAME);
              return keys.setAdminKey(secret)
                  .thenApply(_ -> new AdminKey(secret, stored.isEmpty()));
            });
  }

  @Override
  public String toString() {
    return "AdminKey[isNew=" + isNew + "]";
  }
}
