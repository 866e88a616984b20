package io.centralita.simulators;

/**
 * Questions about one number.
 *
 * @param asked questions that were let in, also those that met a fault
 * @param answered questions that got the true answer
 */
public record Calls(int asked, int answered) {}
