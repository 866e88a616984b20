package io.centralita.contacts;

import io.centralita.phone.Ladas;
import io.centralita.phone.PhoneNumbers;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Makes contacts of the rows of a file: a window of them at a time. Blocks; thread-safe. */
final class ImportReader {
  /** In bytes, ten thousand characters at the least; what is longer is no name and no address. */
  private static final int LONGEST_TEXT = 40_000;

  private final ImportFolder folder;
  private final Places places;
  private final NumberingPlans plans;
  private final Batches batches = new Batches();

  ImportReader(ImportFolder folder, Places places, NumberingPlans plans) {
    this.folder = folder;
    this.places = places;
    this.plans = plans;
  }

  /**
   * The rows of one window.
   *
   * @throws ImportFileException where the file cannot be read
   */
  ContactBatch read(Imports.Plan plan, int window, BooleanSupplier cancelled) {
    var from = plan.bounds().get(window);
    var to = plan.bounds().get(window + 1);
    var batch = batches.take(plan.id());
    batch.classifyBy(plans.current());
    var source = plan.source();
    var columns =
        ImportField.ALL.stream()
            .map(field -> source.columns().getOrDefault(field.word(), ""))
            .toList();
    try (var file = SqliteFile.open(folder.require(source))) {
      file.read(
          source.table(), columns, from, to, cancelled, (row, fields) -> add(batch, row, fields));
    }
    return batch;
  }

  /** The batch is stored, or given up: its memory serves the next one. */
  void done(ContactBatch batch) {
    batches.giveBack(batch);
  }

  private void add(ContactBatch batch, long rowNo, byte[][] fields) {
    var number = Utf8.clean(fields[ImportField.NUMBER.place]);
    var original = Utf8.clean(fields[ImportField.ORIGINAL.place]);
    var text = number.length == 0 ? original : number;
    var phone = PhoneNumbers.read(text, 0, text.length);
    var tooLong = tooLong(fields);
    if (phone < 0) {
      batch.reject(rowNo, PhoneNumbers.reason(phone), fields);
    } else if (tooLong.isPresent()) {
      batch.reject(rowNo, tooLong.get() + ": longer than " + LONGEST_TEXT + " bytes", cut(fields));
    } else {
      batch.add(contact(batch, phone, original.length == 0 ? text : original, fields));
    }
  }

  private ContactRow contact(ContactBatch batch, long phone, byte[] original, byte[][] fields) {
    var lada = PhoneNumbers.lada(phone);
    var given = places.state(Utf8.clean(fields[ImportField.STATE.place]));
    var state = given == 0 ? stateOf(lada) : given;
    var line = batch.numbering().line(phone);
    return new ContactRow(
        phone,
        batch.importId(),
        batch.importId(),
        places.municipality(state, Utf8.clean(fields[ImportField.MUNICIPALITY.place])),
        places.city(Utf8.clean(fields[ImportField.CITY.place])),
        state,
        given == 0,
        lada,
        line.carrier(),
        line.kind(),
        original,
        Utf8.clean(fields[ImportField.NAME.place]),
        Utf8.clean(fields[ImportField.ADDRESS.place]),
        Utf8.clean(fields[ImportField.NEIGHBORHOOD.place]));
  }

  private static int stateOf(int lada) {
    return Ladas.of(lada).map(found -> Places.number(found.state())).orElse(0);
  }

  private static Optional<String> tooLong(byte[][] fields) {
    for (var field : ImportField.ALL) {
      if (fields[field.place].length > LONGEST_TEXT) {
        return Optional.of(field.word());
      }
    }
    return Optional.empty();
  }

  private static byte[][] cut(byte[][] fields) {
    var cut = fields.clone();
    for (var i = 0; i < cut.length; i++) {
      var field = cut[i];
      if (field.length > LONGEST_TEXT) {
        cut[i] = Arrays.copyOf(field, LONGEST_TEXT);
      }
    }
    return cut;
  }
}
