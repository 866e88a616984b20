package io.centralita.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What operators do, at the command line: the half of {@link OpsCommand} that changes something.
 * Its methods are public because picocli finds no others in a superclass.
 */
class OpsVerbs {
  static final String TYPE = "Such as UserFile or Proxy.";
  static final String ID = "Of a file or a proxy: its number.";
  private static final String DRY_RUN = "Only say what would be done.";

  final Shell shell;

  OpsVerbs(Shell shell) {
    this.shell = shell;
  }

  /** Whose files. */
  static final class Whose {
    @Option(names = "--user", description = "The files of this user.")
    private @Nullable String user;

    @Option(names = "--all", description = "The files of everybody.")
    private boolean all;

    @Nullable String user() {
      if (all == (user != null)) {
        throw new Misuse("say whose files: --user NAME, or --all");
      }
      return user;
    }
  }

  @Command(
      name = "pause",
      description = {
        "Pauses all files of a user, or of everybody, at once and durably.",
        "",
        "Files that are sent meanwhile wait as well, and their owners cannot undo it."
      },
      footer = {
        "",
        "Examples:",
        "  ./centralita ops pause --user ana --reason \"quota used up\" --dry-run",
        "  ./centralita ops pause --all --reason maintenance --until 2026-01-07T06:00:00Z"
      })
  public int pause(
      @Mixin OpsOptions options,
      @Mixin Whose whose,
      @Option(names = "--reason", required = true, description = "Why, for whoever's files stop.")
          String reason,
      @Option(
              names = "--until",
              description = "When it ends by itself, such as 2026-01-07T06:00:00Z.")
          @Nullable String until,
      @Option(names = "--dry-run", description = DRY_RUN) boolean dryRun)
      throws IOException {
    var body = OpsOptions.body().put("user", whose.user()).put("reason", reason);
    if (until != null) {
      body.put("until", instant(until));
    }
    return options.tell(shell, "pause" + query(dryRun), body);
  }

  @Command(
      name = "resume",
      description = "Ends an operator's pause.",
      footer = {"", "Example:", "  ./centralita ops resume --user ana"})
  public int resume(
      @Mixin OpsOptions options,
      @Mixin Whose whose,
      @Option(names = "--dry-run", description = DRY_RUN) boolean dryRun)
      throws IOException {
    return options.tell(
        shell, "resume" + query(dryRun), OpsOptions.body().put("user", whose.user()));
  }

  @Command(
      name = "passivate",
      description = "Lets an entity that is not at work leave memory.",
      footer = {"", "Example:", "  ./centralita ops passivate UserFile 12"})
  public int passivate(
      @Mixin OpsOptions options,
      @Parameters(paramLabel = "TYPE", description = TYPE) String type,
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(names = "--dry-run", description = DRY_RUN) boolean dryRun)
      throws IOException {
    return options.tell(
        shell, OpsCommand.path(type, id) + "/passivate" + query(dryRun), OpsOptions.body());
  }

  @Command(
      name = "restart",
      description = "Lets an entity begin again from its journal.",
      footer = {"", "Example:", "  ./centralita ops restart UserFile 12"})
  public int restart(
      @Mixin OpsOptions options,
      @Parameters(paramLabel = "TYPE", description = TYPE) String type,
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(names = "--dry-run", description = DRY_RUN) boolean dryRun)
      throws IOException {
    return options.tell(
        shell, OpsCommand.path(type, id) + "/restart" + query(dryRun), OpsOptions.body());
  }

  @Command(
      name = "drain",
      description = {
        "Takes a node out of the cluster: its entities move on, it takes no more requests, and"
            + " ends."
      },
      footer = {"", "Example:", "  ./centralita ops drain 10.0.0.5:25520 --dry-run"})
  public int drain(
      @Mixin OpsOptions options,
      @Parameters(paramLabel = "ADDRESS", description = "As ops nodes names it: host:port.")
          String address,
      @Option(names = "--dry-run", description = DRY_RUN) boolean dryRun)
      throws IOException {
    return options.tell(
        shell,
        "nodes/" + OpsOptions.encoded(address) + "/drain" + query(dryRun),
        OpsOptions.body());
  }

  private static String query(boolean dryRun) {
    return dryRun ? "?dry_run=true" : "";
  }

  private static String instant(String text) {
    try {
      return Instant.parse(text).toString();
    } catch (DateTimeParseException e) {
      throw new Misuse("--until: expected an instant such as 2026-01-07T06:00:00Z", e);
    }
  }
}
