package io.centralita.contacts;

import io.centralita.contacts.Place.Kind;
import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The names of places and carriers, kept in memory: they are few, and only ever become more. What a
 * request may see of them is as new as the request. Thread-safe.
 */
public final class PlaceNames {
  // Ids are given in order, so the last ones tell whether there is anything new.
  private static final String LAST =
      """
      SELECT coalesce((SELECT max(id) FROM cities), 0)
          || ',' || coalesce((SELECT max(id) FROM municipalities), 0)
          || ',' || coalesce((SELECT max(id) FROM carriers), 0)
      """;

  private static final String STATES = "SELECT id, 0, name, code FROM states";
  private static final String CITIES = "SELECT id, 0, name FROM cities";
  private static final String MUNICIPALITIES = "SELECT id, state, name FROM municipalities";
  private static final String CARRIERS = "SELECT id, 0, name FROM carriers";

  private record Loaded(String last, Gazetteer gazetteer) {}

  private final Db db;
  private volatile @Nullable Loaded loaded;

  public PlaceNames(Db db) {
    this.db = db;
  }

  /** The names as they are now. */
  CompletionStage<Gazetteer> now() {
    return db.transaction("names of places", this::now);
  }

  /** {@link #now()} on a connection already held. */
  Gazetteer now(Connection connection) throws SQLException {
    var last = Db.query(connection, LAST, _ -> {}, row -> row.getString(1)).getFirst();
    var before = loaded;
    if (before != null && before.last().equals(last)) {
      return before.gazetteer();
    }
    var gazetteer = load(connection);
    loaded = new Loaded(last, gazetteer);
    return gazetteer;
  }

  /**
   * The selection in the terms of the store.
   *
   * @return fails with a problem (404) where there is no place of a name
   */
  public CompletionStage<Criteria> criteria(Selection selection) {
    return now().thenApply(gazetteer -> gazetteer.criteria(selection, ""));
  }

  /**
   * {@link #criteria(Selection)} on a connection already held.
   *
   * @throws ProblemException (404) where there is no place of a name
   */
  public Criteria criteria(Connection connection, Selection selection) throws SQLException {
    return now(connection).criteria(selection, "");
  }

  /** The same of several selections. */
  public List<Criteria> criteria(Connection connection, List<Selection> selections)
      throws SQLException {
    var gazetteer = now(connection);
    return selections.stream().map(selection -> gazetteer.criteria(selection, "")).toList();
  }

  private static Gazetteer load(Connection connection) throws SQLException {
    var places = new ArrayList<Place>();
    var codes = new HashMap<Integer, String>();
    places.addAll(
        Db.query(
            connection,
            STATES,
            _ -> {},
            row -> {
              codes.put(row.getInt(1), row.getString(4));
              return place(Kind.STATE, row);
            }));
    places.addAll(Db.query(connection, CITIES, _ -> {}, row -> place(Kind.CITY, row)));
    places.addAll(
        Db.query(connection, MUNICIPALITIES, _ -> {}, row -> place(Kind.MUNICIPALITY, row)));
    places.addAll(Db.query(connection, CARRIERS, _ -> {}, row -> place(Kind.CARRIER, row)));
    return new Gazetteer(places, codes);
  }

  private static Place place(Kind kind, ResultSet row) throws SQLException {
    var name = row.getString(3);
    return new Place(kind, row.getInt(1), row.getInt(2), Folded.key(name), name);
  }
}
