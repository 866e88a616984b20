package io.centralita.cli;

import java.net.URI;

/** A node that serves. */
public interface RunningNode extends AutoCloseable {

  URI uri();

  /** The administrator's key. */
  String adminKey();

  /** Whether this start generated the administrator's key: it is to be told, once. */
  boolean newAdminKey();

  /** Drains and stops, within 30 s. */
  @Override
  void close();
}
