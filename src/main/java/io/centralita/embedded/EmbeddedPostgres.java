package io.centralita.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of the node's own: durable, on the loopback address only, behind a password.
 *
 * <p>The server is its own process and outlives a killed node; the next start on the same folder
 * adopts it if it still runs, and starts it again if not.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String VERSION = "18.6.0";
  private static final String USER = "centralita";

  /** Durable is PostgreSQL's own default; it is said here so that nobody need look it up. */
  private static final Map<String, String> CONFIG =
      Map.ofEntries(
          Map.entry("listen_addresses", "127.0.0.1"),
          Map.entry("unix_socket_directories", ""),
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("wal_compression", "off"),
          Map.entry("shared_buffers", sharedBuffers() + "MB"),
          // Checkpoints are rare while much is written: after each, every page that is touched is
          // written whole once more.
          Map.entry("max_wal_size", "8GB"),
          Map.entry("checkpoint_timeout", "15min"),
          Map.entry("max_connections", "150"),
          Map.entry("jit", "off"),
          Map.entry("timezone", "UTC"),
          Map.entry("log_timezone", "UTC"),
          // A statement that fails is logged without its values: they are people's data.
          Map.entry("log_min_error_statement", "panic"),
          Map.entry("log_parameter_max_length_on_error", "0"));

  private static final Duration FOR_CUT = Duration.ofSeconds(3);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** In MB: an eighth of the machine's memory. It is taken as it is used, and not before. */
  private static long sharedBuffers() {
    var machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return Math.clamp((machine >> 20) / 8, 128, 2048);
  }

  private final Path bin;
  private final Path data;
  private final Path logFile;
  private final int port;
  private final String password;
  private final boolean adopted;

  private EmbeddedPostgres(
      Path bin, Path data, Path logFile, int port, String password, boolean adopted) {
    this.bin = bin;
    this.data = data;
    this.logFile = logFile;
    this.port = port;
    this.password = password;
    this.adopted = adopted;
  }

  /** Starts, or adopts, the server whose data are in the folder {@code postgres}. */
  public static EmbeddedPostgres start(DataDir dataDir) {
    return start(dataDir, dataDir.path().resolve("postgres-" + VERSION));
  }

  /** As {@link #start(DataDir)}, with the program's files in a folder that others may share. */
  public static EmbeddedPostgres start(DataDir dataDir, Path programs) {
    var home = dataDir.folder("postgres");
    var password = dataDir.secret("postgres");
    var data = home.resolve("data");
    var logFile = home.resolve("postgres.log");
    var bin = unpack(programs).resolve("bin");
    if (!Files.exists(data)) {
      create(bin, data, logFile, password);
    }
    var running = runningPort(data);
    var port = running.orElseGet(Programs::freePort);
    var server = new EmbeddedPostgres(bin, data, logFile, port, password, running.isPresent());
    if (running.isPresent()) {
      log.info("adopting the PostgreSQL that runs on port {}", port);
    } else {
      server.launch();
    }
    server.awaitReady();
    return server;
  }

  /** Whether the server already ran: others may be working with it. */
  public boolean isAdopted() {
    return adopted;
  }

  public String url() {
    return url("postgres");
  }

  /** The address of one of the server's databases. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  public String user() {
    return USER;
  }

  public String password() {
    return password;
  }

  /** Stops the server in its fast mode: open transactions end, what was committed stays. */
  @Override
  public void close() {
    close(Duration.ofSeconds(28));
  }

  /**
   * As {@link #close()}; a server that takes longer is cut off, and recovers at its next start.
   * What was committed stays then, too.
   */
  public void close(Duration limit) {
    var forFast = limit.minus(FOR_CUT);
    try {
      stop("fast", forFast.compareTo(SHORTEST) < 0 ? SHORTEST : forFast);
    } catch (IllegalStateException e) {
      if (process(data).isEmpty()) {
        throw e;
      }
      log.warn("PostgreSQL does not stop in time and is cut off; its next start recovers", e);
      stop("immediate", FOR_CUT);
    }
  }

  private void stop(String mode, Duration limit) {
    var seconds = Long.toString(limit.toSeconds());
    Programs.run(
        pgCtl("stop", "-m", mode, "-w", "-t", seconds), logFile, limit.plus(Duration.ofSeconds(1)));
  }

  /** Starts the server again whenever it ends, until the result is closed. */
  public AutoCloseable keepRunning() {
    return Revival.of(
        "PostgreSQL",
        () -> process(data),
        () -> {
          if (process(data).isEmpty()) {
            launch();
          }
          awaitReady();
        });
  }

  private void launch() {
    var options = new ArrayList<String>();
    CONFIG.forEach((key, value) -> options.add("-c " + key + "='" + value + "'"));
    options.add("-p " + port);
    Programs.run(
        pgCtl("start", "-w", "-t", "60", "-l", logFile.toString(), "-o", String.join(" ", options)),
        logFile.resolveSibling("pg_ctl.log"),
        Duration.ofSeconds(90));
    log.info("PostgreSQL {} started on 127.0.0.1:{}", VERSION, port);
  }

  private List<String> pgCtl(String... arguments) {
    var command = new ArrayList<>(List.of(bin.resolve("pg_ctl").toString(), "-D", data.toString()));
    command.addAll(List.of(arguments));
    return Programs.unprivileged(command);
  }

  private void awaitReady() {
    var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try (var connection = DriverManager.getConnection(url(), USER, password)) {
        if (connection.isValid(5)) {
          return;
        }
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "the embedded PostgreSQL does not answer\n" + Programs.tail(logFile), e);
        }
      }
      pauseBriefly();
    }
  }

  private static void pauseBriefly() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while PostgreSQL started", e);
    }
  }

  /** The port of the server that has these data open, where its process is alive. */
  private static Optional<Integer> runningPort(Path data) {
    return process(data).isEmpty()
        ? Optional.empty()
        : Optional.of(Integer.parseInt(pidFile(data).get(3).strip()));
  }

  /** The live process of the server that has these data open. */
  private static Optional<ProcessHandle> process(Path data) {
    var lines = pidFile(data);
    return lines.size() < 4
        ? Optional.empty()
        : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
            .filter(EmbeddedPostgres::isPostgres);
  }

  /** Lines: process id, data directory, start time, port, …; none where no server runs. */
  private static List<String> pidFile(Path data) {
    var file = data.resolve("postmaster.pid");
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  // After a reboot another program may have the process id.
  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().map(command -> command.endsWith("postgres")).orElse(false);
  }

  // Made beside and moved into place, so that a start cut off in the middle is simply begun again.
  private static void create(Path bin, Path data, Path logFile, String password) {
    var building = data.resolveSibling("data.new");
    var passwordFile = data.resolveSibling("password.new");
    try {
      DataDir.deleteTree(building);
      Files.deleteIfExists(passwordFile);
      Files.createFile(
          passwordFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(passwordFile, password);
      Programs.run(
          Programs.unprivileged(
              List.of(
                  bin.resolve("initdb").toString(),
                  "-D",
                  building.toString(),
                  "-U",
                  USER,
                  "--auth=scram-sha-256",
                  "--pwfile=" + passwordFile,
                  "--encoding=UTF8",
                  "--locale-provider=builtin",
                  "--builtin-locale=C.UTF-8",
                  "--locale=C")),
          logFile,
          Duration.ofSeconds(60));
      Files.delete(passwordFile);
      Files.move(building, data, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the embedded database", e);
    }
  }

  /** The server's programs, unpacked once for each version. */
  private static Path unpack(Path target) {
    if (Files.exists(target)) {
      return target;
    }
    var building = target.resolveSibling(target.getFileName() + ".new");
    try (var resource = EmbeddedPostgres.class.getResourceAsStream(ARCHIVE)) {
      if (resource == null) {
        throw new IllegalStateException(
            "no embedded PostgreSQL for this platform: set CENTRALITA_DB_URL to a server of yours");
      }
      DataDir.deleteTree(building);
      Files.createDirectories(building);
      try (var tar =
          new TarArchiveInputStream(
              new XZCompressorInputStream(new BufferedInputStream(resource)))) {
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
          var file = building.resolve(entry.getName()).normalize();
          if (!file.startsWith(building)) {
            throw new IOException("entry outside the archive");
          }
          if (entry.isDirectory()) {
            Files.createDirectories(file);
          } else if (entry.isSymbolicLink()) {
            Files.createDirectories(file.getParent());
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
          } else {
            Files.createDirectories(file.getParent());
            Files.copy(tar, file);
            if ((entry.getMode() & 0100) != 0) {
              var permissions = new HashSet<>(Files.getPosixFilePermissions(file));
              permissions.add(PosixFilePermission.OWNER_EXECUTE);
              Files.setPosixFilePermissions(file, permissions);
            }
          }
        }
      }
      Files.move(building, target, StandardCopyOption.ATOMIC_MOVE);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack PostgreSQL", e);
    }
  }
}
