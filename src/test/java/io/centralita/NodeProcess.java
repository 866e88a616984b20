package io.centralita;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node in a JVM of its own, which can be killed. */
final class NodeProcess implements AutoCloseable {
  static final String ADMIN_KEY = "an-administrators-key";

  /** Of this life alone: a connection to an earlier one at the same address leads nowhere. */
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final Process process;
  private final URI uri;
  private final Path log;

  private NodeProcess(Process process, URI uri, Path log) {
    this.process = process;
    this.uri = uri;
    this.log = log;
  }

  /** Starts a node on that data directory and waits until it serves. */
  static NodeProcess start(Path dataDir, int port, Map<String, String> environment) {
    var node = launch(dataDir, port, environment);
    node.awaitReady();
    return node;
  }

  /** Starts a node and does not wait. */
  static NodeProcess launch(Path dataDir, int port, Map<String, String> environment) {
    return launch(
        dataDir, URI.create("http://127.0.0.1:" + port), List.of(), List.of(), environment);
  }

  /**
   * Starts a node elsewhere than on this machine's loopback, and does not wait.
   *
   * @param prefix what runs the JVM, such as {@code ip netns exec NAME}
   */
  static NodeProcess launch(
      Path dataDir,
      URI uri,
      List<String> prefix,
      List<String> jvmOptions,
      Map<String, String> environment) {
    var log = dataDir.resolveSibling(dataDir.getFileName() + ".log");
    var builder = ProgramProcess.of(log, "serve");
    builder.command().addAll(1, jvmOptions);
    builder.command().addAll(0, prefix);
    var variables = builder.environment();
    variables.put("CENTRALITA_DATA_DIR", dataDir.toString());
    variables.put("CENTRALITA_HTTP_PORT", Integer.toString(uri.getPort()));
    variables.put("CENTRALITA_CLUSTER_PORT", "0");
    variables.put("CENTRALITA_MANAGEMENT_PORT", "0");
    variables.put("CENTRALITA_ADMIN_KEY", ADMIN_KEY);
    variables.put("CENTRALITA_SECRETS_KEY", TestNode.SECRETS_KEY);
    variables.put("CENTRALITA_LOG", "text");
    variables.put("CENTRALITA_LOG_LEVEL", "INFO");
    variables.putAll(environment);
    try {
      Files.createDirectories(dataDir);
      return new NodeProcess(builder.start(), uri, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitReady() {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!answersReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("the node does not serve:\n" + output());
      }
    }
  }

  private boolean answersReady() {
    try {
      var ready = HttpRequest.newBuilder(uri.resolve("/ready")).build();
      return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return waitABit();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean waitABit() {
    try {
      process.waitFor(100, TimeUnit.MILLISECONDS);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  ApiClient client() {
    return new ApiClient(uri, ADMIN_KEY, http);
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    waitForEnd();
  }

  /** SIGTERM; the exit status. */
  int terminate() {
    process.destroy();
    return waitForEnd();
  }

  /** Stops the process in its tracks: it does not notice. */
  void freeze() {
    signal("STOP");
  }

  /** Lets a frozen process go on. */
  void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("no SIG" + name + " for a process that is gone");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int waitForEnd() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the node does not end:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String output() {
    return ProgramProcess.printed(log);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
    }
  }
}
