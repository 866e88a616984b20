package io.centralita.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor where the next page begins, null on the last
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

  /**
   * The page made of rows read with a limit of one more than the page may have: that one more says
   * whether the list goes on.
   */
  public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> cursorOf) {
    return rows.size() <= limit
        ? new Page<>(List.copyOf(rows), null)
        : new Page<>(List.copyOf(rows.subList(0, limit)), cursorOf.apply(rows.get(limit - 1)));
  }
}
