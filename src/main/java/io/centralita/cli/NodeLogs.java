package io.centralita.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the nodes of a local cluster print, a file for each. */
final class NodeLogs implements AutoCloseable {
  private final Path folder;
  private final Map<String, Writer> files = new ConcurrentHashMap<>();

  private NodeLogs(Path folder) {
    this.folder = folder;
  }

  static NodeLogs in(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new NodeLogs(folder);
  }

  /** Keeps a line at once: its node may be killed with the next. */
  void line(String node, String line) {
    var file = files.computeIfAbsent(node, this::open);
    try {
      file.write(line + "\n");
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the log of " + node + " cannot be written", e);
    }
  }

  private Writer open(String node) {
    try {
      return Files.newBufferedWriter(folder.resolve(node.replace(' ', '-') + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException("the log of " + node + " cannot be written", e);
    }
  }

  @Override
  public void close() {
    for (var file : files.values()) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("a node's log cannot be written", e);
      }
    }
  }
}
