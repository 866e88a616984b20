package io.centralita.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A numbering plan, loaded by a running node. */
@Command(
    name = "load",
    description = {
      "Loads the authority's CSV file, in either of its layouts, and follows the contacts being"
          + " brought into line with it.",
      "",
      "The plan with the latest date that has come is in force. Rows that say no range are told by"
          + " line and left out. The same file again changes nothing. Ctrl-C leaves the node at its"
          + " work. The exit status is 1 where the file is refused or the work fails."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita numbering-plan load pnn_Publico_01_11_2026.csv",
      "  ./centralita numbering-plan load ranges.csv --date 2026-11-01",
      "  ./centralita numbering-plan load mended.csv --date 2026-11-01 --replace"
    })
final class NumberingPlanLoadCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/numbering-plans";
  private static final int BAD_ROWS_TOLD = 10;

  private final Shell shell;

  @Parameters(paramLabel = "FILE", description = "The CSV file, unpacked.")
  private Path file = Path.of("");

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description =
          "The day of publication, as 2026-11-01. Default: that of the file's name, or else the"
              + " latest day on which a range was assigned.")
  private @Nullable String date;

  @Option(names = "--replace", description = "Take the place of another file of the same date.")
  private boolean replace;

  @Mixin private NodeOptions node = new NodeOptions();

  NumberingPlanLoadCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new CommandFailure("there is no file " + file + " that can be read");
    }
    var report = new ProgressReport(shell.terminal(), System::nanoTime);
    try {
      return node.with(shell, api -> loaded(api, report));
    } finally {
      report.end();
    }
  }

  private int loaded(Api api, ProgressReport report) throws IOException {
    var sent = send(api);
    tell(sent);
    var plan = sent.plan();
    if (!plan.inForce()) {
      shell.say(
          sent.inForce() == null
              ? "no plan is in force yet: this one will be on its day"
              : "plan %d is in force, and not this one: the latest date that has come counts"
                  .formatted(sent.inForce()));
      return 0;
    }
    shell
        .atFirstSignal()
        .accept(
            () -> {
              report.end();
              shell.say("the node goes on: see " + api.node() + PATH + "/" + sent.id());
            });
    new Follower(followed(api, sent.id()), report).toTheEnd();
    report.end();
    return tell(NumberingPlanState.parse(now(api, sent.id())));
  }

  private NumberingPlanState.Loaded send(Api api) throws IOException {
    var query =
        "?name="
            + NodeCall.encoded(String.valueOf(file.getFileName()))
            + (date == null ? "" : "&date=" + NodeCall.encoded(date))
            + (replace ? "&replace=true" : "");
    return NumberingPlanState.Loaded.parse(
        api.upload(PATH + query, file, UUID.randomUUID().toString(), _ -> {}));
  }

  private void tell(NumberingPlanState.Loaded sent) {
    var plan = sent.plan();
    shell.say(
        "numbering plan %d of %s: %,d ranges of %,d rows; %,d overlapped, %,d were bad"
            .formatted(
                plan.id(),
                plan.date(),
                plan.ranges(),
                plan.rows(),
                plan.overlaps(),
                plan.badRows()));
    plan.firstBad().stream()
        .limit(BAD_ROWS_TOLD)
        .forEach(bad -> shell.say("  line " + bad.line() + ": " + bad.reason()));
    if (!sent.loaded()) {
      shell.say("this file was loaded before: nothing is done");
    }
  }

  private int tell(NumberingPlanState done) {
    var contacts = done.reclassification();
    shell.say(
        "%s: %,d contacts checked, %,d changed"
            .formatted(contacts.status(), contacts.checked(), contacts.changed()));
    if (!contacts.failure().isEmpty()) {
      shell.say(contacts.failure());
    }
    return contacts.status().equals("completed") ? 0 : Cli.FAILED;
  }

  private static String now(Api api, long id) throws IOException {
    return api.send("GET", PATH + "/" + id, null, null);
  }

  private static Follower.Followed followed(Api api, long id) {
    return new Follower.Followed() {
      @Override
      public FileState now() throws IOException {
        return NumberingPlanState.parse(NumberingPlanLoadCommand.now(api, id)).asProgress();
      }

      @Override
      public InputStream events() throws IOException {
        return api.events(PATH + "/" + id);
      }

      @Override
      public FileState parse(String data) {
        return NumberingPlanState.parse(data).asProgress();
      }

      @Override
      public String node() {
        return api.node().toString();
      }
    };
  }
}
