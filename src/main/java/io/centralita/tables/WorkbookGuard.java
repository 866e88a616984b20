package io.centralita.tables;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Unpacks a workbook once, keeping nothing, before the library sees it: what it unpacks to is
 * counted and not believed, and its XML is examined by {@link WorkbookScan}.
 *
 * <p>Zip reader and XML parser are those the library uses, so that both see the same file.
 */
final class WorkbookGuard {
  /** In XML no text, tag or attribute goes on past a less-than sign: how much may lie between. */
  private static final int LONGEST_RUN = 8 << 20;

  private static final XMLInputFactory XML = xml();

  private final Limits limits;
  private final WorkbookScan scan;
  private long inflated;

  private WorkbookGuard(Limits limits) {
    this.limits = limits;
    this.scan = new WorkbookScan(limits);
  }

  /**
   * Refuses what is no workbook, or would cost too much to read.
   *
   * @throws IOException if the zip archive is damaged
   */
  static void check(Path file, Limits limits) throws IOException {
    try (var zip = ZipFile.builder().setPath(file).get()) {
      new WorkbookGuard(limits).check(zip);
    }
  }

  private void check(ZipFile zip) throws IOException {
    var names = new HashSet<String>();
    var entries = Collections.list(zip.getEntries());
    if (entries.size() > limits.zipEntries()) {
      throw new TableException(
          "the workbook holds %,d parts, the most allowed is %,d: save its sheet as CSV"
              .formatted(entries.size(), limits.zipEntries()));
    }
    for (var entry : entries) {
      names.add(entry.getName());
    }
    requireWorkbook(names);
    for (var entry : entries) {
      if (!entry.isDirectory()) {
        check(zip, entry);
      }
    }
    scan.finish();
  }

  private static void requireWorkbook(Set<String> names) {
    if (names.contains("[Content_Types].xml") && !names.contains("word/document.xml")) {
      if (names.contains("xl/workbook.bin")) {
        throw new TableException("the file is a binary Excel workbook: save it as .xlsx");
      }
      return;
    }
    throw new TableException(
        names.contains("mimetype")
            ? "the file is an OpenDocument file: save it as .xlsx or .csv"
            : "the file is a zip archive but no Excel workbook: unpack it and send the table inside");
  }

  private void check(ZipFile zip, ZipArchiveEntry entry) throws IOException {
    if (!zip.canReadEntryData(entry)) {
      throw new TableException(
          part(entry) + " is encrypted or packed in an unusual way: save the workbook again");
    }
    try (var in = new Metered(zip.getInputStream(entry), entry)) {
      try {
        scan.part(XML.createXMLStreamReader(in), part(entry), in);
      } catch (XMLStreamException _) {
        // An image, or broken XML: the library would stop at the same place if it read this part.
      }
      in.xml = false;
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static String part(ZipArchiveEntry entry) {
    var name = entry.getName().replaceAll("[^\\w./\\[\\] -]", "?");
    return "the part " + name.substring(0, Math.min(name.length(), 80)) + " of the workbook";
  }

  private static XMLInputFactory xml() {
    var factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }

  /** Counts what a part really unpacks to. */
  private final class Metered extends FilterInputStream implements WorkbookScan.Size {
    private final ZipArchiveEntry entry;
    private long size;
    private int run;
    private boolean xml = true;

    Metered(InputStream in, ZipArchiveEntry entry) {
      super(in);
      this.entry = entry;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      var count = super.read(buffer, offset, length);
      if (count > 0) {
        size += count;
        inflated += count;
        check();
        if (xml) {
          checkRun(buffer, offset, count);
        }
      }
      return count;
    }

    private void check() {
      if (inflated > limits.inflatedBytes()) {
        throw new TableException(
            "the workbook unpacks to more than %,d MB: save its sheet as CSV"
                .formatted(limits.inflatedBytes() >> 20));
      }
      // The archive says how big the packed part is; it cannot make it smaller than it is.
      var packed = Math.max(1, entry.getCompressedSize());
      if (size > limits.ratioFrom() && size / packed > limits.ratio()) {
        throw new TableException(
            "%s unpacks to more than %d times its size, as only harmful files do: save its sheet as CSV"
                .formatted(part(entry), limits.ratio()));
      }
    }

    private void checkRun(byte[] buffer, int offset, int count) {
      for (var i = offset; i < offset + count; i++) {
        run = buffer[i] == '<' ? 0 : run + 1;
        if (run > LONGEST_RUN) {
          throw new TableException(part(entry) + " holds a text that is too long: shorten it");
        }
      }
    }
  }
}
