package io.centralita.extraction;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;

/** Writes a file into the database, chunk by chunk, as part of a transaction. */
final class ChunkOutput extends OutputStream {
  /** Bytes of each chunk but the last. */
  static final int CHUNK = 256 << 10;

  private static final String ADD =
      "INSERT INTO extraction_files (extraction_id, chunk_no, bytes) VALUES (?, ?, ?)";

  private final PreparedStatement statement;
  private final int extractionId;
  private final MessageDigest digest;
  private final byte[] buffer = new byte[CHUNK];
  private int filled;
  private int chunks;
  private long size;
  private boolean closed;

  /**
   * @param digest is told every byte
   */
  ChunkOutput(Connection connection, int extractionId, MessageDigest digest) throws SQLException {
    this.statement = connection.prepareStatement(ADD);
    this.extractionId = extractionId;
    this.digest = digest;
  }

  /** Bytes written so far. */
  long size() {
    return size;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    digest.update(bytes, offset, length);
    size += length;
    for (var from = offset; from < offset + length; ) {
      if (filled == CHUNK) {
        send(buffer);
        filled = 0;
      }
      var some = Math.min(CHUNK - filled, offset + length - from);
      System.arraycopy(bytes, from, buffer, filled, some);
      filled += some;
      from += some;
    }
  }

  private void send(byte[] chunk) throws IOException {
    try {
      statement.setInt(1, extractionId);
      statement.setInt(2, chunks);
      statement.setBytes(3, chunk);
      statement.executeUpdate();
      chunks++;
    } catch (SQLException e) {
      throw new IOException(e); // unwrapped by the transaction that writes
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try (statement) {
        send(Arrays.copyOf(buffer, filled));
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }
}
