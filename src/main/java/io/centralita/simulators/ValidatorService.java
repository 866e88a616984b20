package io.centralita.simulators;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.centralita.scoring.Platform;

/** The services that the validators' simulator plays. */
public enum ValidatorService {
  @JsonProperty("whatsapp")
  WHATSAPP,
  @JsonProperty("instagram")
  INSTAGRAM,
  @JsonProperty("facebook")
  FACEBOOK,
  @JsonProperty("google")
  GOOGLE,
  @JsonProperty("apple")
  APPLE,
  /** Telnyx Number Lookup. */
  @JsonProperty("telnyx")
  TELNYX,
  /** Twilio Lookup, version 2. */
  @JsonProperty("twilio")
  TWILIO,
  /** The capabilities of RCS Business Messaging. */
  @JsonProperty("rbm")
  RBM;

  /** The service that validates numbers on a platform. */
  public static ValidatorService of(Platform platform) {
    return switch (platform) {
      case WHATSAPP -> WHATSAPP;
      case INSTAGRAM -> INSTAGRAM;
      case FACEBOOK -> FACEBOOK;
      case GOOGLE -> GOOGLE;
      case APPLE -> APPLE;
    };
  }
}
