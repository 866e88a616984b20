package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The looks of {@link OpsCommand} at the cluster as a whole. Its methods are public because picocli
 * finds no others in a superclass.
 */
class OpsLooks extends OpsVerbs {

  OpsLooks(Shell shell) {
    super(shell);
  }

  @Command(
      name = "nodes",
      description = "The nodes of the cluster.",
      footer = {"", "Example:", "  ./centralita ops nodes"})
  public int nodes(@Mixin OpsOptions options) throws IOException {
    return options.show(
        shell,
        "nodes",
        answer -> {
          var table =
              new Table(
                  "ADDRESS",
                  "STATUS",
                  "REACHABLE",
                  "ENTITIES",
                  "CPU",
                  "HEAP MB",
                  "UPTIME s",
                  "VERSION");
          for (var node : answer.path("items")) {
            table.row(
                node.path("address").asText()
                    + (node.path("oldest").asBoolean() ? " (oldest)" : ""),
                node.path("status").asText(),
                node.path("reachable").asText(),
                text(node.path("entities")),
                text(node.at("/load/cpu")),
                node.at("/load/heap_used").isNumber()
                    ? node.at("/load/heap_used").asLong() >> 20
                    : "-",
                text(node.path("uptime_seconds")),
                text(node.path("version")));
          }
          print(table);
        });
  }

  @Command(
      name = "types",
      description = "The types of entities, with how many are in each state.",
      footer = {"", "Example:", "  ./centralita ops types"})
  public int types(@Mixin OpsOptions options) throws IOException {
    return options.show(
        shell,
        "types",
        answer -> {
          var table = new Table("TYPE", "STATE", "ENTITIES");
          for (var type : answer.path("items")) {
            type.path("states")
                .properties()
                .forEach(
                    state ->
                        table.row(
                            type.path("type").asText(), state.getKey(), state.getValue().asText()));
          }
          print(table);
        });
  }

  @Command(
      name = "shards",
      description = "Which node has which shard.",
      footer = {"", "Example:", "  ./centralita ops shards"})
  public int shards(@Mixin OpsOptions options) throws IOException {
    return options.show(
        shell,
        "shards",
        answer -> {
          var table = new Table("TYPE", "SHARD", "NODE", "ENTITIES");
          for (var shard : answer.path("items")) {
            table.row(
                shard.path("type").asText(),
                shard.path("shard").asText(),
                shard.path("node").asText(),
                shard.path("entities").asText());
          }
          print(table);
        });
  }

  @Command(
      name = "targets",
      description = {
        "What the cluster calls outside, and how the budget of each is divided.",
        "",
        "Limits are calls at once, and calls in a second after the slash where those are limited."
      },
      footer = {"", "Example:", "  ./centralita ops targets"})
  public int targets(
      @Mixin OpsOptions options,
      @Option(names = "--cursor", description = "Where a page before ended.")
          @Nullable String cursor,
      @Option(names = "--limit", description = "At most so many. Default: 50.", defaultValue = "50")
          int limit)
      throws IOException {
    return options.show(
        shell,
        "targets?limit=" + limit + (cursor == null ? "" : "&cursor=" + OpsOptions.encoded(cursor)),
        answer -> {
          print(OpsReport.targets(answer.path("items")));
          more(answer);
        });
  }

  @Command(
      name = "hot",
      description = "The slowest, busiest and most often restarted entities in memory.",
      footer = {"", "Example:", "  ./centralita ops hot"})
  public int hot(@Mixin OpsOptions options) throws IOException {
    return options.show(
        shell,
        "hot",
        answer -> {
          var table = new Table("BECAUSE", "TYPE", "ID", "NODE", "VALUE");
          standing(table, "slow (ms a step)", answer.path("slowest"));
          standing(table, "busy (messages/s)", answer.path("busiest"));
          standing(table, "restarted (times)", answer.path("most_restarted"));
          print(table);
        });
  }

  private static void standing(Table table, String why, JsonNode entities) {
    for (var entity : entities) {
      table.row(
          why,
          entity.path("type").asText(),
          entity.path("id").asText(),
          entity.path("node").asText(),
          entity.path("value").asText());
    }
  }

  static String text(JsonNode value) {
    return value.isNull() || value.isMissingNode() ? "-" : value.asText();
  }

  void more(JsonNode answer) {
    if (answer.path("next_cursor").isTextual()) {
      shell.say("more with: --cursor " + answer.path("next_cursor").asText());
    }
  }

  void print(Table table) {
    table.lines().forEach(shell::say);
  }
}
