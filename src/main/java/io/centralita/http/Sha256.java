package io.centralita.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, by which bodies are compared and keys are kept. */
public final class Sha256 {
  private Sha256() {}

  /** A digest that has taken nothing in yet. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
