package io.centralita.tables;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a text file writes its table, judged by its beginning.
 *
 * @param quotes whether quotes enclose cells
 * @param skip characters to pass over before the first row: the byte order mark, Excel's "sep=;"
 */
record Dialect(Charset charset, char delimiter, boolean quotes, int skip) {
  static final int SAMPLE = 1 << 16;

  /** No text holds it: stands for "one value a line". */
  static final char NO_DELIMITER = '\uFFFF';

  private static final Charset WINDOWS = Charset.forName("windows-1252");
  private static final int LINES = 200;

  /** Where two fit equally well the earlier wins: a comma may be a decimal comma. */
  private static final char[] DELIMITERS = {'\t', ';', '|', ','};

  static Dialect of(byte[] head, @Nullable Format named) {
    var charset = charset(head);
    var text = new String(head, charset);
    var skip = text.startsWith("\uFEFF") ? 1 : 0;
    var announced = announced(text.substring(skip));
    if (announced > 0) {
      var rest = text.substring(skip + 5);
      var lineEnd = rest.startsWith("\r\n") ? 2 : 1;
      return new Dialect(charset, announced, true, skip + 5 + Math.min(lineEnd, rest.length()));
    }
    if (named == Format.TXT) {
      return text.indexOf('\t') >= 0
          ? new Dialect(charset, '\t', true, skip)
          : new Dialect(charset, NO_DELIMITER, false, skip);
    }
    return new Dialect(charset, delimiter(text, head.length == SAMPLE), true, skip);
  }

  static boolean isUtf16(byte[] head) {
    return head.length >= 2
        && ((head[0] == (byte) 0xFE && head[1] == (byte) 0xFF)
            || (head[0] == (byte) 0xFF && head[1] == (byte) 0xFE));
  }

  static Charset charset(byte[] head) {
    if (isUtf16(head)) {
      return head[0] == (byte) 0xFE ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    }
    // The sample may end in the middle of a character, which is why the input does not end here.
    var result =
        StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(head), CharBuffer.allocate(head.length), head.length < SAMPLE);
    return result.isError() ? WINDOWS : StandardCharsets.UTF_8;
  }

  /** The delimiter of Excel's own first line "sep=;", or 0 without one. */
  private static char announced(String text) {
    return text.matches("(?s)sep=[,;|\t](\r.*|\n.*|)") ? text.charAt(4) : 0;
  }

  private static char delimiter(String text, boolean cut) {
    var best = ',';
    var bestLines = 0;
    for (var candidate : DELIMITERS) {
      var lines = agreeingLines(cells(text, candidate, cut));
      if (lines > bestLines) {
        best = candidate;
        bestLines = lines;
      }
    }
    return best;
  }

  /** How many lines have the number of cells that most lines with more than one cell have. */
  private static int agreeingLines(List<Integer> cells) {
    var lines = new HashMap<Integer, Integer>();
    for (var count : cells) {
      if (count > 1) {
        lines.merge(count, 1, Integer::sum);
      }
    }
    return lines.values().stream().mapToInt(n -> n).max().orElse(0);
  }

  /** The number of cells of each of the first lines, if the delimiter were this one. */
  private static List<Integer> cells(String text, char delimiter, boolean cut) {
    var counts = new ArrayList<Integer>();
    var count = 1;
    var quoted = false;
    var cellStart = true;
    for (var i = 0; i < text.length() && counts.size() < LINES; i++) {
      var c = text.charAt(i);
      if (c == '"' && (quoted || cellStart)) {
        quoted = !quoted;
        cellStart = false;
      } else if (!quoted && (c == '\n' || c == '\r')) {
        counts.add(count);
        count = 1;
        cellStart = true;
      } else {
        // After any of them, so that what is quoted counts for none of them.
        cellStart = c == '\t' || c == ';' || c == '|' || c == ',';
        count += !quoted && c == delimiter ? 1 : 0;
      }
    }
    if (!cut || counts.isEmpty()) {
      counts.add(count);
    }
    return counts;
  }
}
