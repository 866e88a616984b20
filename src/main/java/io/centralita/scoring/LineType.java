package io.centralita.scoring;

/** What kind of line a number is, as a numbering plan or a carrier look-up says. */
public enum LineType {
  MOBILE,
  FIXED,
  VOIP,
  UNKNOWN
}
