package io.centralita.cli;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The proof that the counters are right. */
@Command(
    name = "check",
    description = {
      "Proves the counters, and what else is kept beside the contacts, against the contacts themselves;"
          + " needs an administrator's key.",
      "",
      "Every contact is read once: some minutes where there are many millions. The exit status is 1"
          + " where something differs."
    })
final class ContactsCheckCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private NodeCall node = new NodeCall();

  ContactsCheckCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var result = node.follow(shell, "/contacts/check", this::tellParts);
    shell.say(
        "%d contacts; counters that differ: %d by place, %d by carrier"
            .formatted(
                result.path("contacts").asLong(),
                result.path("counts_wrong").asLong(),
                result.path("carrier_counts_wrong").asLong()));
    var sound = result.path("sound").asBoolean();
    shell.say(sound ? "all agrees" : "something differs");
    return sound ? 0 : Cli.FAILED;
  }

  private JsonNode tellParts(InputStream answer) throws IOException {
    try (var parser = NodeCall.JSON.createParser(answer)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_OBJECT
            && "result".equals(parser.currentName())) {
          return parser.readValueAsTree();
        }
        if (parser.currentToken() == JsonToken.START_OBJECT
            && parser.getParsingContext().getParent().inArray()) {
          tell(parser.readValueAsTree());
        }
      }
    }
    throw new CommandFailure("the check broke off: the node's log says why");
  }

  private void tell(JsonNode part) {
    shell.say(
        "part %2d: %d contacts; wrong: %d draws, %d words, %d opt-outs"
            .formatted(
                part.path("part").asInt(),
                part.path("contacts").asLong(),
                part.path("draws").asLong(),
                part.path("words").asLong(),
                part.path("opt_outs").asLong()));
  }
}
