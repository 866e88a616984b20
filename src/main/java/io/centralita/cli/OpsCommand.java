package io.centralita.cli;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The operators' view of a running cluster, at the command line. */
@Command(
    name = "ops",
    description = {
      "Looks at the nodes and entities of a running cluster, and acts on them.",
      "",
      "Needs an administrator's key. Everything is audited; what changes something takes --dry-run."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  ./centralita ops nodes",
      "  ./centralita ops entities --state PROCESSING",
      "  ./centralita ops entity UserFile 12",
      "  ./centralita ops entity Proxy 3",
      "  ./centralita ops pause --user ana --reason \"the portal asked us to\" --dry-run"
    })
final class OpsCommand extends OpsLooks implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  OpsCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "ops what? nodes, entities, pause, …");
  }

  @Command(
      name = "entities",
      description = "Entities, of one type or of all.",
      footer = {"", "Example:", "  ./centralita ops entities --type Proxy --state OPEN"})
  int entities(
      @Mixin OpsOptions options,
      @Option(names = "--type", description = "Only this type.") @Nullable String type,
      @Option(names = "--state", description = "Only this state.") @Nullable String state,
      @Option(names = "--cursor", description = "Where a page before ended.")
          @Nullable String cursor,
      @Option(names = "--limit", description = "At most so many. Default: 50.", defaultValue = "50")
          int limit)
      throws IOException {
    var query =
        "entities?limit="
            + limit
            + (type == null ? "" : "&type=" + OpsOptions.encoded(type))
            + (state == null ? "" : "&state=" + OpsOptions.encoded(state))
            + (cursor == null ? "" : "&cursor=" + OpsOptions.encoded(cursor));
    return options.show(
        shell,
        query,
        answer -> {
          var table = new Table("TYPE", "ID", "STATE", "OWNER", "NOTE");
          for (var entity : answer.path("items")) {
            table.row(
                entity.path("type").asText(),
                entity.path("id").asText(),
                entity.path("state").asText(),
                text(entity.path("owner")),
                text(entity.path("note")));
          }
          print(table);
          more(answer);
        });
  }

  @Command(
      name = "entity",
      description = "One entity: where it lives, its state, and what it is at.",
      footer = {"", "Example:", "  ./centralita ops entity UserFile 12"})
  int entity(
      @Mixin OpsOptions options,
      @Parameters(paramLabel = "TYPE", description = TYPE) String type,
      @Parameters(paramLabel = "ID", description = ID) String id)
      throws IOException {
    return options.show(
        shell, path(type, id), answer -> OpsReport.entity(answer).forEach(shell::say));
  }

  @Command(
      name = "journal",
      description = {
        "An entity's events; its state as of a point; or what changed between two.",
        "",
        "A point is a sequence number, or an instant such as 2026-01-07T06:00:00Z."
      },
      footer = {
        "",
        "Examples:",
        "  ./centralita ops journal UserFile 12 --from 40",
        "  ./centralita ops journal UserFile 12 --as-of 2026-01-07T06:00:00Z",
        "  ./centralita ops journal UserFile 12 --diff 3 --to 9"
      })
  int journal(
      @Mixin OpsOptions options,
      @Parameters(paramLabel = "TYPE", description = TYPE) String type,
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(names = "--from", description = "The first event's number.") @Nullable Long from,
      @Option(names = "--as-of", description = "The state at this point.") @Nullable String asOf,
      @Option(names = "--diff", description = "What changed since this point …")
          @Nullable String diff,
      @Option(names = "--to", description = "… up to this one. Default: the end.")
          @Nullable String to)
      throws IOException {
    var journal = path(type, id) + "/journal";
    if (Stream.of(from, asOf, diff).filter(Objects::nonNull).count() > 1) {
      throw new Misuse("--from, --as-of or --diff: one of them");
    }
    if (to != null && diff == null) {
      throw new Misuse("--to belongs to --diff");
    }
    if (diff != null) {
      return options.show(
          shell,
          journal
              + "/diff?from="
              + OpsOptions.encoded(diff)
              + (to == null ? "" : "&to=" + OpsOptions.encoded(to)),
          answer -> print(OpsReport.changes(answer)));
    }
    if (asOf != null) {
      return options.show(
          shell,
          journal + "?as_of=" + OpsOptions.encoded(asOf),
          answer -> shell.say(answer.path("state").toPrettyString()));
    }
    return options.show(
        shell,
        journal + (from == null ? "" : "?from=" + from),
        answer -> {
          print(OpsReport.events(answer.path("items")));
          if (answer.path("next_from").isNumber()) {
            shell.say("more with: --from " + answer.path("next_from").asText());
          }
        });
  }

  @Command(
      name = "pauses",
      description = "The operators' pauses in force.",
      footer = {"", "Example:", "  ./centralita ops pauses"})
  int pauses(@Mixin OpsOptions options) throws IOException {
    return options.show(
        shell,
        "pauses",
        answer -> {
          var table = new Table("USER", "BY", "SINCE", "UNTIL", "REASON");
          for (var pause : answer.path("items")) {
            table.row(
                pause.path("user").isNull() ? "everybody" : pause.path("user").asText(),
                pause.path("by").asText(),
                pause.path("at").asText(),
                text(pause.path("until")),
                pause.path("reason").asText());
          }
          print(table);
        });
  }

  @Command(
      name = "audit",
      description = "What operators did, the newest first.",
      footer = {"", "Example:", "  ./centralita ops audit --limit 20"})
  int audit(
      @Mixin OpsOptions options,
      @Option(names = "--cursor", description = "Where a page before ended.")
          @Nullable String cursor,
      @Option(names = "--limit", description = "At most so many. Default: 50.", defaultValue = "50")
          int limit)
      throws IOException {
    return options.show(
        shell,
        "audit?limit=" + limit + (cursor == null ? "" : "&cursor=" + OpsOptions.encoded(cursor)),
        answer -> {
          var table = new Table("AT", "USER", "ACTION", "TARGET", "DRY", "OUTCOME", "REQUEST");
          for (var entry : answer.path("items")) {
            table.row(
                entry.path("at").asText(),
                entry.path("user").asText(),
                entry.path("action").asText(),
                entry.path("target").asText(),
                entry.path("dry_run").asBoolean() ? "dry" : "",
                text(entry.path("outcome")),
                entry.path("request_id").asText());
          }
          print(table);
          more(answer);
        });
  }

  static String path(String type, String id) {
    return "entities/" + OpsOptions.encoded(type) + "/" + OpsOptions.encoded(id);
  }
}
