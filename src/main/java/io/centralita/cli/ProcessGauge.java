package io.centralita.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the processes of a measurement use, as Linux counts it: see {@code proc(5)}, {@code stat}
 * and {@code status}. A clock tick is a hundredth of a second on every Linux.
 */
final class ProcessGauge {

  /** Whose work it is. */
  enum Part {
    NODE,
    POSTGRES,
    REDIS,
    /** The measurement itself, and its portal. */
    BENCH
  }

  private static final Path PROC = Path.of("/proc");
  private static final double TICKS_PER_SECOND = 100;
  private static final int UTIME = 11; // counted from the field after the name, which is the state
  private static final int CSTIME = 14;

  private final List<Long> nodes;
  private final Path dataDir;

  /**
   * @param nodes process ids
   * @param dataDir below which the servers work
   */
  ProcessGauge(List<Long> nodes, Path dataDir) {
    this.nodes = List.copyOf(nodes);
    this.dataDir = dataDir.toAbsolutePath();
  }

  /** Processor seconds since each process began, with those of its children that have ended. */
  Map<Part, Double> processorSeconds() throws IOException {
    var seconds = new EnumMap<Part, Double>(Part.class);
    seconds.merge(Part.BENCH, secondsOf(ProcessHandle.current().pid()), Double::sum);
    for (var node : nodes) {
      seconds.merge(Part.NODE, secondsOf(node), Double::sum);
    }
    try (Stream<Path> processes = Files.list(PROC)) {
      for (var process : processes.filter(ProcessGauge::isProcess).toList()) {
        var part = part(process);
        if (part != null) {
          seconds.merge(
              part, secondsOf(Long.parseLong(process.getFileName().toString())), Double::sum);
        }
      }
    }
    return seconds;
  }

  private static boolean isProcess(Path path) {
    return path.getFileName().toString().chars().allMatch(Character::isDigit);
  }

  private @org.jspecify.annotations.Nullable Part part(Path process) {
    try {
      if (!Files.readSymbolicLink(process.resolve("cwd")).startsWith(dataDir)) {
        return null;
      }
      return switch (Files.readString(process.resolve("comm")).strip()) {
        case "postgres" -> Part.POSTGRES;
        case "redis-server" -> Part.REDIS;
        default -> null;
      };
    } catch (IOException _) {
      return null; // it has ended, or is not ours
    }
  }

  private static double secondsOf(long pid) {
    try {
      var stat = Files.readString(PROC.resolve(pid + "/stat"));
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      var ticks = 0L;
      for (var i = UTIME; i <= CSTIME; i++) {
        ticks += Long.parseLong(fields[i]);
      }
      return ticks / TICKS_PER_SECOND;
    } catch (IOException _) {
      return 0; // it has ended
    }
  }

  /** The most memory that any node has held at once, in MB. */
  long mostMemory() throws IOException {
    var most = 0L;
    for (var node : nodes) {
      try (var lines = Files.lines(PROC.resolve(node + "/status"))) {
        most =
            Math.max(
                most,
                lines
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0));
      }
    }
    return most;
  }
}
