package io.centralita.contacts;

/**
 * The place of a phone in the order in which contacts are listed, drawn and divided among the parts
 * of their table: 31 bits that look like chance and are the same for ever.
 */
public final class Draw {
  private Draw() {}

  /**
   * The upper 31 bits of MurmurHash3's 64-bit finalizer.
   *
   * @param phone E.164 without the plus
   */
  public static int of(long phone) {
    var h = phone;
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 33;
    return (int) (h >>> 33);
  }
}
