package io.centralita.validation;

import io.centralita.scoring.Evidence.Status;
import io.centralita.scoring.Platform;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** By which numbers the database knows what is few, and by which words the API does. */
final class Codes {
  private static final Map<Short, Check> CHECKS = by(Check.values(), Codes::of);
  private static final Map<Short, Status> STATUSES = by(Status.values(), Codes::of);

  private Codes() {}

  private static <T> Map<Short, T> by(T[] all, Function<T, Short> code) {
    return Arrays.stream(all).collect(Collectors.toMap(code, Function.identity()));
  }

  static short of(Check check) {
    return switch (check) {
      case WHATSAPP -> 1;
      case INSTAGRAM -> 2;
      case FACEBOOK -> 3;
      case GOOGLE -> 4;
      case APPLE -> 5;
      case CARRIER -> 6;
      case NUMBERING -> 7;
    };
  }

  static short of(Status status) {
    return switch (status) {
      case ACTIVE -> 1;
      case INACTIVE -> 2;
      case NOT_FOUND -> 3;
      case ERROR -> 4;
      case RATE_LIMITED -> 5;
      case UNSUPPORTED -> 6;
    };
  }

  static Check check(short code) {
    return Objects.requireNonNull(CHECKS.get(code));
  }

  static Status status(short code) {
    return Objects.requireNonNull(STATUSES.get(code));
  }

  /** Such as {@code whatsapp}. */
  static String word(Check check) {
    return check.name().toLowerCase(Locale.ROOT);
  }

  /** The same word as that of its check. */
  static String word(Platform platform) {
    return platform.name().toLowerCase(Locale.ROOT);
  }

  /** The check of a name, in letters of any size. */
  static Optional<Check> check(String word) {
    return Arrays.stream(Check.values())
        .filter(check -> check.name().equalsIgnoreCase(word.strip()))
        .findFirst();
  }
}
