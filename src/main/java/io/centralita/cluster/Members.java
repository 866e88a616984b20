package io.centralita.cluster;

import io.centralita.db.Db;
import io.centralita.db.OwnConnection.Session;
import java.sql.SQLException;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;

/**
 * The nodes on this database, as its tables know them.
 *
 * <p>A row stands for one life of a node. Who finds no living member founds the cluster, and, in
 * the same transaction, writes down whomever else the rows name as left behind: it may be frozen,
 * or have lost only its connection, and ends when it reads that. So there are never two clusters
 * for longer than that takes.
 *
 * @param address {@code host:port} of the node whose rows these are to be
 * @param node its life, by its {@link #name}
 */
record Members(String address, String node) {

  /** How a node comes into the cluster. */
  sealed interface Way {
    /** Through these, by their addresses. */
    record Through(List<String> addresses) implements Way {}

    /** As the first, and without these lives of others. */
    record Founds(List<String> without) implements Way {}

    /** There may be others, who are given time to show themselves. */
    enum Waits implements Way {
      WAITS
    }

    /** Not at all: another has founded the cluster without it. */
    enum LeftBehind implements Way {
      LEFT_BEHIND
    }
  }

  // Two nodes that start at once decide one after the other.
  private static final String DECIDE_ALONE =
      "SELECT pg_advisory_xact_lock(hashtext('cluster_members'))";

  private static final String ALIVE =
      """
      SELECT address
      FROM cluster_members m
      WHERE address <> ? AND joined AND seen_at > now() - interval '10 seconds'
        AND EXISTS (SELECT FROM pg_locks l
                    WHERE l.locktype = 'advisory' AND l.granted
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND ((l.classid::bigint << 32) | l.objid::bigint) = m.lock_key)
        AND NOT EXISTS (SELECT FROM cluster_downed d WHERE d.node = m.node)
      ORDER BY address
      LIMIT 100
      """;

  // An earlier life at the node's own address has ended: its port was free.
  private static final String OTHERS =
      "SELECT FROM cluster_members WHERE node IS NOT NULL AND address <> ? LIMIT 1";

  private static final String LEAVE_OTHERS_BEHIND =
      """
      WITH others AS (DELETE FROM cluster_members WHERE node <> ? RETURNING node)
      INSERT INTO cluster_downed (node) SELECT node FROM others
      ON CONFLICT (node) DO NOTHING
      RETURNING node
      """;

  private static final String ANNOUNCE =
      """
      INSERT INTO cluster_members (address, node, lock_key, joined)
      SELECT ?, ?, ?, ?
      WHERE NOT EXISTS (SELECT FROM cluster_downed WHERE node = ?)
      ON CONFLICT (address) DO UPDATE
      SET node = EXCLUDED.node, lock_key = EXCLUDED.lock_key, joined = EXCLUDED.joined,
          seen_at = now()
      """;

  // Whoever notices first writes it; a node that has left by itself is not among them.
  private static final String DOWNED =
      """
      WITH row AS (DELETE FROM cluster_members WHERE node = ?)
      INSERT INTO cluster_downed (node) VALUES (?) ON CONFLICT (node) DO NOTHING
      """;

  private static final String IS_DOWNED = "SELECT FROM cluster_downed WHERE node = ?";

  // No node sleeps for so long and comes back.
  private static final String FORGET_DOWNED =
      "DELETE FROM cluster_downed WHERE downed_at < now() - interval '30 days'";

  private static final String WITHDRAW =
      "DELETE FROM cluster_members WHERE address = ? AND (node = ? OR node IS NULL)";

  /**
   * Announces the node and says how it comes into the cluster.
   *
   * @param mayBeMember whether it was told a way before, which it may be on still
   * @param waited whether the others have had their time
   */
  Way enter(Session session, boolean mayBeMember, boolean waited) throws SQLException {
    return Db.transaction(
        session.connection(),
        connection -> {
          Db.query(connection, DECIDE_ALONE, _ -> {}, _ -> true);
          Db.update(connection, FORGET_DOWNED, _ -> {});
          if (isDowned(session)) {
            return Way.LeftBehind.LEFT_BEHIND;
          }
          var way = way(session, waited);
          announce(session, mayBeMember || way != Way.Waits.WAITS, way instanceof Way.Founds);
          return way;
        });
  }

  private Way way(Session session, boolean waited) throws SQLException {
    var connection = session.connection();
    var alive =
        Db.query(connection, ALIVE, st -> st.setString(1, address), row -> row.getString(1));
    if (!alive.isEmpty()) {
      return new Way.Through(alive);
    }
    if (!waited
        && !Db.query(connection, OTHERS, st -> st.setString(1, address), _ -> true).isEmpty()) {
      return Way.Waits.WAITS;
    }
    return new Way.Founds(
        Db.query(
            connection, LEAVE_OTHERS_BEHIND, st -> st.setString(1, node), row -> row.getString(1)));
  }

  /**
   * Notes that the node is there, and is a member or may be about to be one.
   *
   * @param joined whether others may join through it
   * @return false where the others go on without it; nothing is noted then
   */
  boolean seen(Session session, boolean joined) throws SQLException {
    return announce(session, true, joined);
  }

  private boolean announce(Session session, boolean mayBeMember, boolean joined)
      throws SQLException {
    return Db.update(
            session.connection(),
            ANNOUNCE,
            st -> {
              st.setString(1, address);
              st.setString(2, mayBeMember ? node : null);
              st.setLong(3, session.lockKey());
              st.setBoolean(4, joined);
              st.setString(5, node);
            })
        == 1;
  }

  private boolean isDowned(Session session) throws SQLException {
    return !Db.query(session.connection(), IS_DOWNED, st -> st.setString(1, node), _ -> true)
        .isEmpty();
  }

  void withdraw(Session session) throws SQLException {
    Db.update(
        session.connection(),
        WITHDRAW,
        st -> {
          st.setString(1, address);
          st.setString(2, node);
        });
  }

  /** Notes that the others go on without a life of a node. */
  static void downed(Session session, String node) throws SQLException {
    Db.update(
        session.connection(),
        DOWNED,
        st -> {
          st.setString(1, node);
          st.setString(2, node);
        });
  }

  /** One life of a node, as the tables name it. */
  static String name(UniqueAddress node) {
    return hostAndPort(node.address()) + "#" + node.longUid();
  }

  static String hostAndPort(Address address) {
    return address.getHost().orElseThrow() + ":" + address.getPort().orElseThrow();
  }
}
