package io.centralita.proxy;

import io.centralita.outside.Headers;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideException;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import io.centralita.proxy.ProxyCommand.Tested;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** Makes one real call through a proxy, over a connection of its own. */
final class Probe implements Trial.Call {
  private static final Headers HEADERS =
      Headers.of("User-Agent", "Mozilla/5.0", "Accept", "*/*", "Accept-Language", "es-ES,es;q=0.9");

  private final ProxyStore store;
  private final OutsideClient outside;
  private final URI url;
  private final Duration timeout;
  private final Rules rules;
  private final RandomGenerator random;

  /**
   * @param url what is called
   * @param timeout of the whole call
   */
  Probe(
      ProxyStore store,
      OutsideClient outside,
      URI url,
      Duration timeout,
      Rules rules,
      RandomGenerator random) {
    this.store = store;
    this.outside = outside;
    this.url = url;
    this.timeout = timeout;
    this.rules = rules;
    this.random = random;
  }

  @Override
  public CompletionStage<Tested> make(long proxyId) {
    return store
        .open(proxyId)
        .thenCompose(
            found ->
                found.isPresent()
                    ? call(found.get())
                    : CompletableFuture.completedFuture(
                        new Tested(Outcome.BAD_ANSWER, "the proxy is removed", 0)));
  }

  private CompletionStage<Tested> call(ProxyStore.Opened proxy) {
    var configuration = proxy.row().configuration();
    var exit = new Lending(rules, random).any(configuration);
    var line = outside.line(proxy.credentials().socks5(configuration.host(), exit));
    var began = System.nanoTime();
    return line.send(Request.get(url, HEADERS, timeout))
        .handle(
            (response, failure) -> {
              line.close();
              var millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
              return failure == null ? answered(response, millis) : failed(failure, millis);
            });
  }

  private Tested answered(Response response, long millis) {
    var outcome =
        switch (response.status()) {
          case 403 -> Outcome.BLOCKED;
          case 429 -> Outcome.THROTTLED;
          default -> Outcome.OK;
        };
    return new Tested(outcome, response.status() + " from " + url.getHost(), millis);
  }

  private static Tested failed(Throwable failure, long millis) {
    var cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    if (cause instanceof OutsideException outside) {
      return new Tested(Outcome.of(outside, false), outside.reason(), millis);
    }
    throw new CompletionException(cause); // not the proxy's fault
  }
}
