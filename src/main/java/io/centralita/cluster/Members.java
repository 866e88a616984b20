package io.centralita.cluster;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;

/** The nodes on this database, as its tables know them. */
final class Members {

  /** Whom a starting node joins: those who are there, or, where there are none, itself. */
  record Way(List<String> through) {
    boolean founds() {
      return through.isEmpty();
    }
  }

  /** A row of a node that has not been seen for so long does not count. */
  private static final String SEEN_LATELY = "interval '10 seconds'";

  // Two nodes that start at once decide one after the other.
  private static final String DECIDE_ALONE =
      "SELECT pg_advisory_xact_lock(hashtext('cluster_members'))";

  private static final String ALIVE =
      """
      SELECT address
      FROM cluster_members m
      WHERE address <> ? AND joined AND seen_at > now() - %s
        AND EXISTS (SELECT FROM pg_locks l
                    WHERE l.locktype = 'advisory' AND l.granted
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND ((l.classid::bigint << 32) | l.objid::bigint) = m.lock_key)
      ORDER BY address
      LIMIT 100
      """
          .formatted(SEEN_LATELY);

  private static final String ANNOUNCE =
      """
      INSERT INTO cluster_members (address, lock_key, joined)
      VALUES (?, ?, ?)
      ON CONFLICT (address) DO UPDATE
      SET lock_key = EXCLUDED.lock_key, joined = EXCLUDED.joined, seen_at = now()
      """;

  private static final String SEEN =
      "UPDATE cluster_members SET seen_at = now(), joined = joined OR ? WHERE address = ?";

  // Whoever notices first writes it; a node that has left by itself is not among them.
  private static final String DOWNED =
      "INSERT INTO cluster_downed (node) VALUES (?) ON CONFLICT (node) DO NOTHING";

  private static final String IS_DOWNED = "SELECT FROM cluster_downed WHERE node = ?";

  // No node sleeps for so long and comes back.
  private static final String FORGET_DOWNED =
      "DELETE FROM cluster_downed WHERE downed_at < now() - interval '30 days'";

  private static final String WITHDRAW = "DELETE FROM cluster_members WHERE address = ?";

  private final Db db;

  Members(Db db) {
    this.db = db;
  }

  /** Announces a node and says how it comes into the cluster. */
  CompletionStage<Way> enter(String address, long lockKey) {
    return db.transaction(
        "enter the cluster",
        connection -> {
          Db.query(connection, DECIDE_ALONE, _ -> {}, _ -> true);
          Db.update(connection, FORGET_DOWNED, _ -> {});
          var way = new Way(alive(connection, address));
          Db.update(
              connection,
              ANNOUNCE,
              st -> {
                st.setString(1, address);
                st.setLong(2, lockKey);
                st.setBoolean(3, way.founds());
              });
          return way;
        });
  }

  /**
   * Notes that a node is still there.
   *
   * @param joined whether others may join through it from now on
   */
  CompletionStage<Integer> seen(String address, boolean joined) {
    return db.update(
        SEEN,
        st -> {
          st.setBoolean(1, joined);
          st.setString(2, address);
        });
  }

  /** Notes that the others go on without this node. */
  CompletionStage<Integer> downed(String node) {
    return db.update(DOWNED, st -> st.setString(1, node));
  }

  /** Whether the others have gone on without this node. */
  CompletionStage<Boolean> isDowned(String node) {
    return db.queryOne(IS_DOWNED, st -> st.setString(1, node), _ -> true)
        .thenApply(Optional::isPresent);
  }

  /** One life of a node, as the tables name it. */
  static String name(UniqueAddress node) {
    return hostAndPort(node.address()) + "#" + node.longUid();
  }

  static String hostAndPort(Address address) {
    return address.getHost().orElseThrow() + ":" + address.getPort().orElseThrow();
  }

  CompletionStage<Integer> withdraw(String address) {
    return db.update(WITHDRAW, st -> st.setString(1, address));
  }

  private static List<String> alive(Connection connection, String but) throws SQLException {
    return Db.query(connection, ALIVE, st -> st.setString(1, but), row -> row.getString(1));
  }
}
