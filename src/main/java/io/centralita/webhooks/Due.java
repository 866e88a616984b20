package io.centralita.webhooks;

import java.util.List;

/**
 * A delivery whose time has come, with what it takes to send it.
 *
 * @param attempts made before
 * @param resends by hand until then
 * @param secrets that it is signed with, in clear
 */
record Due(
    long position,
    String webhookId,
    String body,
    int attempts,
    int resends,
    String url,
    List<String> secrets) {

  /** Without what belongs to its owner. */
  @Override
  public String toString() {
    return "Due[position=" + position + ", attempts=" + attempts + "]";
  }
}
