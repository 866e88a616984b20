package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** How a call that must fail has failed. */
final class CallFailure {
  private CallFailure() {}

  /** The failure, which must not tell the secret. */
  static OutsideException of(CompletionStage<Response> sent, String secret) {
    var thrown = assertThrows(CompletionException.class, sent.toCompletableFuture()::join);
    var failure = assertInstanceOf(OutsideException.class, thrown.getCause());
    assertFalse(failure.toString().contains(secret), failure.toString());
    return failure;
  }
}
