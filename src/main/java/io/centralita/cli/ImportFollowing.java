package io.centralita.cli;

import java.io.IOException;
import java.io.InputStream;

/** An import, followed to its end on the terminal. */
final class ImportFollowing {
  private final Shell shell;
  private final Api api;
  private final ProgressReport report;

  ImportFollowing(Shell shell, Api api, ProgressReport report) {
    this.shell = shell;
    this.api = api;
    this.report = report;
  }

  /**
   * Follows it; returns the command's exit status. Ctrl-C leaves the import running on the node.
   */
  int toTheEnd(long id, String of) throws IOException {
    shell
        .atFirstSignal()
        .accept(
            () -> {
              report.end();
              shell.say(
                  "import " + id + " goes on at " + api.node() + ": see /api/v1/imports/" + id);
            });
    shell.say("import " + id + " of " + of + " on " + api.node());
    new Follower(followed(id), report).toTheEnd();
    report.end();
    return tell(ImportState.parse(now(id)));
  }

  private int tell(ImportState done) {
    shell.say(
        "%s: %,d rows read; %,d imported, %,d updated, %,d duplicates, %,d rejected; %,.0f rows/s"
            .formatted(
                done.status(),
                done.read(),
                done.imported(),
                done.updated(),
                done.duplicates(),
                done.rejected(),
                done.rowsPerSecond()));
    if (!done.failure().isEmpty()) {
      shell.say(done.failure());
    }
    if (done.rejected() > 0) {
      shell.say("why rows were rejected: ./centralita contacts rejects " + done.id());
    }
    return done.status().equals("completed") ? 0 : Cli.FAILED;
  }

  private String now(long id) throws IOException {
    return api.get("/api/v1/imports/" + id);
  }

  private Follower.Followed followed(long id) {
    return new Follower.Followed() {
      @Override
      public FileState now() throws IOException {
        return ImportState.parse(ImportFollowing.this.now(id)).asProgress();
      }

      @Override
      public InputStream events() throws IOException {
        return api.events("/api/v1/imports/" + id);
      }

      @Override
      public FileState parse(String data) {
        return ImportState.parse(data).asProgress();
      }

      @Override
      public String node() {
        return api.node().toString();
      }
    };
  }
}
