package io.centralita.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis of the node's own: a cache, so nothing of it is written to disk; on the loopback address
 * only, behind a password. Outlives a killed node and is adopted by the next start.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final String PORT = "port";
  private static final String PID = "redis.pid";
  private static final String PROGRAM = "/redis-server-6.2.6-v5-linux-amd64";

  private final Path home;
  private final int port;
  private final String password;
  private final boolean adopted;

  private EmbeddedRedis(Path home, int port, String password, boolean adopted) {
    this.home = home;
    this.port = port;
    this.password = password;
    this.adopted = adopted;
  }

  /** Starts, or adopts, the server of this data directory. */
  public static EmbeddedRedis start(DataDir dataDir) {
    var home = dataDir.folder("redis");
    var password = dataDir.secret("redis");
    var running = storedPort(home).map(port -> new EmbeddedRedis(home, port, password, true));
    if (running.isPresent() && running.get().answers()) {
      log.info("adopting the Redis that runs on port {}", running.get().port);
      return running.get();
    }
    var server = new EmbeddedRedis(home, Programs.freePort(), password, false);
    server.launch();
    return server;
  }

  /** Whether the server already ran: others may be working with it. */
  public boolean isAdopted() {
    return adopted;
  }

  public String url() {
    return "redis://:" + password + "@127.0.0.1:" + port;
  }

  /** Starts the server again whenever it ends, until the result is closed. */
  public AutoCloseable keepRunning() {
    return Revival.of(
        "Redis",
        this::process,
        () -> {
          if (!answers()) {
            launch();
          }
        });
  }

  /** The server's live process. */
  private Optional<ProcessHandle> process() {
    try {
      return answers()
          ? ProcessHandle.of(Long.parseLong(Files.readString(home.resolve(PID)).strip()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the process id of Redis", e);
    }
  }

  @Override
  public void close() {
    call("SHUTDOWN NOSAVE");
  }

  private void launch() {
    var config = home.resolve("redis.conf");
    var logFile = home.resolve("redis.log");
    try {
      var program = unpack(home);
      Files.deleteIfExists(config);
      Files.createFile(
          config,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          config,
          """
          bind 127.0.0.1
          port %s
          requirepass %s
          daemonize yes
          save ""
          appendonly no
          maxmemory 512mb
          maxmemory-policy allkeys-lru
          dir "%s"
          logfile "%s"
          pidfile "%s"
          """
              .formatted(Integer.toString(port), password, home, logFile, home.resolve(PID)));
      Files.writeString(home.resolve(PORT), Integer.toString(port));
      Programs.run(List.of(program.toString(), config.toString()), logFile, Duration.ofSeconds(20));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the embedded Redis", e);
    }
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!answers()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the embedded Redis does not answer\n" + Programs.tail(logFile));
      }
      Thread.onSpinWait();
    }
    log.info("Redis started on 127.0.0.1:{}", port);
  }

  private boolean answers() {
    return call("PING").map(answer -> answer.equals("+PONG")).orElse(false);
  }

  /** The first line of Redis's answer to a command, where it answers at all. */
  private Optional<String> call(String command) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(2000);
      socket
          .getOutputStream()
          .write(("AUTH " + password + "\r\n" + command + "\r\n").getBytes(StandardCharsets.UTF_8));
      var answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      var authenticated = answers.readLine();
      return "+OK".equals(authenticated)
          ? Optional.ofNullable(answers.readLine())
          : Optional.empty();
    } catch (IOException e) {
      log.debug("no Redis on port {}", port, e);
      return Optional.empty();
    }
  }

  private static Optional<Integer> storedPort(Path home) {
    var portFile = home.resolve(PORT);
    try {
      return Files.exists(portFile)
          ? Optional.of(Integer.parseInt(Files.readString(portFile).strip()))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      log.warn("{} cannot be read; a new Redis is started", portFile.getFileName(), e);
      return Optional.empty();
    }
  }

  private static Path unpack(Path home) throws IOException {
    var program = home.resolve("redis-server");
    if (Files.exists(program)) {
      return program;
    }
    var building = home.resolve("redis-server.new");
    try (var resource = EmbeddedRedis.class.getResourceAsStream(PROGRAM)) {
      if (resource == null) {
        throw new IllegalStateException(
            "no embedded Redis for this platform: set CENTRALITA_REDIS_URL to a server of yours");
      }
      Files.copy(resource, building, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.setPosixFilePermissions(building, PosixFilePermissions.fromString("rwx------"));
    Files.move(building, program, StandardCopyOption.ATOMIC_MOVE);
    return program;
  }
}
