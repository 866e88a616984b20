package io.centralita.proxy;

import io.centralita.actor.CborSerializable;

/**
 * By which way calls leave: a port, a user name by its place in the list, and the session named
 * where the provider gives each session an address of its own.
 *
 * @param session empty where the address is always the same
 */
public record Exit(int port, int userNo, String session) implements CborSerializable {

  boolean isFixed() {
    return session.isEmpty();
  }

  /** Which of the ways whose address stays the same. */
  String place() {
    return port + "/" + userNo;
  }
}
