package io.centralita.access;

import io.centralita.http.ProblemException;

/** Who sends a request: a key, and the user that it speaks for. */
public record Principal(String keyId, String user, Scope scope) {

  public boolean mayActFor(String other) {
    return scope == Scope.ADMIN || user.equals(other);
  }

  /**
   * @throws ProblemException (403) where the key may not act for that user
   */
  public void requireFor(String other) {
    if (!mayActFor(other)) {
      throw ProblemException.forbidden("this key may not act for that user");
    }
  }

  /**
   * @throws ProblemException (403) where the key is not an administrator's
   */
  public void requireAdmin() {
    if (scope != Scope.ADMIN) {
      throw ProblemException.forbidden("this needs an administrator's key");
    }
  }

  /**
   * @throws ProblemException (403) where the key may not see the contacts
   */
  public void requireContacts() {
    switch (scope) {
      case CONTACTS, ADMIN -> {}
      case USER ->
          throw ProblemException.forbidden(
              "this needs a key of scope contacts, or an administrator's");
    }
  }
}
