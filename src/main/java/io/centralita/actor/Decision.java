package io.centralita.actor;

import java.util.List;

/**
 * What an entity makes of being told something; nothing has happened yet.
 *
 * @param <E> the entity's events
 */
public sealed interface Decision<E> {

  /** Nothing happens, and whoever asked hears why: a clause that follows the entity's name. */
  record Refused<E>(String why) implements Decision<E> {}

  /** This happens; nothing, where it is so already. */
  record Accepted<E>(List<E> events) implements Decision<E> {
    public Accepted {
      events = List.copyOf(events);
    }
  }

  static <E> Decision<E> refused(String why) {
    return new Refused<>(why);
  }

  static <E> Decision<E> accepted(E event) {
    return new Accepted<>(List.of(event));
  }

  static <E> Decision<E> asItIs() {
    return new Accepted<>(List.of());
  }
}
