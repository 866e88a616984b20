package io.centralita.tables;

import java.util.Locale;

/** What a file is by its first bytes, whatever it is called. */
record Content(Kind kind, String description) {

  enum Kind {
    EMPTY,
    TEXT,
    ZIP,
    /** The container of Excel before 2007, and of workbooks with a password. */
    OLE2,
    MARKUP,
    BINARY
  }

  static Content of(byte[] head) {
    if (starts(head, 0xD0, 0xCF, 0x11, 0xE0)) {
      return new Content(Kind.OLE2, "an old Excel workbook");
    }
    if (starts(head, 'P', 'K', 3, 4) || starts(head, 'P', 'K', 5, 6)) {
      return new Content(Kind.ZIP, "a workbook or another zip archive");
    }
    if (starts(head, 0x89, 'P', 'N', 'G')) {
      return new Content(Kind.BINARY, "a PNG image");
    }
    if (starts(head, 0xFF, 0xD8, 0xFF)) {
      return new Content(Kind.BINARY, "a JPEG image");
    }
    if (starts(head, '%', 'P', 'D', 'F')) {
      return new Content(Kind.BINARY, "a PDF document");
    }
    if (starts(head, 0x1F, 0x8B)) {
      return new Content(Kind.BINARY, "a gzip archive");
    }
    return text(head);
  }

  private static Content text(byte[] head) {
    var wide = Dialect.isUtf16(head);
    if (!wide && isBinary(head)) {
      return new Content(Kind.BINARY, "binary data");
    }
    var start = new String(head, 0, Math.min(head.length, 4096), Dialect.charset(head));
    var text = start.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
    if (text.isEmpty() && head.length <= 4096) {
      return new Content(Kind.EMPTY, "empty");
    }
    if (text.startsWith("<!doctype") || text.startsWith("<html") || text.startsWith("<table")) {
      return new Content(Kind.MARKUP, "a web page");
    }
    return text.startsWith("<?xml")
        ? new Content(Kind.MARKUP, "XML")
        : new Content(Kind.TEXT, "text");
  }

  /** Text has no NUL and hardly any other control character. */
  private static boolean isBinary(byte[] head) {
    var controls = 0;
    for (var b : head) {
      if (b == 0) {
        return true;
      }
      if (b > 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f') {
        controls++;
      }
    }
    return controls > head.length / 100;
  }

  private static boolean starts(byte[] head, int... bytes) {
    if (head.length < bytes.length) {
      return false;
    }
    for (var i = 0; i < bytes.length; i++) {
      if (head[i] != (byte) bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
