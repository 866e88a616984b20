package io.centralita.contacts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a window of an import's rows holds, ready to be stored: each number once, as its first row
 * has it. For one thread at a time.
 */
final class ContactBatch {
  private static final int BYTES_A_ROW = 320;

  private final CopyBuffer contacts;
  private final CopyBuffer rejects = new CopyBuffer(64 << 10);
  private final WordBytes words = new WordBytes();
  private int importId;
  private NumberingPlans.Plan numbering = NumberingPlans.Plan.NONE;
  private final List<Sort> sorts = new ArrayList<>();
  private final Map<Sort, Integer> sortNumbers = new HashMap<>();

  // By number of the contact; starts has one more, where the next would begin.
  private long[] phones;
  private int[] starts;
  private int[] sortOf;
  private final BitSet guessed = new BitSet();
  private int size;

  // The contacts by phone: open addressing, 0 for nothing.
  private long[] keys;
  private int[] places;

  private int rejected;
  private int repeated;

  /**
   * @param rows that it has room for; it grows where there are more
   */
  ContactBatch(int rows) {
    this.contacts = new CopyBuffer(rows * BYTES_A_ROW);
    this.phones = new long[rows];
    this.starts = new int[rows + 1];
    this.sortOf = new int[rows];
    var slots = Integer.highestOneBit(Math.max(rows, 8)) << 2;
    this.keys = new long[slots];
    this.places = new int[slots];
  }

  /** Forgets everything, for another window. */
  void begin(int nextImportId) {
    importId = nextImportId;
    contacts.clear();
    rejects.clear();
    sorts.clear();
    sortNumbers.clear();
    guessed.clear();
    Arrays.fill(keys, 0);
    size = 0;
    rejected = 0;
    repeated = 0;
  }

  int importId() {
    return importId;
  }

  /** From now on contacts are classified by this plan. */
  void classifyBy(NumberingPlans.Plan plan) {
    numbering = plan;
  }

  /** By which its contacts are classified. */
  NumberingPlans.Plan numbering() {
    return numbering;
  }

  /** Contacts, all of different numbers. */
  int size() {
    return size;
  }

  int rejected() {
    return rejected;
  }

  /** Rows whose number an earlier one had. */
  int repeated() {
    return repeated;
  }

  CopyBuffer rejects() {
    return rejects;
  }

  /** Takes a contact, unless its number has come already. */
  void add(ContactRow row) {
    if (size == phones.length) {
      grow();
    }
    var slot = slot(row.phone());
    if (keys[slot] != 0) {
      repeated++;
      return;
    }
    keys[slot] = row.phone();
    places[slot] = size;
    phones[size] = row.phone();
    row.encode(contacts, words);
    guessed.set(size, row.stateGuessed());
    sortOf[size] =
        sortNumbers.computeIfAbsent(
            row.sort(false, false),
            sort -> {
              sorts.add(sort);
              return sorts.size() - 1;
            });
    starts[++size] = contacts.size();
  }

  private int slot(long phone) {
    var slot = Draw.of(phone) & (keys.length - 1);
    while (keys[slot] != 0 && keys[slot] != phone) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  /** Where row ids lie closer than they should: a file may hold what it likes. */
  private void grow() {
    var more = Math.max(16, size + (size >> 1));
    phones = Arrays.copyOf(phones, more);
    starts = Arrays.copyOf(starts, more + 1);
    sortOf = Arrays.copyOf(sortOf, more);
    var slots = Integer.highestOneBit(more) << 2;
    keys = new long[slots];
    places = new int[slots];
    for (var i = 0; i < size; i++) {
      var slot = slot(phones[i]);
      keys[slot] = phones[i];
      places[slot] = i;
    }
  }

  /**
   * Notes a row that holds no number.
   *
   * @param fields in the order of {@link ImportField}
   */
  void reject(long rowNo, String reason, byte[][] fields) {
    rejected++;
    rejects.row(4);
    rejects.int32(importId);
    rejects.int64(rowNo);
    rejects.text(Utf8.bytes(reason));
    var texts = new String[fields.length];
    for (var i = 0; i < fields.length; i++) {
      texts[i] = Utf8.text(Utf8.clean(fields[i]));
    }
    rejects.texts(texts);
  }

  boolean has(long phone) {
    return keys[slot(phone)] != 0;
  }

  /** The number of the contact with this phone, which must be there. */
  int at(long phone) {
    return places[slot(phone)];
  }

  Sort sort(int number) {
    return sorts.get(sortOf[number]);
  }

  /** The sorts of the contacts, none of whom has opted out as far as the file knows. */
  List<Sort> sorts() {
    return sorts;
  }

  /** Which of {@link #sorts} the contact is. */
  int sortOf(int number) {
    return sortOf[number];
  }

  /** The contact as it was added. */
  ContactRow row(int number) {
    return ContactRow.decode(contacts.bytes(), start(number), guessed.get(number));
  }

  byte[] bytes() {
    return contacts.bytes();
  }

  int start(int number) {
    return starts[number];
  }

  int end(int number) {
    return starts[number + 1];
  }

  /** The phones of each part of the table, in order. */
  long[][] byPart() {
    var counts = new int[Parts.COUNT];
    for (var i = 0; i < size; i++) {
      counts[Parts.of(Draw.of(phones[i]))]++;
    }
    var parts = new long[Parts.COUNT][];
    for (var part = 0; part < parts.length; part++) {
      parts[part] = new long[counts[part]];
    }
    for (var i = 0; i < size; i++) {
      var part = Parts.of(Draw.of(phones[i]));
      parts[part][--counts[part]] = phones[i];
    }
    for (var phonesOfPart : parts) {
      Arrays.sort(phonesOfPart);
    }
    return parts;
  }
}
