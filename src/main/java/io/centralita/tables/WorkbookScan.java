package io.centralita.tables;

import java.util.Objects;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Looks in the XML of a workbook for what would make the library take memory or time without
 * bounds: a cell far to the right, a text that is not in the list of texts, entities.
 */
final class WorkbookScan {
  private static final int DEEPEST = 256;
  private static final int MOST_LISTED = 200_000;

  /** The library goes through all of them for every number of the sheet. */
  private static final int MOST_ARRAY_FORMULAS = 2000;

  private static final int LONGEST_FORMULA = 1 << 15;

  /** How much of a part has been unpacked so far. */
  interface Size {
    long size();
  }

  private final Limits limits;
  private String part = "";
  private int depth;
  private int listed; // sheets, relationships and parts, which the library keeps
  private long row;
  private int column;
  private boolean inRow;
  private boolean inCell;
  private boolean inText; // of the list of texts
  private boolean inFormula;
  private boolean inValue;
  private boolean shared; // the cell's value is a place in the list of texts
  private long place;
  private int chars;
  private int formulaChars;
  private int arrayFormulas;
  private long texts;
  private long highestPlace = -1;

  WorkbookScan(Limits limits) {
    this.limits = limits;
  }

  /** Reads a part to its end. */
  void part(XMLStreamReader xml, String name, Size size) throws XMLStreamException {
    part = name;
    depth = 0;
    listed = 0;
    row = 0;
    inRow = false;
    inCell = false;
    inText = false;
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.DTD ->
            throw new TableException(
                part + " declares a DOCTYPE, as only harmful files do: save the workbook again");
        case XMLStreamConstants.START_ELEMENT -> start(xml, size);
        case XMLStreamConstants.END_ELEMENT -> end(xml.getLocalName());
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (inCell || inText) {
            text(xml);
          }
        }
        default -> {} // comments and processing instructions, which the library passes over too
      }
    }
  }

  /** To be called after the last part. */
  void finish() {
    if (highestPlace >= texts) {
      throw new TableException(
          "the workbook refers to a text it does not hold: open it in a spreadsheet and save it again");
    }
  }

  private void start(XMLStreamReader xml, Size size) {
    if (++depth > DEEPEST) {
      throw damaged();
    }
    switch (xml.getLocalName()) {
      case "row" -> startRow();
      case "c" -> {
        if (inRow) {
          startCell(xml);
        }
      }
      case "v" -> inValue = inCell;
      case "f" -> startFormula(xml);
      case "si" -> {
        if (size.size() > limits.sharedStringsBytes()) {
          throw new TableException(
              "%s, its list of texts, is bigger than %,d MB: save the sheet as CSV"
                  .formatted(part, limits.sharedStringsBytes() >> 20));
        }
        inText = true;
        texts++;
        chars = 0;
      }
      case "sheet", "Relationship", "Override" -> {
        if (++listed > MOST_LISTED) {
          throw damaged();
        }
      }
      default -> {} // nothing the library keeps
    }
  }

  private void startRow() {
    if (inCell) {
      throw damaged();
    }
    inRow = true;
    row++;
    column = 0;
    chars = 0;
  }

  private void startCell(XMLStreamReader xml) {
    if (inCell) {
      throw damaged();
    }
    inCell = true;
    inValue = false;
    inFormula = false;
    place = 0;
    shared = "s".equals(xml.getAttributeValue(null, "t"));
    var reference = xml.getAttributeValue(null, "r");
    column = reference == null ? column + 1 : column(reference);
    if (column > limits.columns()) {
      throw new TableException(
          "row %d of the sheet has more than %,d columns: remove those not needed"
              .formatted(row, limits.columns()));
    }
  }

  /**
   * The column of a reference such as AB12, from 1; beyond any limit if it has too many letters.
   */
  private static int column(String reference) {
    var column = 0;
    for (var i = 0; i < reference.length(); i++) {
      var c = reference.charAt(i);
      if (c >= '0' && c <= '9') {
        return column;
      }
      if (c != '$') {
        var letter = Character.toUpperCase(c) - 'A' + 1;
        if (letter < 1 || letter > 26 || i > 4) {
          return Integer.MAX_VALUE;
        }
        column = column * 26 + letter;
      }
    }
    return column;
  }

  private void startFormula(XMLStreamReader xml) {
    inFormula = inCell;
    formulaChars = 0;
    if (inCell
        && Objects.equals(xml.getAttributeValue(null, "t"), "array")
        && ++arrayFormulas > MOST_ARRAY_FORMULAS) {
      throw new TableException(
          "row %d of the sheet: too many array formulas: paste them as values".formatted(row));
    }
  }

  private void end(String name) {
    depth--;
    switch (name) {
      case "row" -> inRow = false;
      case "c" -> {
        if (inCell && shared) {
          highestPlace = Math.max(highestPlace, place);
        }
        inCell = false;
      }
      case "f" -> inFormula = false;
      case "si" -> inText = false;
      default -> {} // the value ends with its cell: what stands after it belongs to no other
    }
  }

  private void text(XMLStreamReader xml) {
    var length = xml.getTextLength();
    chars += length;
    formulaChars += inFormula ? length : 0;
    if (chars > limits.rowChars() || formulaChars > LONGEST_FORMULA) {
      throw new TableException(
          inText
              ? "%s holds a text of more than %,d characters: shorten it"
                  .formatted(part, limits.rowChars())
              : "row %d of the sheet is longer than %,d characters: shorten it"
                  .formatted(row, limits.rowChars()));
    }
    if (shared && inValue) {
      var characters = xml.getTextCharacters();
      var start = xml.getTextStart();
      for (var i = start; i < start + length; i++) {
        var digit = Character.digit(characters[i], 10);
        if (digit >= 0) {
          place = Math.min(place * 10 + digit, Integer.MAX_VALUE);
        }
      }
    }
  }

  private TableException damaged() {
    return new TableException(
        part + " is damaged: open the workbook in a spreadsheet and save it again");
  }
}
