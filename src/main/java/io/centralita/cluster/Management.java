package io.centralita.cluster;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.management.javadsl.PekkoManagement;

/**
 * What other programs may ask of the cluster, on a port of its own and without a key: {@code
 * /alive}, {@code /ready}, {@code /cluster/members}, {@code /cluster/shards/UserFile}. Nothing can
 * be changed there.
 */
public final class Management {
  private Management() {}

  /**
   * Begins to answer.
   *
   * @return fails where the port cannot be had, with a sentence that names it
   */
  public static CompletionStage<?> start(ActorSystem<?> system) {
    var at = system.settings().config().getConfig("pekko.management.http");
    return PekkoManagement.get(system)
        .start()
        .exceptionallyCompose(
            failure -> {
              throw new IllegalStateException(
                  "the management port cannot be had: ["
                      + at.getString("hostname")
                      + ":"
                      + at.getInt("port")
                      + "]",
                  failure);
            });
  }
}
