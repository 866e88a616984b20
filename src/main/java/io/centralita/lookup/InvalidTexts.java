package io.centralita.lookup;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What came in files and is no number: a row a chunk, arrays of equal length in it. */
final class InvalidTexts {

  /** The most texts that a chunk holds. */
  static final int SIZE = 1000;

  /**
   * One chunk as it is stored.
   *
   * @param reasons why each of the texts is no number
   * @param at when they came
   */
  record InvalidChunk(int chunkNo, List<String> texts, List<String> reasons, Instant at) {}

  // Walks by key.
  private static final String FROM =
      """
      SELECT chunk_no, texts, reasons, at
      FROM file_invalid
      WHERE file_id = ? AND chunk_no >= ?
      ORDER BY chunk_no
      LIMIT ?
      """;

  private static final String ADD =
      "INSERT INTO file_invalid (file_id, chunk_no, texts, reasons) VALUES (?, ?, ?, ?)";

  private static final String TEXTS = "SELECT texts FROM file_invalid WHERE file_id = ?";

  private final Db db;

  InvalidTexts(Db db) {
    this.db = db;
  }

  /** The file's chunks from {@code fromChunk} on, in order. */
  CompletionStage<List<InvalidChunk>> from(long fileId, int fromChunk, int limit) {
    return db.query(
        FROM,
        st -> {
          st.setLong(1, fileId);
          st.setInt(2, fromChunk);
          st.setInt(3, limit);
        },
        row ->
            new InvalidChunk(
                row.getInt(1),
                List.of((String[]) row.getArray(2).getArray()),
                List.of((String[]) row.getArray(3).getArray()),
                Db.instant(row, 4)));
  }

  /** Adds the texts that the file does not have, as new chunks; gives how many. */
  static int add(Connection connection, long fileId, TextSet texts) throws SQLException {
    if (texts.size() == 0) {
      return 0;
    }
    var known = new BitSet();
    var chunkNo = findKnown(connection, fileId, texts, known);
    try (var statement = connection.prepareStatement(ADD)) {
      var place = known.nextClearBit(0);
      while (place < texts.size()) {
        var some = new ArrayList<String>(SIZE);
        var reasons = new ArrayList<String>(SIZE);
        for (; place < texts.size() && some.size() < SIZE; place = known.nextClearBit(place + 1)) {
          some.add(texts.text(place));
          reasons.add(texts.reason(place));
        }
        statement.setLong(1, fileId);
        statement.setInt(2, chunkNo++);
        statement.setArray(3, connection.createArrayOf("text", some.toArray()));
        statement.setArray(4, connection.createArrayOf("text", reasons.toArray()));
        statement.executeUpdate();
      }
    }
    return texts.size() - known.cardinality();
  }

  /** Marks those of the texts that the file has; gives how many chunks it has. */
  private static int findKnown(Connection connection, long fileId, TextSet texts, BitSet known)
      throws SQLException {
    var chunks = 0;
    try (var statement = connection.prepareStatement(TEXTS)) {
      statement.setFetchSize(20);
      statement.setLong(1, fileId);
      try (var rows = statement.executeQuery()) {
        for (; rows.next(); chunks++) {
          for (var text : (String[]) rows.getArray(1).getArray()) {
            var place = texts.placeOf(text);
            if (place >= 0) {
              known.set(place);
            }
          }
        }
      }
    }
    return chunks;
  }
}
