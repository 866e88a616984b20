package io.centralita.phone;

/**
 * An area code of Mexico.
 *
 * @param code two digits or three
 * @param state the one with most of its lines
 * @param city the largest town, by its common name
 */
public record Lada(int code, MexicanState state, String city) {}
