package io.centralita.contacts;

import io.centralita.access.Principal;
import io.centralita.db.Db;
import io.centralita.http.Cursor;
import io.centralita.http.Page;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The contacts as they are read: pages, counts, one by its number. */
public final class Contacts {
  private static final Cursor<Walk.After> CURSOR =
      new Cursor<>(
          after -> after.draw() + "." + after.phone(),
          text -> {
            var dot = text.indexOf('.');
            var draw = Integer.parseInt(text.substring(0, dot));
            if (draw < 0) {
              throw new IllegalArgumentException("no place in the order of contacts");
            }
            return new Walk.After(draw, Long.parseLong(text.substring(dot + 1)));
          });

  private static final String FIND =
      "SELECT " + Contact.COLUMNS + " FROM contacts WHERE phone = ? AND draw = ?";

  /** Numbers read at once, where all of a selection are. */
  private static final int STEP = 10_000;

  private final Db db;
  private final PlaceNames placeNames;

  public Contacts(Db db, PlaceNames placeNames) {
    this.db = db;
    this.placeNames = placeNames;
  }

  /**
   * A page of what matches, in the order of draw.
   *
   * @param who asks
   * @param cursor of the page before; the first page where null
   */
  public CompletionStage<Page<Contact>> page(
      Principal who, Selection selection, @Nullable String cursor, int limit) {
    var after = cursor == null ? Walk.After.START : CURSOR.decode(cursor);
    return db.transaction(
        "page of contacts",
        connection -> {
          var names = placeNames.now(connection);
          var criteria = names.criteria(selection, "");
          var reader = new ContactReader(connection, placeNames, names);
          var found =
              new Walk<>(connection, criteria, Contact.COLUMNS, reader).first(after, limit + 1);
          var page =
              Page.of(
                  found, limit, last -> CURSOR.encode(new Walk.After(last.draw(), last.phone())));
          return new Page<>(shown(connection, who, page.items()), page.nextCursor());
        });
  }

  /**
   * How many match, exactly.
   *
   * @param in how the request calls what the selection is in, with a dot; or empty
   */
  public CompletionStage<Long> count(Selection selection, String in) {
    return db.transaction(
        "count of contacts",
        connection -> count(connection, placeNames.now(connection).criteria(selection, in)));
  }

  /** How many match each of these, where the counters tell it. */
  CompletionStage<List<Optional<Long>>> countsIfKnown(List<Selection> selections) {
    return db.transaction(
        "counts of contacts",
        connection -> {
          var names = placeNames.now(connection);
          var counts = new ArrayList<Optional<Long>>();
          for (var selection : selections) {
            var criteria = names.criteria(selection, "");
            counts.add(
                criteria.isCounted()
                    ? Optional.of(ContactCounts.atMost(connection, criteria))
                    : Optional.empty());
          }
          return List.copyOf(counts);
        });
  }

  /** {@link #count} as part of a transaction. */
  static long count(Connection connection, Criteria criteria) throws SQLException {
    var atMost = ContactCounts.atMost(connection, criteria);
    if (criteria.isCounted() || atMost == 0) {
      return atMost;
    }
    if (!criteria.tiersAvoided().isEmpty()) { // of most contacts nobody was ever asked
      return count(connection, criteria.withTiers(Set.of()))
          - count(connection, criteria.withTiers(criteria.tiersAvoided()));
    }
    Walk.preferIndexes(connection);
    if (criteria.tiersNeeded().isEmpty()) {
      return count(connection, "contacts", criteria, Conditions.onContacts(criteria));
    }
    var sum = 0L; // a part's leads are found by its draws
    for (var part = 0; part < Parts.COUNT; part++) {
      var first = part * Parts.width();
      sum +=
          count(
              connection,
              Parts.table(part),
              criteria,
              Conditions.onContacts(criteria, first, Parts.last(part)));
    }
    return sum;
  }

  private static long count(
      Connection connection, String table, Criteria criteria, Conditions conditions)
      throws SQLException {
    return Walk.inTime(
        () ->
            Db.query(
                    connection,
                    "SELECT count(*) FROM " + source(table, criteria) + " " + conditions.where(),
                    statement -> {
                      Walk.limited(statement);
                      conditions.bind(statement, 1);
                    },
                    row -> row.getLong(1))
                .getFirst());
  }

  /** Is given numbers. */
  public interface NumberSink {
    void accept(List<Long> phones) throws SQLException;
  }

  /**
   * Gives the numbers of a selection in the order of draw, so many at a time, but of nobody who has
   * opted out; part of the caller's transaction.
   *
   * @param most numbers in all
   * @param atOnce numbers that the sink is given at once; the last ones may be fewer
   */
  public void numbers(
      Connection connection, Selection selection, int most, int atOnce, NumberSink sink)
      throws SQLException {
    var criteria = placeNames.criteria(connection, selection).withoutOptedOut();
    var walk =
        new Walk<>(
            connection,
            criteria,
            "phone, draw",
            row -> new Walk.After(row.getInt(2), row.getLong(1)));
    var after = Walk.After.START;
    var left = most;
    while (left > 0) {
      var found = walk.first(after, Math.min(left, STEP));
      for (var from = 0; from < found.size(); from += atOnce) {
        var some = found.subList(from, Math.min(found.size(), from + atOnce));
        sink.accept(some.stream().map(Walk.After::phone).toList());
      }
      if (found.size() < Math.min(left, STEP)) {
        return;
      }
      after = found.getLast();
      left -= found.size();
    }
  }

  /**
   * What a statement reads to find these in a table of contacts: only those who opted out have a
   * list of their own.
   */
  static String source(String table, Criteria criteria) {
    return Boolean.TRUE.equals(criteria.optedOut())
        ? "opt_outs JOIN " + table + " USING (phone, draw)"
        : table;
  }

  /**
   * The contact with this number.
   *
   * @param who asks
   * @param phone E.164 without the plus
   */
  public CompletionStage<Optional<Contact>> find(Principal who, long phone) {
    return db.transaction(
        "one contact",
        connection -> {
          var reader = new ContactReader(connection, placeNames, placeNames.now(connection));
          var found =
              Db.query(
                  connection,
                  FIND,
                  statement -> {
                    statement.setLong(1, phone);
                    statement.setInt(2, Draw.of(phone));
                  },
                  reader);
          return shown(connection, who, found).stream().findFirst();
        });
  }

  private static List<Contact> shown(
      Connection connection, Principal who, List<ContactReader.Found> found) throws SQLException {
    var phones = found.stream().map(ContactReader.Found::phone).toList();
    var leads = Lead.of(connection, phones);
    var extracted = Extracted.of(connection, phones);
    return found.stream()
        .map(one -> one.contact().with(leads.get(one.phone()), extracted.get(one.phone()), who))
        .toList();
  }
}
