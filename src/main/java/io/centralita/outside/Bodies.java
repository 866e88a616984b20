package io.centralita.outside;

import io.centralita.outside.OutsideException.Kind;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Undoes a body's encoding, and stops at the bound: a few kilobytes may claim to be gigabytes. Done
 * here and not in Netty's pipeline, so that no more than the bound is ever inflated.
 */
final class Bodies {

  private Bodies() {}

  /** The body in clear. The bytes are whole, so there is nothing to wait for. */
  static byte[] decoded(@Nullable String encoding, byte[] body, int limit, String host) {
    if (encoding == null || body.length == 0) {
      return body;
    }
    try {
      return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
        case "", "identity" -> body;
        case "gzip", "x-gzip" ->
            bounded(new GZIPInputStream(new ByteArrayInputStream(body)), limit, host);
        case "deflate" -> inflated(body, limit, host);
        default -> throw new OutsideException(Kind.MALFORMED, host, "an encoding not asked for");
      };
    } catch (EOFException _) {
      throw new OutsideException(Kind.CUT, host, "in a compressed body");
    } catch (IOException _) {
      throw new OutsideException(Kind.MALFORMED, host, "a body that does not decompress");
    }
  }

  private static byte[] inflated(byte[] body, int limit, String host) throws IOException {
    // RFC 9110 means zlib; some servers send the bare stream. A zlib header is a multiple of 31.
    boolean zlib =
        body.length > 1
            && (body[0] & 0x0f) == 8
            && (((body[0] & 0xff) << 8) | (body[1] & 0xff)) % 31 == 0;
    var inflater = new Inflater(!zlib);
    try {
      return bounded(
          new InflaterInputStream(new ByteArrayInputStream(body), inflater), limit, host);
    } finally {
      inflater.end();
    }
  }

  private static byte[] bounded(InputStream in, int limit, String host) throws IOException {
    try (in) {
      var clear = in.readNBytes(limit + 1);
      if (clear.length > limit) {
        throw new OutsideException(Kind.TOO_LARGE, host, "");
      }
      return clear;
    }
  }
}
