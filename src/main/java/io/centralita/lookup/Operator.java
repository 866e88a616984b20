package io.centralita.lookup;

import org.jspecify.annotations.Nullable;

/**
 * An operator as its source names it.
 *
 * @param name empty where the source gave only a trade name
 * @param tradeName empty where the source gave only a name
 * @param operatorId the source's own id, null if it gave none
 */
public record Operator(String name, String tradeName, @Nullable String operatorId) {

  /** What people call it: the trade name, else the name. */
  public String label() {
    return tradeName.isBlank() ? name : tradeName;
  }
}
