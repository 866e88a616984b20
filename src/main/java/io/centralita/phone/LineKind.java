package io.centralita.phone;

/** What a number is assigned to. */
public enum LineKind {
  MOBILE,
  FIXED
}
