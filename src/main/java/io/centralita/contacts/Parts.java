package io.centralita.contacts;

/** The parts that the table of contacts is divided into, by draw. */
final class Parts {
  static final int COUNT = 16;
  private static final int SHIFT = 27;
  private static final String[] TABLES = new String[COUNT];

  static {
    for (var part = 0; part < COUNT; part++) {
      TABLES[part] = (part < 10 ? "contacts_0" : "contacts_") + part;
    }
  }

  private Parts() {}

  /** The part that holds this draw. */
  static int of(int draw) {
    return draw >>> SHIFT;
  }

  /** The part's own table. */
  static String table(int part) {
    return TABLES[part];
  }

  /** The last draw of a part. */
  static int last(int part) {
    return (int) ((part + 1L) * width() - 1);
  }

  /** How many draws a part is wide. */
  static int width() {
    return 1 << SHIFT;
  }
}
