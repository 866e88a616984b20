package io.centralita.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A node, until a signal. */
@Command(
    name = "serve",
    description = {
      "Starts a node and serves until it is told to stop.",
      "",
      "Without CENTRALITA_DB_URL and CENTRALITA_REDIS_URL the node brings its own PostgreSQL and"
          + " Redis, in the data directory. SIGTERM and Ctrl-C drain and stop it within 30 s; a"
          + " second one ends it at once. Killed, it goes on where it was at the next start."
    },
    footer = {
      "",
      "Example, with a simulated portal in another terminal (./centralita simulate portal):",
      "  CENTRALITA_PORTAL_WEB_URL=http://127.0.0.1:8901 \\",
      "  CENTRALITA_PORTAL_API_URL=http://127.0.0.1:8901 \\",
      "  CENTRALITA_PORTAL_DIRECT=true ./centralita serve",
      "",
      "Every setting: docs/reference/settings.md"
    })
final class ServeCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The HTTP port. Default: CENTRALITA_HTTP_PORT, else 8800.")
  private @Nullable Integer port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = {"The data directory. Default: CENTRALITA_DATA_DIR, else", ".centralita"})
  private @Nullable Path dataDir;

  ServeCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    var settings = settings();
    var told = new CountDownLatch(1);
    var removed = new AtomicBoolean();
    shell
        .atFirstSignal()
        .accept(
            () -> {
              shell.say("stopping");
              told.countDown();
            });
    try (var node = shell.nodes().start(settings)) {
      announce(node);
      node.ended()
          .thenAccept(
              asked -> {
                if (told.getCount() > 0) {
                  removed.set(!asked);
                  told.countDown();
                }
              });
      told.await();
    } catch (RuntimeException e) {
      if (told.getCount() > 0) {
        throw e;
      }
      // Ctrl-C also reaches the servers that were just being started, and they give up first.
    }
    if (removed.get()) {
      throw new CommandFailure(
          "the other nodes have gone on without this one, which was frozen or cut off for too long:"
              + " start it again");
    }
    shell.say("stopped");
    return 0;
  }

  /** What the options say. */
  private Map<String, ?> settings() {
    var settings = new HashMap<String, Object>();
    if (port != null) {
      settings.put("centralita.http.port", Ports.checked(port));
    }
    if (dataDir != null) {
      settings.put("centralita.data-dir", dataDir.toString());
    }
    return settings;
  }

  private void announce(RunningNode node) {
    shell.say("serving on " + node.uri() + "   API: " + node.uri() + "/docs");
    if (node.newAdminKey()) {
      shell.say("the administrator's key, told this once: " + node.adminKey());
    }
  }
}
