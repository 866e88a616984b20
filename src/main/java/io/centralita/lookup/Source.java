package io.centralita.lookup;

import java.util.Locale;
import java.util.Optional;

/** Where an answer came from. */
public enum Source {
  CACHE(1),
  DATABASE(2),
  SCRAPING(3);

  /** As file_windows.sources has it where there was no answer. */
  static final short NONE = 0;

  private final short code;

  Source(int code) {
    this.code = (short) code;
  }

  /** As file_windows.sources has it. */
  short code() {
    return code;
  }

  static Optional<Source> of(short code) {
    for (var source : values()) {
      if (source.code == code) {
        return Optional.of(source);
      }
    }
    return Optional.empty();
  }

  /** As the API has it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
