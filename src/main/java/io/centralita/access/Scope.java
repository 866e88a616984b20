package io.centralita.access;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whom a key may act for. */
public enum Scope {
  /** Its own user. */
  @JsonProperty("user")
  USER,
  /** Its own user; and it sees the contacts, which are nobody's in particular. */
  @JsonProperty("contacts")
  CONTACTS,
  /** Every user. */
  @JsonProperty("admin")
  ADMIN;

  String stored() {
    return switch (this) {
      case USER -> "user";
      case CONTACTS -> "contacts";
      case ADMIN -> "admin";
    };
  }

  static Scope ofStored(String stored) {
    return switch (stored) {
      case "user" -> USER;
      case "contacts" -> CONTACTS;
      case "admin" -> ADMIN;
      default -> throw new IllegalArgumentException("no such scope");
    };
  }
}
