package io.centralita.scoring;

/** Where a number may have an account. */
public enum Platform {
  WHATSAPP,
  INSTAGRAM,
  FACEBOOK,
  GOOGLE,
  APPLE
}
