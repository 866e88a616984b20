package io.centralita.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes an embedded server away, and brings PostgreSQL back on the port it had. */
public final class Outage {
  private Outage() {}

  /** Stops PostgreSQL as a power cut would, without a checkpoint. */
  public static void stopPostgres(DataDir dataDir, Path programs) {
    pgCtl(dataDir, programs, List.of("stop", "-m", "immediate", "-w"));
  }

  /** Starts it again with the options it had. */
  public static void startPostgres(DataDir dataDir, Path programs) {
    var data = dataDir.path().resolve("postgres").resolve("data");
    try {
      var own =
          Files.readString(data.resolve("postmaster.opts"))
              .strip()
              .replaceFirst("^.*?\"-D\" \"[^\"]*\" ", "");
      pgCtl(dataDir, programs, List.of("start", "-w", "-t", "60", "-l", data + ".log", "-o", own));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends Redis, and starts it again, empty, on the port it had. */
  public static void restartRedis(DataDir dataDir, EmbeddedRedis redis) {
    var home = dataDir.path().resolve("redis");
    redis.close();
    Programs.run(
        List.of(home.resolve("redis-server").toString(), home.resolve("redis.conf").toString()),
        home.resolve("outage.log"),
        Duration.ofSeconds(20));
  }

  private static void pgCtl(DataDir dataDir, Path programs, List<String> arguments) {
    var home = dataDir.path().resolve("postgres");
    var command = new ArrayList<String>();
    command.add(programs.resolve("bin").resolve("pg_ctl").toString());
    command.addAll(List.of("-D", home.resolve("data").toString()));
    command.addAll(arguments);
    Programs.run(
        Programs.unprivileged(command), home.resolve("outage.log"), Duration.ofSeconds(90));
  }
}
