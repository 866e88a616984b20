package io.centralita.webhooks;

import io.centralita.outside.Headers;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideException;
import io.centralita.outside.PrivateAddresses;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import io.centralita.outside.RetryAfter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends a delivery once. The host's addresses are looked at right before, and the call goes to the
 * one that was looked at: a name that leads elsewhere a moment later leads nowhere.
 */
final class Sender {
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

  /** A host that must not be called, or has no address. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String reason) {
      super(reason, null, false, false);
    }
  }

  /** Finds a host's addresses; blocks. */
  interface Resolver {
    List<InetAddress> resolve(String host) throws UnknownHostException;

    Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));
  }

  private final OutsideClient client;
  private final Resolver resolver;
  private final Executor resolving;
  private final boolean privateAllowed;
  private final boolean httpAllowed;
  private final Duration timeout;
  private final InstantSource clock;

  /**
   * @param resolving where names are resolved, which blocks
   */
  Sender(
      OutsideClient client,
      Resolver resolver,
      Executor resolving,
      Webhooks.Settings settings,
      InstantSource clock) {
    this.client = client;
    this.resolver = resolver;
    this.resolving = resolving;
    this.privateAllowed = settings.privateAllowed();
    this.httpAllowed = settings.httpAllowed();
    this.timeout = settings.timeout();
    this.clock = clock;
  }

  /** Why a URL may not be called; empty where it may, or its host has no address now. */
  CompletionStage<String> objection(String url) {
    var host = URI.create(url).getHost();
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return privateAllowed || resolver.resolve(host).stream().allMatch(Sender::isPublic)
                ? ""
                : "at a private address, which centralita.webhooks.allow-private forbids";
          } catch (UnknownHostException _) {
            return "";
          }
        },
        resolving);
  }

  /** Completes with what became of it, and never fails for the receiver's sake. */
  CompletionStage<Attempt> send(Due due) {
    var at = clock.instant();
    var begun = System.nanoTime();
    var uri = URI.create(due.url());
    return CompletableFuture.supplyAsync(() -> address(uri), resolving)
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .thenCompose(address -> client.send(request(due, uri, at).at(address).statusOnly()))
        .handle((answer, failure) -> attempt(at, begun, answer, failure));
  }

  private InetAddress address(URI uri) {
    if (!httpAllowed && "http".equalsIgnoreCase(uri.getScheme())) {
      throw new RefusedException("http is not allowed here");
    }
    try {
      var addresses = resolver.resolve(uri.getHost());
      if (!privateAllowed && !addresses.stream().allMatch(Sender::isPublic)) {
        throw new RefusedException("the host is at a private address");
      }
      return addresses.getFirst();
    } catch (UnknownHostException _) {
      throw new RefusedException("the host has no address");
    }
  }

  private static boolean isPublic(InetAddress address) {
    return !PrivateAddresses.contains(address);
  }

  private Request request(Due due, URI uri, Instant at) {
    var seconds = at.getEpochSecond();
    var headers =
        Headers.of(
            "Content-Type",
            "application/json",
            "User-Agent",
            "centralita-webhooks/1",
            "webhook-id",
            due.webhookId(),
            "webhook-timestamp",
            Long.toString(seconds),
            "webhook-signature",
            Signature.of(due.secrets(), due.webhookId(), seconds, due.body()),
            "webhook-position",
            Long.toString(due.position()));
    return Request.post(uri, headers, due.body().getBytes(StandardCharsets.UTF_8), timeout);
  }

  private static Attempt attempt(
      Instant at, long begun, @Nullable Response answer, @Nullable Throwable failure) {
    var latency = Duration.ofNanos(System.nanoTime() - begun);
    if (answer == null) {
      return new Attempt(at, null, latency, words(failure), Duration.ZERO);
    }
    var status = answer.status();
    if (status >= 200 && status < 300) {
      return new Attempt(at, status, latency, "", Duration.ZERO);
    }
    var wait =
        RetryAfter.parse(answer.headers().first("Retry-After"), at, LONGEST_RETRY_AFTER)
            .orElse(Duration.ZERO);
    return new Attempt(at, status, latency, "answered " + status, wait);
  }

  private static String words(@Nullable Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return switch (cause) {
      case RefusedException e -> String.valueOf(e.getMessage());
      case OutsideException e -> e.kind().words(); // the rest may hold what the receiver says
      case TimeoutException _ -> "timeout";
      case null, default -> "failed";
    };
  }
}
