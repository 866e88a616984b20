package io.centralita.scoring;

/** A scoring model that cannot be meant; says which field of it, and why. */
public final class ModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;

  ModelException(String field, String reason) {
    super(reason);
    this.field = field;
  }

  /** Such as {@code weights}. */
  public String field() {
    return field;
  }
}
