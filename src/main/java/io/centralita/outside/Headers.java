package io.centralita.outside;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a request or a response: names without case, several values each, never changed
 * once made. Build those that repeat once and share them between requests.
 */
public final class Headers {

  /** No header at all. */
  public static final Headers NONE = new Headers(HttpHeaders.headers());

  private final MultiMap map;

  Headers(MultiMap map) {
    this.map = map;
  }

  /** Headers from names and values in turn. */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a header name without its value");
    }
    var map = HttpHeaders.headers();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Headers(map);
  }

  /** These headers with one more; earlier values of that name are replaced. */
  public Headers with(String name, String value) {
    return new Headers(HttpHeaders.headers().addAll(map).set(name, value));
  }

  /** The first value of a header, null if it is not there. */
  public @Nullable String first(String name) {
    return map.get(name);
  }

  /** Every value of a header, in the order they came. */
  public List<String> all(String name) {
    return map.getAll(name);
  }

  MultiMap map() {
    return map;
  }

  /** The names only: values hold cookies and tokens. */
  @Override
  public String toString() {
    return map.names().toString();
  }
}
