package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Contacts that extractions hold: drawn, kept apart, and let go. */
public final class Holdings {

  /**
   * One contact that was drawn.
   *
   * @param position from 0 in the file's order
   */
  public record Held(int position, long phone, int lada, @Nullable String city, boolean optedOut) {}

  /** An extraction that drew a contact. */
  public record Drawn(int extractionId, int position, boolean held) {}

  private static final String FREE =
      """
      opt_out_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM extraction_contacts h
        WHERE h.held AND h.contact_draw = contacts.draw AND h.contact_phone = contacts.phone)
      """;

  private static final String HOLD =
      """
      INSERT INTO extraction_contacts (extraction_id, position, contact_phone, contact_draw)
      SELECT ?, n - 1, phone, draw
      FROM unnest(?::bigint[], ?::int[]) WITH ORDINALITY AS drawn (phone, draw, n)
      """;

  private static final String OF =
      """
      SELECT h.position, c.phone, c.lada, n.name, c.opt_out_at IS NOT NULL
      FROM extraction_contacts h
      JOIN contacts c ON c.draw = h.contact_draw AND c.phone = h.contact_phone
      LEFT JOIN cities n ON n.id = c.city AND n.id <> 0
      WHERE h.extraction_id = ? AND h.position >= ?
      ORDER BY h.position
      LIMIT ?
      """;

  private Holdings() {}

  /** How many contacts of a selection may be drawn now: not held, not opted out. */
  public static long available(Connection connection, Criteria criteria) throws SQLException {
    var conditions = Conditions.onContacts(criteria).add(FREE);
    return Db.query(
            connection,
            "SELECT count(*) FROM contacts " + conditions.where(),
            st -> conditions.bind(st, 1),
            row -> row.getLong(1))
        .getFirst();
  }

  /**
   * Draws contacts at random for an extraction and holds them, within the caller's transaction.
   * Fewer than {@code amount} where there are fewer. Repeating it draws nothing more.
   *
   * @param seed of the draw: the same store and seed give the same contacts
   * @return how many were drawn of each group, in the groups' order
   */
  public static List<Integer> draw(
      Connection connection, int extractionId, List<Criteria> groups, int amount, long seed)
      throws SQLException {
    Db.query(connection, "SELECT pg_advisory_xact_lock(hashtext('holdings'))", _ -> {}, _ -> true);
    var random = new Random(seed);
    var free = new ArrayList<List<Long>>();
    for (var group : groups) {
      var conditions = Conditions.onContacts(group).add(FREE);
      var phones =
          new ArrayList<>(
              Db.query(
                  connection,
                  "SELECT phone FROM contacts " + conditions.where() + " ORDER BY phone",
                  st -> conditions.bind(st, 1),
                  row -> row.getLong(1)));
      Collections.shuffle(phones, random);
      free.add(phones);
    }
    var counts = new int[groups.size()];
    var drawn = new ArrayList<Long>();
    for (var more = true; more && drawn.size() < amount; ) {
      more = false;
      for (var i = 0; i < counts.length && drawn.size() < amount; i++) {
        if (counts[i] < free.get(i).size()) {
          drawn.add(free.get(i).get(counts[i]++));
          more = true;
        }
      }
    }
    Collections.shuffle(drawn, random);
    hold(connection, extractionId, drawn);
    return Arrays.stream(counts).boxed().toList();
  }

  private static void hold(Connection connection, int extractionId, List<Long> phones)
      throws SQLException {
    Db.update(
        connection,
        HOLD,
        st -> {
          st.setInt(1, extractionId);
          st.setArray(2, connection.createArrayOf("int8", phones.toArray()));
          st.setArray(
              3, connection.createArrayOf("int4", phones.stream().map(Draw::of).toArray()));
        });
  }

  /** What an extraction drew, in the file's order, from a position on. */
  public static List<Held> of(Connection connection, int extractionId, int fromPosition, int limit)
      throws SQLException {
    return Db.query(
        connection,
        OF,
        st -> {
          st.setInt(1, extractionId);
          st.setInt(2, fromPosition);
          st.setInt(3, limit);
        },
        row ->
            new Held(
                row.getInt(1), row.getLong(2), row.getInt(3), row.getString(4), row.getBoolean(5)));
  }

  /** Lets everything go that the extraction holds. What was drawn stays known. Safe to repeat. */
  public static void release(Connection connection, int extractionId) throws SQLException {
    Db.update(
        connection,
        "UPDATE extraction_contacts SET held = false WHERE extraction_id = ? AND held",
        id(extractionId));
  }

  /** The extractions that ever drew this contact, newest first. */
  public static List<Drawn> drawnBy(Connection connection, long phone) throws SQLException {
    return Db.query(
        connection,
        """
        SELECT extraction_id, position, held FROM extraction_contacts
        WHERE contact_phone = ? ORDER BY extraction_id DESC LIMIT 100
        """,
        (PreparedStatement st) -> st.setLong(1, phone),
        row -> new Drawn(row.getInt(1), row.getInt(2), row.getBoolean(3)));
  }

  private static Db.Binder id(int extractionId) {
    return st -> st.setInt(1, extractionId);
  }
}
