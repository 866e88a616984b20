package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes contacts of rows, with the names of what the rows hold as ids. For one transaction. */
final class ContactReader implements Db.RowReader<ContactReader.Found> {

  /** A contact, and where it stands in the order. */
  record Found(int draw, long phone, Contact contact) {}

  private final Connection connection;
  private final PlaceNames placeNames;
  private Gazetteer names;

  ContactReader(Connection connection, PlaceNames placeNames, Gazetteer names) {
    this.connection = connection;
    this.placeNames = placeNames;
    this.names = names;
  }

  @Override
  public Found read(ResultSet row) throws SQLException {
    if (!names.knows(row.getInt(10), row.getInt(7), row.getInt(12))) {
      names = placeNames.now(connection); // a place that came just now
    }
    return new Found(row.getInt(2), row.getLong(1), Contact.of(row, names));
  }
}
