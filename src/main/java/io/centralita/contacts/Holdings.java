package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Contacts that extractions hold: drawn by chance, kept apart from all others, and let go. No
 * contact is held twice; the database's own key says so.
 */
public final class Holdings {

  /**
   * A contact that was drawn.
   *
   * @param position in the extraction's order, from 0
   * @param phone E.164 without the plus
   * @param lada 0 where the number has none
   * @param optedOut by now
   */
  public record Held(int position, long phone, int lada, @Nullable String city, boolean optedOut) {}

  /** An extraction that once drew a contact, and whether it holds it still. */
  public record Drawn(int extractionId, int position, boolean held) {}

  /** That a row with a draw and a phone is held; for conditions. */
  static final String HELD =
      "EXISTS (SELECT 1 FROM extraction_contacts WHERE held AND contact_draw = draw AND"
          + " contact_phone = phone)";

  /** The same of a row of {@code contacts} called c; for what a statement gives back. */
  static final String HELD_C =
      "EXISTS (SELECT 1 FROM extraction_contacts h WHERE h.held AND h.contact_draw = c.draw AND"
          + " h.contact_phone = c.phone)";

  /**
   * So many are taken from one place in the order of draws, then it goes on from another: many
   * short stretches leave less to be passed over later than a few long ones.
   */
  private static final int STRETCH = 500;

  private static final String HOLD =
      """
      INSERT INTO extraction_contacts (extraction_id, position, contact_phone, contact_draw)
      SELECT ?, ? + place - 1, phone, draw
      FROM unnest(?::bigint[], ?::int[]) WITH ORDINALITY AS drawn (phone, draw, place)
      """;

  private static final String OF =
      """
      SELECT e.position, e.contact_phone, coalesce(c.lada, 0), n.name,
        EXISTS (SELECT 1 FROM opt_outs o WHERE o.phone = e.contact_phone)
      FROM extraction_contacts e
      LEFT JOIN contacts c ON c.draw = e.contact_draw AND c.phone = e.contact_phone
      LEFT JOIN cities n ON n.id = c.city AND n.id <> 0
      WHERE e.extraction_id = ? AND e.position >= ?
      ORDER BY e.position
      LIMIT ?
      """;

  // Who has gone meanwhile, by the undoing of an import, is counted no more.
  private static final String RELEASE =
      """
      WITH released AS (
        UPDATE extraction_contacts SET held = false WHERE extraction_id = ? AND held
        RETURNING contact_draw, contact_phone)
      SELECT c.state, c.municipality, c.city, c.lada, c.kind, c.carrier, c.opt_out_at IS NOT NULL,
        true, count(*)
      FROM released r JOIN contacts c ON c.draw = r.contact_draw AND c.phone = r.contact_phone
      GROUP BY 1, 2, 3, 4, 5, 6, 7
      """;

  private static final String DRAWN_BY =
      """
      SELECT extraction_id, position, held FROM extraction_contacts
      WHERE contact_draw = ? AND contact_phone = ? ORDER BY extraction_id DESC LIMIT 100
      """;

  /** What {@link #free(ResultSet)} reads. */
  private static final String FREE = "phone, draw, state, municipality, city, lada, kind, carrier";

  private record Free(long phone, int draw, Sort sort) {}

  private final Connection connection;
  private final int extractionId;
  private final SplittableRandom random;
  private final Map<Sort, Long> deltas = new HashMap<>();
  private final Map<Long, Free> pending = new LinkedHashMap<>(); // drawn, by phone; not held yet
  private int drawn;

  private Holdings(Connection connection, int extractionId, long seed) {
    this.connection = connection;
    this.extractionId = extractionId;
    this.random = new SplittableRandom(seed);
  }

  /**
   * How many contacts of a selection may be drawn now: exactly, where the counters know the
   * criteria; else at most.
   */
  public static long available(Connection connection, Criteria criteria) throws SQLException {
    return ContactCounts.atMost(connection, criteria.free());
  }

  /**
   * Takes the locks of {@link #draw}, to the end of the transaction, if nobody else has them; false
   * where a draw would have to wait.
   */
  public static boolean tryLock(Connection connection) throws SQLException {
    return ImportLock.tryTake(connection) && ContactLocks.tryExclusive(connection);
  }

  /**
   * Draws contacts by chance for an extraction that has drawn none, and holds them; part of the
   * caller's transaction, which ought to be short. Balanced over the groups within one, the rest
   * filled where a group runs short; fewer than the amount where there are fewer.
   *
   * @param groups that no contact is in two of
   * @param seed the same store and seed give the same contacts
   * @return how many were drawn of each group
   */
  public static List<Integer> draw(
      Connection connection, int extractionId, List<Criteria> groups, int amount, long seed)
      throws SQLException {
    return new Holdings(connection, extractionId, seed)
        .draw(groups.stream().map(Criteria::free).toList(), amount);
  }

