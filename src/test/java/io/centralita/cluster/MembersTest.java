package io.centralita.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestPostgres;
import io.centralita.cluster.Members.Way;
import io.centralita.db.Database;
import io.centralita.db.OwnConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who comes in through whom, and who is left behind, on a real database. */
final class MembersTest {
  private final Database database = Database.open(TestPostgres.fresh());
  private final List<Life> lives = new ArrayList<>();

  /** One life of a node, with its own connection. */
  private final class Life {
    final Members members;
    final OwnConnection connection = database.ownConnection("life");

    Life(String address, int uid) {
      members = new Members(address, address + "#" + uid);
      lives.add(this);
    }

    <T> T get(OwnConnection.Step<T> step) {
      return connection
          .run("step", step)
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    }

    Way enter(boolean waited) {
      return get(session -> members.enter(session, false, waited));
    }

    Way enter() {
      return enter(false);
    }

    boolean seen() {
      return get(session -> members.seen(session, true));
    }
  }

  @AfterEach
  void close() {
    lives.forEach(life -> life.connection.close());
    database.close();
  }

  private static final Way FOUNDS = new Way.Founds(List.of());

  /** As a node that froze long ago: its connection lives. */
  private void notSeenFor(Life life, String interval) {
    var rows =
        database
            .db()
            .update(
                "UPDATE cluster_members SET seen_at = now() - ?::interval WHERE node = ?",
                st -> {
                  st.setString(1, interval);
                  st.setString(2, life.members.node());
                });
    assertEquals(1, rows.toCompletableFuture().join());
  }

  @Test
  void first_founds_andTheNextComeInThroughIt_atOnce() {
    var first = new Life("a:1", 1);
    assertEquals(FOUNDS, first.enter());

    assertEquals(new Way.Through(List.of("a:1")), new Life("b:1", 2).enter());
    assertEquals(new Way.Through(List.of("a:1")), new Life("c:1", 3).enter());
  }

  @Test
  void memberThatFroze_isLeftBehindByWhoFounds_andReadsThatWhenItThaws() {
    var frozen = new Life("a:1", 1);
    frozen.enter();
    assertTrue(frozen.seen());
    notSeenFor(frozen, "11 seconds");

    var second = new Life("b:1", 2);
    assertEquals(Way.Waits.WAITS, second.enter());
    assertEquals(new Way.Founds(List.of("a:1#1")), second.enter(true));

    assertFalse(frozen.seen());
    assertEquals(Way.LeftBehind.LEFT_BEHIND, frozen.enter());
    assertTrue(second.seen());
    assertEquals(new Way.Through(List.of("b:1")), new Life("c:1", 3).enter());
  }

  @Test
  void memberThatLostItsConnectionOnly_comesBackWhileTheOtherWaits_andTakesItIn() {
    var first = new Life("a:1", 1);
    first.enter();
    first.connection.close();
    notSeenFor(first, "10 minutes");
    var second = new Life("b:1", 2);
    assertEquals(Way.Waits.WAITS, second.enter());

    var again = new Life("a:1", 1);
    assertTrue(again.seen());

    assertEquals(new Way.Through(List.of("a:1")), second.enter(true));
    assertTrue(again.seen());
  }

  @Test
  void oneThatWaits_isNobodyToWaitFor_orToLeaveBehind() {
    var dead = new Life("a:1", 1);
    dead.enter();
    notSeenFor(dead, "11 seconds");
    var second = new Life("b:1", 2);
    var third = new Life("c:1", 3);
    assertEquals(Way.Waits.WAITS, second.enter());
    assertEquals(Way.Waits.WAITS, third.enter());

    assertEquals(new Way.Founds(List.of("a:1#1")), second.enter(true));

    assertEquals(new Way.Through(List.of("b:1")), third.enter(true));
    assertTrue(third.seen());
  }

  @Test
  void oneOnItsWayIntoALostCluster_isLeftBehindWithIt() {
    var lost = new Life("a:1", 1);
    lost.enter();
    var joining = new Life("b:1", 2);
    joining.enter();
    notSeenFor(lost, "11 seconds");
    var founder = new Life("c:1", 3);

    assertEquals(Way.Waits.WAITS, founder.enter());
    assertEquals(2, ((Way.Founds) founder.enter(true)).without().size());

    assertFalse(joining.seen());
  }

  @Test
  void newLifeAtTheSameAddress_waitsForNobody_andLeavesTheEarlierOneBehind() {
    var before = new Life("a:1", 1);
    before.enter();

    assertEquals(new Way.Founds(List.of("a:1#1")), new Life("a:1", 2).enter());

    assertFalse(before.seen());
  }

  @Test
  void oneWhoWasLeftBehind_isNobodysWay_evenWhereItsEntryIsFresh() {
    var first = new Life("a:1", 1);
    first.enter();
    var second = new Life("b:1", 2);
    second.get(
        session -> {
          Members.downed(session, "a:1#1");
          return true;
        });
    assertEquals(FOUNDS, second.enter());
  }

  @Test
  void withdrawn_leavesNothing_butNotALaterLifesEntry() {
    var first = new Life("a:1", 1);
    first.enter();
    var later = new Life("a:1", 2);
    later.enter();

    first.get(
        session -> {
          first.members.withdraw(session);
          return true;
        });
    assertEquals(new Way.Through(List.of("a:1")), new Life("b:1", 3).enter());
    later.get(
        session -> {
          later.members.withdraw(session);
          return true;
        });
    assertEquals(
        0,
        database
            .db()
            .update("DELETE FROM cluster_members WHERE address = 'a:1'", _ -> {})
            .toCompletableFuture()
            .join());
  }
}
