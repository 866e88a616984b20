package io.centralita.contacts;

/** What became of a row of an import: every row that is read has one. */
enum ImportOutcome {
  /** The number was new. */
  IMPORTED,
  /** The number was known, and the row had something new about it. */
  UPDATED,
  /** The number was known, from the store or an earlier row, and nothing new. */
  DUPLICATE,
  /** No number. */
  REJECTED
}