  private List<Integer> draw(List<Criteria> groups, int amount) throws SQLException {
    // Whoever brings contacts or changes what they are counted by waits, as do opt-outs.
    ImportLock.take(connection);
    ContactLocks.exclusive(connection);
    var available = new ArrayList<Long>();
    for (var group : groups) {
      available.add(ContactCounts.atMost(connection, group));
    }
    var shares = shares(available, amount);
    var taken = new ArrayList<Integer>();
    Walk.preferIndexes(connection);
    for (var i = 0; i < groups.size(); i++) {
      taken.add(draw(groups.get(i), shares.get(i), available.get(i)));
    }
    hold();
    ContactCounts.apply(connection, deltas);
    return List.copyOf(taken);
  }

  /** As even as can be where group n has so many. */
  static List<Integer> shares(List<Long> available, int amount) {
    var shares = new int[available.size()];
    var left = amount;
    var open = new ArrayList<Integer>();
    for (var i = 0; i < shares.length; i++) {
      open.add(i);
    }
    while (left > 0) {
      open.removeIf(group -> shares[group] >= available.get(group));
      if (open.isEmpty()) {
        break;
      }
      var each = Math.max(1, left / open.size());
      for (var group : open) {
        var more = (int) Math.min(Math.min(each, left), available.get(group) - shares[group]);
        shares[group] += more;
        left -= more;
      }
    }
    var all = new ArrayList<Integer>();
    for (var share : shares) {
      all.add(share);
    }
    return all;
  }

  private int draw(Criteria group, int amount, long available) throws SQLException {
    if (amount == 0) {
      return 0;
    }
    var walk = new Walk<>(connection, group, FREE, Holdings::free, available);
    var taken = 0;
    while (taken < amount) {
      var wanted = Math.min(amount - taken, STRETCH);
      var found = walk.first(after(random.nextInt() & Integer.MAX_VALUE), wanted);
      var fresh = add(found);
      taken += fresh;
      if (found.size() < wanted || fresh < found.size()) {
        hold(); // so that the next stretch passes over them
      }
      if (found.size() < wanted) { // the order ends there: what is left is before
        return taken + add(walk.first(Walk.After.START, amount - taken));
      }
    }
    return taken;
  }

  /** How many of these were not drawn before. */
  private int add(List<Free> found) {
    var before = pending.size();
    found.forEach(one -> pending.putIfAbsent(one.phone(), one));
    return pending.size() - before;
  }

  private static Walk.After after(int draw) {
    return new Walk.After(draw, -1);
  }

  private static Free free(ResultSet row) throws SQLException {
    return new Free(
        row.getLong(1),
        row.getInt(2),
        new Sort(
            row.getInt(3),
            row.getInt(4),
            row.getInt(5),
            row.getInt(6),
            row.getInt(7),
            row.getInt(8),
            false,
            false));
  }

  /** Holds what was drawn since the last time. */
  private void hold() throws SQLException {
    if (pending.isEmpty()) {
      return;
    }
    var all = List.copyOf(pending.values());
    Db.update(
        connection,
        HOLD,
        statement -> {
          statement.setInt(1, extractionId);
          statement.setInt(2, drawn);
          statement.setArray(
              3, connection.createArrayOf("int8", all.stream().map(Free::phone).toArray()));
          statement.setArray(
              4, connection.createArrayOf("int4", all.stream().map(Free::draw).toArray()));
        });
    drawn += all.size();
    pending.clear();
    for (var one : all) {
      deltas.merge(one.sort(), -1L, Long::sum);
      deltas.merge(one.sort().withHeld(true), 1L, Long::sum);
    }
  }

  /**
   * What an extraction drew, in its order, from a position on. A contact that is gone, by the
   * undoing of its import, has no LADA and no city any more.
   */
  public static List<Held> of(Connection connection, int extractionId, int from, int limit)
      throws SQLException {
    Walk.preferIndexes(connection);
    return Db.query(
        connection,
        OF,
        statement -> {
          statement.setInt(1, extractionId);
          statement.setInt(2, from);
          statement.setInt(3, limit);
        },
        row ->
            new Held(
                row.getInt(1), row.getLong(2), row.getInt(3), row.getString(4), row.getBoolean(5)));
  }

  /**
   * Lets everything go that the extraction holds: it may be drawn again. What was drawn stays
   * known. Part of the caller's transaction; safe to repeat.
   */
  public static void release(Connection connection, int extractionId) throws SQLException {
    ImportLock.take(connection);
    ContactLocks.exclusive(connection);
    Walk.preferIndexes(connection);
    var deltas = new HashMap<Sort, Long>();
    for (var released :
        Db.query(
            connection,
            RELEASE,
            statement -> statement.setInt(1, extractionId),
            row -> Map.entry(Sort.read(row, 1), row.getLong(9)))) {
      deltas.merge(released.getKey(), -released.getValue(), Long::sum);
      deltas.merge(released.getKey().withHeld(false), released.getValue(), Long::sum);
    }
    ContactCounts.apply(connection, deltas);
  }

  /** The extractions that drew this contact, the newest first; the last hundred. */
  public static List<Drawn> drawnBy(Connection connection, long phone) throws SQLException {
    return Db.query(
        connection,
        DRAWN_BY,
        statement -> {
          statement.setInt(1, Draw.of(phone));
          statement.setLong(2, phone);
        },
        row -> new Drawn(row.getInt(1), row.getInt(2), row.getBoolean(3)));
  }
}
