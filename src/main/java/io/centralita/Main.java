package io.centralita;

import com.typesafe.config.ConfigFactory;
import io.centralita.cli.Cli;
import io.centralita.cli.RunningNode;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The program. */
public final class Main {
  private Main() {}

  static void main(String[] args) {
    System.exit(Cli.run(args, Main::start));
  }

  private static RunningNode start(Map<String, ?> settings) {
    return new Started(Node.start(ConfigFactory.parseMap(settings)));
  }

  private record Started(Node node) implements RunningNode {
    @Override
    public URI uri() {
      return node.uri();
    }

    @Override
    public String adminKey() {
      return node.adminKey();
    }

    @Override
    public boolean newAdminKey() {
      return node.newAdminKey();
    }

    @Override
    public CompletionStage<Boolean> ended() {
      return node.ended();
    }

    @Override
    public void close() {
      node.close();
    }
  }
}
