package io.centralita.contacts;

import io.centralita.http.Problem.FieldError;
import io.centralita.http.ProblemException;
import io.centralita.http.Spool;
import io.centralita.phone.NumberingFile;
import io.centralita.phone.NumberingPlanReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Uploaded files of the numbering authority: spooled to disk as they come, read, and gone. */
final class NumberingUpload {
  /** There are some hundreds. A file with more has something else in the column. */
  private static final int MOST_CARRIERS = 5_000;

  private static final int BAD_ROWS_TOLD = 10;

  /** Both of them begin like a ZIP file. */
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /**
   * A file that holds a plan.
   *
   * @param sha256 of its bytes, in hexadecimal
   */
  record Received(LocalDate date, String name, String sha256, NumberingFile.Loaded content) {}

  private final Path folder;
  private final Executor reading;
  private final InstantSource clock;
  private final Spool spool;

  /**
   * @param folder of our own: what a killed node left in it is removed
   * @param reading where files are read
   */
  NumberingUpload(Path folder, Executor reading, InstantSource clock, Spool spool) {
    this.folder = folder;
    this.reading = reading;
    this.clock = clock;
    this.spool = spool;
    try (var left = Files.list(folder)) {
      for (var file : left.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clear the folder of numbering plans", e);
    }
  }

  /**
   * Receives a file and reads its plan. The stage fails with a problem where it is none.
   *
   * @param said the plan's date, where the request says it
   * @param name of the file, which may say it, too
   */
  CompletionStage<Received> receive(
      Source<ByteString, ?> bytes, @Nullable LocalDate said, String name) {
    var file = folder.resolve(UUID.randomUUID().toString());
    return spool
        .receive(bytes, file)
        .thenApplyAsync(sha256 -> read(file, said, name, sha256), reading)
        .whenComplete((_, _) -> delete(file));
  }

  private Received read(Path file, @Nullable LocalDate said, String name, String sha256) {
    try (var in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(ZIP.length);
      if (Arrays.equals(in.readNBytes(ZIP.length), ZIP)) {
        throw ProblemException.badRequest(
            "file", "a ZIP file or a spreadsheet: unpack it and send the CSV file that is in it");
      }
      in.reset();
      return switch (NumberingPlanReader.read(in)) {
        case NumberingFile.Refused refused -> throw refused(refused);
        case NumberingFile.Loaded content ->
            new Received(date(said, name, checked(content)), name, sha256, content);
      };
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a numbering plan", e);
    }
  }

  private static NumberingFile.Loaded checked(NumberingFile.Loaded content) {
    if (content.badRows() * 10 > content.rows()) {
      throw refused(
          new NumberingFile.Refused(
              "%d rows are bad, and %d good: this is not the list of ranges as it is published; correct the bad ones or get it anew"
                  .formatted(content.badRows(), content.rows()),
              content.firstBad()));
    }
    if (content.plan().carriers().size() > MOST_CARRIERS) {
      throw ProblemException.badRequest(
          "file",
          "RAZON_SOCIAL holds more than "
              + MOST_CARRIERS
              + " different names: this is not the column of carriers");
    }
    return content;
  }

  private static ProblemException refused(NumberingFile.Refused refused) {
    var errors = new ArrayList<FieldError>();
    errors.add(new FieldError("file", refused.reason()));
    refused.firstBad().stream()
        .limit(BAD_ROWS_TOLD)
        .map(bad -> new FieldError("file", "line " + bad.line() + ": " + bad.reason()))
        .forEach(errors::add);
    return ProblemException.badRequest(errors);
  }

  /** What is said counts, then what the file's name says, then its newest range. */
  private LocalDate date(@Nullable LocalDate said, String name, NumberingFile.Loaded content) {
    var today = LocalDate.ofInstant(clock.instant(), PlanDates.ZONE);
    var date =
        Optional.ofNullable(said)
            .or(() -> PlanDates.inName(name))
            .or(() -> Optional.ofNullable(content.newest()).filter(day -> !day.isAfter(today)))
            .orElseThrow(
                () ->
                    ProblemException.badRequest(
                        "date", "required: neither the file's name nor its rows tell one"));
    if (date.isBefore(PlanDates.FIRST) || date.isAfter(today.plusYears(1))) {
      throw ProblemException.badRequest(
          "date", "expected the day of publication, from the year 2000 to a year from now");
    }
    return date;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete an upload", e);
    }
  }
}
