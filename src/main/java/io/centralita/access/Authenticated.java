package io.centralita.access;

import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.http.RequestId;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;

/** Routes that need a key: {@code X-API-Key: …} or {@code Authorization: Bearer …}. */
public final class Authenticated {
  private static final String BEARER = "bearer ";

  private final Keys keys;

  public Authenticated(Keys keys) {
    this.keys = keys;
  }

  /** The inner route for whoever's key it is; a problem (401) without a valid key. */
  public Route authenticated(Function<Principal, Route> inner) {
    return extractRequest(
        request -> {
          var key =
              key(request)
                  .orElseThrow(
                      () ->
                          ProblemException.unauthorized(
                              "a key is needed: X-API-Key or Authorization: Bearer"));
          return onSuccess(
              keys.verify(key), principal -> inner.apply(principal.orElseThrow(KeyText::wrong)));
        });
  }

  /** As {@link #authenticated}, with the request. */
  public Route asked(BiFunction<Asker, HttpRequest, Route> inner) {
    return authenticated(
        who ->
            extractRequest(request -> inner.apply(new Asker(who, RequestId.of(request)), request)));
  }

  /** As {@link #asked}, for a path that takes no parameters. */
  public Route plain(Function<Asker, Route> inner) {
    return asked(
        (asker, request) -> {
          Parameters.none(request);
          return inner.apply(asker);
        });
  }

  /** As {@link #asked}, for administrators; a problem (403) for anybody else. */
  public Route asAdmin(BiFunction<Asker, HttpRequest, Route> inner) {
    return asked(
        (asker, request) -> {
          asker.who().requireAdmin();
          return inner.apply(asker, request);
        });
  }

  // X-API-Key wins: proxies sometimes put an Authorization of their own.
  private static Optional<String> key(HttpRequest request) {
    return request
        .getHeader("X-API-Key")
        .map(header -> header.value().strip())
        .or(
            () ->
                request
                    .getHeader("Authorization")
                    .map(header -> header.value())
                    .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                    .map(value -> value.substring(BEARER.length()).strip()));
  }
}
