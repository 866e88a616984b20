package io.centralita.lookup;

/** What came of asking for one line. */
public sealed interface Answer {

  /** The source knows the operator. */
  record Found(Operator operator) implements Answer {}

  /** The source answered, with an operator that is none. */
  record Unknown(String reason) implements Answer {}

  /** The source gave no answer, and was given up. */
  record Failed(String reason) implements Answer {}
}
