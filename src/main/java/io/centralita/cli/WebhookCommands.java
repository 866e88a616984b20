package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with webhooks and their deliveries. */
final class WebhookCommands {
  private WebhookCommands() {}

  /** What all of them have. */
  abstract static class Any implements Callable<Integer> {
    final Shell shell;

    @Mixin private NodeCall node = new NodeCall();

    Any(Shell shell) {
      this.shell = shell;
    }

    /**
     * A request below {@code /api/v1/webhooks}.
     *
     * @param body null for none
     */
    JsonNode send(String method, String path, @Nullable Object body) throws IOException {
      return node.send(
          shell,
          method,
          "/webhooks" + path,
          body == null ? null : "application/json",
          body == null ? null : NodeCall.JSON.writeValueAsString(body));
    }

    void print(Table table) {
      table.lines().forEach(shell::say);
    }

    static String text(JsonNode value) {
      return value.isNull() || value.isMissingNode() ? "-" : value.asText();
    }
  }

  /** One webhook, by its number. */
  abstract static class One extends Any {
    @Parameters(
        index = "0",
        paramLabel = "ID",
        description = "The webhook's number, as the list has it.")
    long id;

    One(Shell shell) {
      super(shell);
    }

    String path() {
      return "/" + id;
    }
  }

  /** Which there are. */
  @Command(
      name = "list",
      description =
          "Lists webhooks, the newest first: whose, whether they work, and what they are told.",
      footer = {
        "",
        "Examples:",
        "  ./centralita webhooks list",
        "  ./centralita webhooks list --user ana"
      })
  static final class ListThem extends Any {
    @Option(names = "--user", paramLabel = "USER", description = "Only those of this user.")
    private @Nullable String user;

    ListThem(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      var table = new Table("ID", "USER", "URL", "EVENTS", "STATE");
      var filter = user == null ? "" : "&user=" + NodeCall.encoded(user);
      var cursor = "";
      do {
        var page = send("GET", "?limit=200" + filter + cursor, null);
        for (var one : page.path("items")) {
          table.row(
              one.path("id").asLong(),
              one.path("user").asText(),
              one.path("url").asText(),
              String.join(",", one.path("events").valueStream().map(JsonNode::asText).toList()),
              state(one));
        }
        var next = page.path("next_cursor");
        cursor = next.isTextual() ? "&cursor=" + NodeCall.encoded(next.asText()) : "";
      } while (!cursor.isEmpty());
      print(table);
      return 0;
    }

    private static String state(JsonNode webhook) {
      if (!webhook.path("enabled").asBoolean()) {
        return "off: " + webhook.path("disabled_reason").asText();
      }
      var failing = webhook.path("failing_since");
      return failing.isTextual() ? "failing since " + failing.asText() : "on";
    }
  }

  /** One more. */
  @Command(
      name = "add",
      description = {
        "Has events told to a URL, and prints the webhook's number and its secret, which is told this once:"
            + " the receiver verifies by it that what comes is genuine.",
        "",
        "The URL is https and at no private address, unless the node's settings allow others."
      },
      footer = {
        "",
        "Examples:",
        "  ./centralita webhooks add https://example.net/hooks",
        "  ./centralita webhooks add https://example.net/hooks --description 'the shop'"
            + " --events validation_job.finished,score.tier_changed"
      })
  static final class Add extends Any {
    @Parameters(paramLabel = "URL", description = "Where events are sent to, by POST.")
    private String url = "";

    @Option(
        names = "--events",
        paramLabel = "TYPE",
        split = ",",
        description = "Types of events, by commas. Default: all.")
    private List<String> events = List.of("*");

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private String description = "";

    Add(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      var made = send("POST", "", Map.of("url", url, "events", events, "description", description));
      shell.say("webhook " + made.path("id").asLong());
      shell.say("secret " + made.path("secret").asText());
      return 0;
    }
  }

  /** An event to try it with. */
  @Command(
      name = "test",
      description = "Sends an event webhook.test; deliveries tells what became of it.",
      footer = {"", "Example:", "  ./centralita webhooks test 7"})
  static final class Test extends One {
    Test(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      var sent = send("POST", path() + "/test", null);
      shell.say(sent.path("webhook_id").asText() + " is on its way");
      return 0;
    }
  }

  /** A webhook switched on or off. */
  abstract static class Switch extends One {
    private final boolean enabled;

    Switch(Shell shell, boolean enabled) {
      super(shell);
      this.enabled = enabled;
    }

    @Override
    public Integer call() throws IOException {
      send("PATCH", path(), Map.of("enabled", enabled));
      shell.say("webhook " + id + " is " + (enabled ? "on" : "off"));
      return 0;
    }
  }

