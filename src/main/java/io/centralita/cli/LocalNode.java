package io.centralita.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One node of a {@link LocalCluster}, in a process of its own, which may end and start again. */
final class LocalNode {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private static final int ASK_AGAIN_MS = 100;

  /**
   * Where a node listens, all on loopback.
   *
   * @param cluster where the other nodes reach it
   */
  record Ports(int http, int cluster, int management) {}

  private final int number;
  private final Ports ports;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Consumer<String> output;
  private @Nullable Process process;

  /**
   * @param number from 1
   * @param output takes what the node prints, a line at a time
   */
  LocalNode(
      int number,
      Ports ports,
      List<String> command,
      Map<String, String> environment,
      Consumer<String> output) {
    this.number = number;
    this.ports = ports;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.output = output;
  }

  String name() {
    return "node-" + number;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + ports.http());
  }

  Ports ports() {
    return ports;
  }

  /** Starts the process; what it becomes is seen by {@link #ready} and {@link #onEnd}. */
  synchronized void start() {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      var started = builder.start();
      process = started;
      Thread.ofVirtual().name(name() + "-output").start(() -> copyOutput(started));
    } catch (IOException e) {
      throw new CommandFailure(name() + " cannot be started", e);
    }
  }

  private void copyOutput(Process started) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        output.accept(line);
      }
    } catch (IOException e) {
      output.accept("(its output cannot be read any more: " + e.getMessage() + ")");
    }
  }

  private synchronized Process process() {
    var started = process;
    if (started == null) {
      throw new IllegalStateException(name() + " was not started");
    }
    return started;
  }

  synchronized boolean wasStarted() {
    return process != null;
  }

  long pid() {
    return process().pid();
  }

  boolean isAlive() {
    return process().isAlive();
  }

  /** Completes with the exit status of the process that runs now. */
  CompletableFuture<Integer> onEnd() {
    return process().onExit().thenApply(Process::exitValue);
  }

  /** SIGTERM. */
  void terminate() {
    process().toHandle().destroy(); // the process itself would also close its output
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() {
    process().toHandle().destroyForcibly();
    awaitEnd(Duration.ofSeconds(10));
  }

  /** Whether the process is gone within that time. */
  boolean awaitEnd(Duration limit) {
    try {
      return process().waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits until the node serves; false where its process ended instead, or time is up. */
  boolean awaitReady(Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < deadline) {
      if (ready()) {
        return true;
      }
      if (awaitEnd(Duration.ofMillis(ASK_AGAIN_MS)) || Thread.currentThread().isInterrupted()) {
        return false;
      }
    }
    return false;
  }

  private boolean ready() {
    try {
      var request =
          HttpRequest.newBuilder(uri().resolve("/ready")).timeout(Duration.ofSeconds(3)).build();
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException | UncheckedIOException _) {
      return false; // not yet
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
