package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.centralita.jobs.Progress;
import io.centralita.jobs.RunState.Status;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileViewTest {
  private static final Instant NOON = Instant.parse("2026-01-06T12:00:00Z");

  private static Files.Row row(Status status, long total, long found, long unknown, long failed) {
    return new Files.Row(
        7, "ana", "a.csv", 3, NOON, total + 5, 3, 2, total, status, 1, found, unknown, failed, null,
        "", "", null);
  }

  private static Progress progress(Status status, long items, double rate, String failure) {
    return new Progress(
        "7",
        9,
        status,
        2,
        items,
        4,
        Map.of("FOUND", 500L, "FAILED", 20L),
        null,
        NOON,
        rate,
        "",
        failure);
  }

  @ParameterizedTest
  @CsvSource({
    "3000,2500,83.33",
    "3,2,66.66",
    "3,3,100.0",
    "3,0,0.0",
    "1000000,999999,99.99",
    "1,1,100.0"
  })
  void percentage_hasTwoDecimals_andIs100OnlyAtTheEnd(long total, long found, double percentage) {
    assertEquals(
        percentage, SeedFile.of(row(Status.PROCESSING, total, found, 0, 0)).progressPercentage());
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,0,pending,Pendiente,false",
    "PROCESSING,0,processing,Procesando,true",
    "PROCESSING,5,processing,Procesando,true",
    "PAUSED,0,pending,Pendiente,false",
    "PAUSED,5,paused,Pausado,false",
    "FAILED,5,paused,Pausado,false",
    "FAILED,0,pending,Pendiente,false",
    "COMPLETED,10,completed,Completado,false"
  })
  void status_isThatOfTheOlderApi(
      Status status, long found, String word, String display, boolean active) {
    var view = SeedFile.of(row(status, 10, found, 0, 0));

    assertEquals(word, view.status());
    assertEquals(display, view.statusDisplay());
    assertEquals(active, view.active());
  }

  @Test
  void completed_withoutNumbersToLookUp_is100() {
    assertEquals(100, SeedFile.of(row(Status.COMPLETED, 0, 0, 0, 0)).progressPercentage());
    assertEquals(0, SeedFile.of(row(Status.PENDING, 0, 0, 0, 0)).progressPercentage());
  }

  @Test
  void counts_areAddedUp() {
    var view = FileView.of(row(Status.PROCESSING, 100, 10, 5, 2));

    assertEquals(17, view.seed().progres());
    assertEquals(105, view.subido());
    assertEquals("003", view.seed().conse());
    assertEquals(Map.of("FOUND", 10L, "UNKNOWN", 5L, "FAILED", 2L, "INVALID", 2L), view.outcomes());
    assertNull(view.waiting());
    assertNull(view.etaSeconds());
  }

  @Test
  void entity_isNewerThanItsRow_alsoInWhatThereIsToDo() {
    var view =
        FileView.of(row(Status.PENDING, 500, 0, 0, 0), progress(Status.PROCESSING, 1000, 48, ""));

    assertEquals(520, view.seed().progres());
    assertEquals(1000, view.seed().total());
    assertEquals(52, view.seed().progressPercentage());
    assertEquals(10, view.etaSeconds());
    assertEquals(4, view.round());
  }

  @Test
  void failure_isShownAsWhatItWaitsFor() {
    var view =
        FileView.of(row(Status.PENDING, 500, 0, 0, 0), progress(Status.FAILED, 500, 0, "broken"));

    assertEquals("broken", view.waiting());
    assertEquals("paused", view.seed().status());
  }
}
