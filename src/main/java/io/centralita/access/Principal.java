package io.centralita.access;

import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import org.jspecify.annotations.Nullable;

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
   * Whose things a list shows, by its parameter {@code user}: left out, the key's own, and an
   * administrator sees everybody's.
   *
   * @return null for everybody's
   * @throws ProblemException (400) where it is no name, (403) where the key may not act for the
   *     user
   */
  public @Nullable String listed(Parameters parameters) {
    var all = scope == Scope.ADMIN ? null : user;
    var listed = parameters.text("user").map(name -> Names.check("user", name)).orElse(all);
    if (listed != null) {
      requireFor(listed);
    }
    return listed;
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
