package io.centralita.cluster;

import io.centralita.db.OwnConnection;
import org.apache.pekko.actor.setup.Setup;

/** The cluster's connection to the database, for what Pekko makes by reflection. */
public final class DatabaseSetup extends Setup {
  private final OwnConnection connection;

  public DatabaseSetup(OwnConnection connection) {
    this.connection = connection;
  }

  OwnConnection connection() {
    return connection;
  }
}