  /** Switched on. */
  @Command(
      name = "enable",
      description = {
        "Switches a webhook on again, also one that was switched off by steady failure.",
        "",
        "What was waiting is delivered; what happened in between was not written for it."
      },
      footer = {"", "Example:", "  ./centralita webhooks enable 7"})
  static final class Enable extends Switch {
    Enable(Shell shell) {
      super(shell, true);
    }
  }

  /** Switched off. */
  @Command(
      name = "disable",
      description = "Switches a webhook off: it is told nothing until it is enabled.",
      footer = {"", "Example:", "  ./centralita webhooks disable 7"})
  static final class Disable extends Switch {
    Disable(Shell shell) {
      super(shell, false);
    }
  }

  /** A webhook gone. */
  @Command(
      name = "remove",
      description = "Removes a webhook and its secrets; what was not delivered yet never is.",
      footer = {"", "Example:", "  ./centralita webhooks remove 7"})
  static final class Remove extends One {
    Remove(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      send("DELETE", path(), null);
      shell.say("webhook " + id + " is removed");
      return 0;
    }
  }

  /** What was sent, and what became of it. */
  @Command(
      name = "deliveries",
      description = "Lists a webhook's deliveries, the newest first, and what became of each.",
      footer = {
        "",
        "Examples:",
        "  ./centralita webhooks deliveries 7",
        "  ./centralita webhooks deliveries 7 --status failed --limit 200"
      })
  static final class Deliveries extends One {
    @Option(
        names = "--status",
        paramLabel = "STATUS",
        description = "Only pending, delivered or failed ones.")
    private @Nullable String status;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "At most so many, of 200. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Where a page before ended.")
    private @Nullable String cursor;

    Deliveries(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      if (limit < 1 || limit > 200) {
        throw new Misuse("--limit: expected 1 to 200");
      }
      var page =
          send(
              "GET",
              path()
                  + "/deliveries?limit="
                  + limit
                  + (status == null ? "" : "&status=" + NodeCall.encoded(status))
                  + (cursor == null ? "" : "&cursor=" + NodeCall.encoded(cursor)),
              null);
      var table =
          new Table("POSITION", "STATUS", "TYPE", "CREATED", "ATTEMPTS", "LAST ANSWER", "NEXT AT");
      for (var one : page.path("items")) {
        table.row(
            one.path("position").asLong(),
            one.path("status").asText(),
            one.path("type").asText(),
            one.path("created_at").asText(),
            one.path("attempts").asInt(),
            answer(one),
            text(one.path("next_attempt_at")));
      }
      print(table);
      if (page.path("next_cursor").isTextual()) {
        shell.say("more with: --cursor " + page.path("next_cursor").asText());
      }
      return 0;
    }

    private static String answer(JsonNode delivery) {
      var error = delivery.path("last_error").asText();
      return error.isEmpty() ? text(delivery.path("last_status")) : error;
    }
  }

  /** One delivery once more. */
  @Command(
      name = "resend",
      description = {
        "Sends a delivery again now, whatever became of it, with the webhook-id that it had: by that the"
            + " receiver knows what it has had."
      },
      footer = {"", "Example:", "  ./centralita webhooks resend 7 123"})
  static final class Resend extends One {
    @Parameters(index = "1", paramLabel = "POSITION", description = "Which, as deliveries has it.")
    private long position;

    Resend(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      var again = send("POST", path() + "/deliveries/" + position + "/resend", null);
      shell.say(
          "delivery %d of webhook %d is sent again: %s"
              .formatted(position, id, again.path("webhook_id").asText()));
      return 0;
    }
  }

  /** All since a moment once more. */
  @Command(
      name = "replay",
      description = {
        "Sends again, in their order, all deliveries from one on; 10000 at a time, for as long as they are"
            + " kept, which is 30 days."
      },
      footer = {
        "",
        "Examples:",
        "  ./centralita webhooks replay 7 123",
        "  ./centralita webhooks replay 7 2026-01-31T12:00:00Z"
      })
  static final class Replay extends One {
    @Parameters(
        index = "1",
        paramLabel = "FROM",
        description = "A position, or a time with its zone.")
    private String from = "";

    Replay(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      Object start = from.matches("[0-9]{1,18}") ? (Object) Long.valueOf(from) : from;
      var done = send("POST", path() + "/replay", Map.of("from", start));
      shell.say("%,d deliveries are sent again".formatted(done.path("replayed").asLong()));
      if (done.path("next").isNumber()) {
        shell.say(
            "more with: ./centralita webhooks replay %d %d"
                .formatted(id, done.path("next").asLong()));
      }
      return 0;
    }
  }
}
