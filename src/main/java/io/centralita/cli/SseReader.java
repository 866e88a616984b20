package io.centralita.cli;

import java.util.Optional;

/** Puts server-sent events together from the lines of a stream (WHATWG HTML, section 9.2.6). */
final class SseReader {

  /** One event; its name is {@code message} where the stream gives none. */
  record Event(String name, String data) {}

  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private boolean hasData;

  /** Takes the next line, without its end; an empty one may complete an event. */
  Optional<Event> line(String line) {
    if (line.isEmpty()) {
      return dispatch();
    }
    var colon = line.indexOf(':');
    var field = colon < 0 ? line : line.substring(0, colon);
    var value = colon < 0 ? "" : line.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    switch (field) {
      case "event" -> name = value;
      case "data" -> {
        if (hasData) {
          data.append('\n');
        }
        data.append(value);
        hasData = true;
      }
      default -> {
        // a comment, or a field that this program does not need
      }
    }
    return Optional.empty();
  }

  private Optional<Event> dispatch() {
    var event = new Event(name.isEmpty() ? "message" : name, data.toString());
    var complete = hasData;
    name = "";
    data.setLength(0);
    hasData = false;
    return complete ? Optional.of(event) : Optional.empty();
  }
}
