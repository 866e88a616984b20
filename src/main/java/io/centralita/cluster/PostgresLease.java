package io.centralita.cluster;

import io.centralita.db.Db;
import io.centralita.db.OwnConnection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.apache.pekko.coordination.lease.javadsl.Lease;

/**
 * A lease in PostgreSQL: when a cluster is divided, the side that gets it survives and the other
 * one leaves. Held until it is released or runs out, by the database's clock alone.
 */
public final class PostgresLease extends Lease {

  /**
   * Takes it where nobody has it, keeps it where it is one's own already. A node that the others
   * have gone on without never gets it: they may have decided so, and let go, while it was frozen.
   */
  private static final String ACQUIRE =
      """
      INSERT INTO cluster_leases (name, owner, expires_at)
      SELECT ?, ?, now() + make_interval(secs => ?)
      WHERE NOT EXISTS (SELECT FROM cluster_downed WHERE node = ?)
      ON CONFLICT (name) DO UPDATE
      SET owner = EXCLUDED.owner, expires_at = EXCLUDED.expires_at
      WHERE cluster_leases.owner = EXCLUDED.owner OR cluster_leases.expires_at < now()
      """;

  private static final String RELEASE = "DELETE FROM cluster_leases WHERE name = ? AND owner = ?";

  private final LeaseSettings settings;
  private final ExtendedActorSystem system;
  private volatile boolean held;

  /** Made by Pekko, by reflection; the database comes with the system's {@link DatabaseSetup}. */
  public PostgresLease(LeaseSettings settings, ExtendedActorSystem system) {
    this.settings = settings;
    this.system = system;
  }

  // Looked up when it is needed: a system that never divides may do without one.
  private OwnConnection connection() {
    return system
        .settings()
        .setup()
        .get(DatabaseSetup.class)
        .orElseThrow(() -> new IllegalStateException("the system was made without a database"))
        .connection();
  }

  @Override
  public LeaseSettings getSettings() {
    return settings;
  }

  @Override
  public CompletionStage<Boolean> acquire() {
    var inTime = System.nanoTime() + settings.timeoutSettings().getOperationTimeout().toNanos();
    return connection()
        .run(
            "take the lease",
            session -> {
              if (System.nanoTime() - inTime > 0) {
                throw new IllegalStateException("the lease is asked for too late");
              }
              held = Db.update(session.connection(), ACQUIRE, this::bindAcquire) == 1;
              return held;
            });
  }

  private void bindAcquire(PreparedStatement statement) throws SQLException {
    statement.setString(1, settings.leaseName());
    statement.setString(2, settings.ownerName());
    statement.setDouble(3, timeToLive().toMillis() / 1000.0);
    statement.setString(4, Members.name(Cluster.get(system).selfMember().uniqueAddress()));
  }

  // Split-brain decisions take a few seconds and then let go: nobody asks to be told of a loss.
  @Override
  public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> leaseLostCallback) {
    return acquire();
  }

  @Override
  public CompletionStage<Boolean> release() {
    if (!held) {
      return CompletableFuture.completedFuture(true);
    }
    held = false;
    return connection()
        .run(
            "release the lease",
            session -> {
              Db.update(
                  session.connection(),
                  RELEASE,
                  st -> {
                    st.setString(1, settings.leaseName());
                    st.setString(2, settings.ownerName());
                  });
              return true;
            });
  }

  @Override
  public boolean checkLease() {
    return held;
  }

  private Duration timeToLive() {
    return Duration.ofMillis(settings.timeoutSettings().getHeartbeatTimeout().toMillis());
  }
}
