package io.centralita.validation;

import io.centralita.scoring.Platform;
import java.util.Optional;

/** What can be asked about a number: whether a platform knows it, and what kind of line it is. */
public enum Check {
  WHATSAPP,
  INSTAGRAM,
  FACEBOOK,
  GOOGLE,
  APPLE,
  /** Its carrier and kind of line, as a look-up service says. */
  CARRIER,
  /** The same, as the numbering plan in force says of its range. */
  NUMBERING;

  /** The platform whose answer counts in a score; empty where the check is of the line. */
  public Optional<Platform> platform() {
    return switch (this) {
      case WHATSAPP -> Optional.of(Platform.WHATSAPP);
      case INSTAGRAM -> Optional.of(Platform.INSTAGRAM);
      case FACEBOOK -> Optional.of(Platform.FACEBOOK);
      case GOOGLE -> Optional.of(Platform.GOOGLE);
      case APPLE -> Optional.of(Platform.APPLE);
      case CARRIER, NUMBERING -> Optional.empty();
    };
  }
}
