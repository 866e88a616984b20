package io.centralita.tables;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 in which a byte that is no UTF-8 is a character of Windows-1252: files pasted together of
 * both, or plain for longer than the sample, keep their accents.
 */
final class TolerantUtf8 extends Reader {
  private static final String WINDOWS = allOfWindows();

  private final InputStream in;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).flip();
  private final CharBuffer chars = CharBuffer.allocate(1 << 16).flip();
  private boolean end;

  TolerantUtf8(InputStream in) {
    this.in = in;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    while (!chars.hasRemaining()) {
      if (end && !bytes.hasRemaining()) {
        return -1;
      }
      decode();
    }
    var count = Math.min(length, chars.remaining());
    chars.get(target, offset, count);
    return count;
  }

  private void decode() throws IOException {
    chars.clear();
    var result = decoder.decode(bytes, chars, end);
    if (result.isError() && chars.hasRemaining()) {
      chars.put(WINDOWS.charAt(bytes.get() & 0xFF));
    } else if (result.isUnderflow() && !end) {
      bytes.compact();
      var count = in.read(bytes.array(), bytes.position(), bytes.remaining());
      end = count < 0;
      bytes.position(bytes.position() + Math.max(count, 0));
      bytes.flip();
    }
    chars.flip();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private static String allOfWindows() {
    var all = new byte[256];
    for (var i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    return new String(all, Charset.forName("windows-1252"));
  }
}
