package io.centralita.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with one proxy, by its number. */
final class ProxyCommands {
  private ProxyCommands() {}

  /** One proxy, and the rest of what they share. */
  abstract static class One implements Callable<Integer> {
    final Shell shell;

    @Parameters(paramLabel = "ID", description = "The proxy's number, as the list has it.")
    long id;

    @Mixin ProxiesCall node = new ProxiesCall();

    One(Shell shell) {
      this.shell = shell;
    }

    String path() {
      return "/" + id;
    }
  }

  /** How a proxy stands. */
  @Command(
      name = "show",
      description = "Shows a proxy with its counters, as JSON.",
      footer = {"", "Example:", "  ./centralita proxies show 7"})
  static final class Show extends One {
    Show(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      shell.say(node.get(shell, path()).toPrettyString());
      return 0;
    }
  }

  /** A call through a proxy, now. */
  @Command(
      name = "test",
      description = "Makes a call through a proxy now; exit status 1 where it fails.",
      footer = {"", "Example:", "  ./centralita proxies test 7"})
  static final class Test extends One {
    Test(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      var tested = node.send(shell, "POST", path() + "/test", null, null);
      var passed = tested.path("passed").asBoolean();
      shell.say(
          "%s: %s, %d ms"
              .formatted(
                  passed ? "passed" : "failed",
                  tested.path("detail").asText(),
                  tested.path("ms").asLong()));
      return passed ? 0 : Cli.FAILED;
    }
  }

  /** A proxy set aside or used again, for a reason that its history keeps. */
  abstract static class Switch extends One {
    private final String verb;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for its history.")
    private String reason = "";

    Switch(Shell shell, String verb) {
      super(shell);
      this.verb = verb;
    }

    @Override
    public Integer call() throws IOException {
      var proxy = node.post(shell, path() + "/" + verb, Map.of("reason", reason));
      shell.say(ProxiesCall.line(proxy));
      return 0;
    }
  }

  /** A proxy set aside. */
  @Command(
      name = "disable",
      description = "Sets a proxy aside until it is enabled.",
      footer = {"", "Example:", "  ./centralita proxies disable 7 --reason 'changing provider'"})
  static final class Disable extends Switch {
    Disable(Shell shell) {
      super(shell, "disable");
    }
  }

  /** A proxy used again. */
  @Command(
      name = "enable",
      description = "Uses a proxy again, also one that errors have set aside.",
      footer = {"", "Example:", "  ./centralita proxies enable 7"})
  static final class Enable extends Switch {
    Enable(Shell shell) {
      super(shell, "enable");
    }
  }

  /** A proxy gone. */
  @Command(
      name = "remove",
      description = "Removes a proxy and its credentials.",
      footer = {"", "Example:", "  ./centralita proxies remove 7"})
  static final class Remove extends One {
    Remove(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      var _ = node.send(shell, "DELETE", path(), null, null);
      shell.say("proxy " + id + " is removed");
      return 0;
    }
  }

  /** What happened to a proxy. */
  @Command(
      name = "history",
      description = "Shows what happened to a proxy, the newest first.",
      footer = {"", "Example:", "  ./centralita proxies history 7 --limit 200"})
  static final class History extends One {
    @Option(names = "--limit", paramLabel = "N", description = "Default: 50; at most 200.")
    private int limit = 50;

    History(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() throws IOException {
      for (var event : node.get(shell, path() + "/history?limit=" + limit).path("items")) {
        shell.say(
            "%s  %-13s  %s"
                .formatted(
                    event.path("at").asText(),
                    event.path("event").asText(),
                    event.path("reason").asText()));
      }
      return 0;
    }
  }
}
