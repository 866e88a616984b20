package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One entity and its journal, as people read them. */
final class OpsReport {
  private OpsReport() {}

  static List<String> entity(JsonNode entity) {
    var lines = new ArrayList<String>();
    lines.add(entity.path("type").asText() + " " + entity.path("id").asText());
    lines.add("  state         " + entity.path("state_name").asText());
    lines.add("  lives         " + lives(entity));
    lines.add("  sequence nr   " + entity.path("sequence_nr").asText());
    if (entity.path("live").asBoolean()) {
      lines.add(
          "  queues        mailbox %s, stash %s, %s messages, %s/s"
              .formatted(
                  entity.path("mailbox_size").asText(),
                  entity.path("stash_size").asText(),
                  entity.path("messages").asText(),
                  entity.path("messages_per_second").asText()));
      lines.add("  restarts      " + entity.path("restarts").asText());
    }
    var failure = entity.path("last_failure");
    if (failure.isObject()) {
      lines.add(
          "  last failure  " + failure.path("at").asText() + "  " + failure.path("text").asText());
    }
    for (var timer : entity.path("timers")) {
      lines.add(
          "  timer         " + timer.path("due").asText() + "  " + timer.path("name").asText());
    }
    for (var work : entity.path("in_flight")) {
      lines.add(
          "  in flight     " + work.path("count").asText() + " " + work.path("what").asText());
    }
    for (var child : entity.path("children")) {
      var waiting = child.path("waiting").asText();
      lines.add(
          "  child         "
              + child.path("name").asText()
              + " since "
              + child.path("since").asText()
              + ", try "
              + child.path("tries").asText()
              + (waiting.isEmpty() ? "" : ", waits: " + waiting));
    }
    lines.add("");
    lines.addAll(events(entity.path("last_events")).lines());
    lines.add("");
    lines.add(entity.path("state").toPrettyString());
    return lines;
  }

  private static String lives(JsonNode entity) {
    if (!entity.path("live").asBoolean()) {
      return "nowhere: not in memory, its state is that of its journal";
    }
    var since = " since " + entity.path("in_memory_since").asText();
    return "on "
        + entity.path("node").asText()
        + since
        + (entity.path("answers").asBoolean()
            ? ""
            : ", and does not answer: its state is that of its journal");
  }

  static Table events(JsonNode events) {
    var table = new Table("NR", "AT", "EVENT", "DATA");
    for (var event : events) {
      table.row(
          event.path("sequence_nr").asText(),
          event.path("at").asText(),
          event.path("event").asText(),
          event.path("data").toString());
    }
    return table;
  }

  static Table targets(JsonNode targets) {
    var table = new Table("TARGET", "LIMIT", "IN FORCE", "CLOSED UNTIL", "WAITING", "NODES");
    for (var target : targets) {
      var nodes = new ArrayList<String>();
      for (var share : target.path("nodes")) {
        nodes.add(
            "%s %s, %s under way"
                .formatted(
                    share.path("node").asText(), budget(share), share.path("under_way").asText()));
      }
      table.row(
          target.path("target").asText(),
          target.path("answers").asBoolean() ? budget(target.path("limit")) : "does not answer",
          budget(target.path("in_force")),
          OpsLooks.text(target.path("closed_until")),
          target.path("waiting").asText(),
          String.join("; ", nodes));
    }
    return table;
  }

  /** Such as {@code 20}, or {@code 20/5.0} where calls in a second are limited, too. */
  private static String budget(JsonNode budget) {
    if (!budget.isObject()) {
      return "-";
    }
    var perSecond = budget.path("per_second");
    return budget.path("at_once").asText() + (perSecond.isNumber() ? "/" + perSecond.asText() : "");
  }

  static Table changes(JsonNode diff) {
    var table = new Table("PATH", "FROM", "TO");
    for (var change : diff.path("changes")) {
      table.row(
          change.path("path").asText(),
          change.path("from").toString(),
          change.path("to").toString());
    }
    return table;
  }
}
