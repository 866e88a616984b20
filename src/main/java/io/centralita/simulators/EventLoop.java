package io.centralita.simulators;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.CompletionException;

/**
 * One thread that serves all sockets of one simulator, so that its state needs no locks of its own.
 */
final class EventLoop {
  private EventLoop() {}

  /** Daemon threads: a simulator never keeps a finished program alive. */
  static Vertx create() {
    var files =
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setUseDaemonThread(true)
            .setFileSystemOptions(files));
  }

  /** Waits for a server that is about to listen; if it cannot, closes {@code vertx} and throws. */
  static <T> T started(Vertx vertx, Future<T> listening, String what) {
    try {
      return await(listening);
    } catch (CompletionException e) {
      await(vertx.close());
      throw new IllegalStateException(what + " cannot listen: " + e.getCause(), e.getCause());
    }
  }

  /** Blocks the calling thread, which must not be an event loop. */
  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
