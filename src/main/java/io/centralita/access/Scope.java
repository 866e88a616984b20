package io.centralita.access;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whom a key may act for. */
public enum Scope {
  /** Its own user. */
  @JsonProperty("user")
  USER,
  /** Every user. */
  @JsonProperty("admin")
  ADMIN;

  String stored() {
    return switch (this) {
      case USER -> "user";
      case ADMIN -> "admin";
    };
  }

  static Scope ofStored(String stored) {
    return switch (stored) {
      case "user" -> USER;
      case "admin" -> ADMIN;
      default -> throw new IllegalArgumentException("no such scope");
    };
  }
}
