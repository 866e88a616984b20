package io.centralita.cluster;

import io.centralita.db.Db;
import org.apache.pekko.actor.setup.Setup;

/** The database, for what Pekko makes by reflection. */
public final class DatabaseSetup extends Setup {
  private final Db db;

  public DatabaseSetup(Db db) {
    this.db = db;
  }

  Db db() {
    return db;
  }
}
