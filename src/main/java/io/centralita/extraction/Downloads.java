package io.centralita.extraction;

import io.centralita.access.Principal;
import io.centralita.db.Db;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The files of extractions as they are read, and who read them. */
final class Downloads {

  /**
   * The bytes that somebody asked for; both ends are part of it. Of an empty file the last comes
   * before the first.
   */
  record Range(long first, long last) {
    static Range whole(long size) {
      return new Range(0, size - 1);
    }

    long length() {
      return last - first + 1;
    }
  }

  /** Somebody took some of a file. */
  record Download(
      long id, Instant at, String by, String key, long firstByte, long lastByte, boolean gzip) {}

  // What is given back, or ended, meanwhile is not given out.
  private static final String COUNT =
      """
      UPDATE extractions SET downloads = downloads + 1
      WHERE id = ? AND delivered_at IS NOT NULL AND returned_at IS NULL AND NOT ended
        AND file_gone_at IS NULL
      """;

  private static final String NOTE =
      """
      INSERT INTO extraction_downloads (extraction_id, by, key_id, first_byte, last_byte, gzip)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String LIST =
      """
      SELECT id, at, by, key_id, first_byte, last_byte, gzip
      FROM extraction_downloads
      WHERE extraction_id = ? AND id < ?
      ORDER BY id DESC
      LIMIT ?
      """;

  private static final String CHUNK =
      "SELECT bytes FROM extraction_files WHERE extraction_id = ? AND chunk_no = ?";

  private final Db db;

  Downloads(Db db) {
    this.db = db;
  }

  /** Notes that somebody takes this; false where there is nothing to be taken any more. */
  CompletionStage<Boolean> note(int id, Principal who, Range range, boolean gzip) {
    return db.transaction(
        "note a download",
        connection -> {
          if (Db.update(connection, COUNT, st -> st.setInt(1, id)) == 0) {
            return false;
          }
          Db.update(
              connection,
              NOTE,
              st -> {
                st.setInt(1, id);
                st.setString(2, who.user());
                st.setString(3, who.keyId());
                st.setLong(4, range.first());
                st.setLong(5, range.last());
                st.setBoolean(6, gzip);
              });
          return true;
        });
  }

  /** Who took what of it, the newest first. */
  CompletionStage<List<Download>> before(int id, long before, int limit) {
    return db.query(
        LIST,
        st -> {
          st.setInt(1, id);
          st.setLong(2, before);
          st.setInt(3, limit);
        },
        row ->
            new Download(
                row.getLong(1),
                Db.instant(row, 2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getLong(6),
                row.getBoolean(7)));
  }

  /** The bytes, a chunk at a time as the client takes them. Fails where the file goes meanwhile. */
  Source<ByteString, NotUsed> bytes(int id, Range range) {
    if (range.length() <= 0) {
      return Source.empty();
    }
    return Source.range(
            (int) (range.first() / ChunkOutput.CHUNK), (int) (range.last() / ChunkOutput.CHUNK))
        .mapAsync(1, number -> chunk(id, number).thenApply(bytes -> part(bytes, number, range)));
  }

  private CompletionStage<byte[]> chunk(int id, int number) {
    return db.queryOne(
            CHUNK,
            st -> {
              st.setInt(1, id);
              st.setInt(2, number);
            },
            row -> row.getBytes(1))
        .thenApply(
            (Optional<byte[]> found) ->
                found.orElseThrow(() -> new IllegalStateException("the file is gone")));
  }

  private static ByteString part(byte[] bytes, int number, Range range) {
    var begin = (long) number * ChunkOutput.CHUNK;
    var from = (int) Math.max(0, range.first() - begin);
    var to = (int) Math.min(bytes.length, range.last() + 1 - begin);
    return ByteString.fromArray(bytes, from, to - from);
  }
}
