package io.centralita.scoring;

/** Leads of about the same worth, the best first. */
public enum Tier {
  PREMIUM,
  HIGH,
  MEDIUM,
  LOW,
  POOR,
  /** No platform could be asked: nothing speaks for the lead, and nothing against it. */
  UNKNOWN
}
