package io.centralita.tables;

/**
 * How much a file may make the reader hold or do before it is refused.
 *
 * @param columns cells in a row
 * @param rowChars characters in a row, and in one text of a workbook
 * @param zipEntries files inside a workbook
 * @param inflatedBytes size of a workbook unpacked
 * @param sharedStringsBytes size unpacked of the part that holds a workbook's texts, which is kept
 *     in memory
 * @param ratio how many times its packed size a part may unpack to
 * @param ratioFrom unpacked bytes from which {@code ratio} is enforced
 */
public record Limits(
    int columns,
    int rowChars,
    int zipEntries,
    long inflatedBytes,
    long sharedStringsBytes,
    int ratio,
    long ratioFrom) {

  public static final Limits DEFAULTS =
      new Limits(4096, 1 << 20, 2000, 1L << 30, 256L << 20, 200, 10L << 20);
}
