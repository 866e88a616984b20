package io.centralita.cli;

import java.net.URI;
import java.util.concurrent.CompletionStage;

/** A node that serves. */
public interface RunningNode extends AutoCloseable {

  URI uri();

  /** The administrator's key. */
  String adminKey();

  /** Whether this start generated the administrator's key: it is to be told, once. */
  boolean newAdminKey();

  /**
   * Completes when the node has ended by itself: true where it was told to leave the cluster, false
   * where the cluster removed it.
   */
  CompletionStage<Boolean> ended();

  /** Drains and stops, within 30 s. */
  @Override
  void close();
}
