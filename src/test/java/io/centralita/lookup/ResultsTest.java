package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestPostgres;
import io.centralita.access.Users;
import io.centralita.db.Database;
import io.centralita.db.Db;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages against a plain list, over files of random windows with random outcomes. */
final class ResultsTest {
  private static final Operator MOVISTAR = new Operator("Telefonica", "Movistar", "12");
  private static final Database database = Database.open(TestPostgres.fresh());
  private static final Db db = database.db();

  private final FileWindows windows = new FileWindows(db, new OperatorCatalogue());
  private final Results results = new Results(windows, new InvalidTexts(db));

  @AfterAll
  static void close() {
    database.close();
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Finding finding(Random random, double foundShare) {
    var draw = random.nextDouble();
    if (draw < foundShare) {
      return Finding.found(MOVISTAR, Source.SCRAPING, 1000);
    }
    return draw < (1 + foundShare) / 2
        ? new Finding(Outcome.UNKNOWN, null, Source.SCRAPING, "none", 2000)
        : new Finding(Outcome.FAILED, null, null, "given up", 3000);
  }

  /** What the pages should say: a number and its outcome each. */
  private record Expected(long fileId, List<String> all) {
    List<String> with(@Nullable Outcome only) {
      return all.stream().filter(text -> only == null || text.endsWith(only.name())).toList();
    }
  }

  private Expected file(Random random) {
    var user = done(new Users(db).idOf("ana"));
    var delivery = new Delivery(1_000_000);
    var size = random.nextInt(12_000);
    for (var i = 0; i < size; i++) {
      delivery.add(Integer.toString(600_000_000 + i));
    }
    for (var i = random.nextInt(random.nextBoolean() ? 30 : 12_000); i >= 0; i--) {
      delivery.add("no number " + i);
    }
    var taken = done(new Intake(db).take(user, "file " + random.nextLong(), delivery));
    var expected = new ArrayList<String>();
    var foundShare = random.nextBoolean() ? 0.999 : 0.5;
    for (var window = 0; window < taken.windows(); window++) {
      if (random.nextInt(6) == 0) {
        continue; // not done yet
      }
      var numbers = done(windows.window(taken.fileId(), window)).numbers();
      var findings = numbers.stream().map(_ -> finding(random, foundShare)).toList();
      done(windows.finish(taken.fileId(), window, 1, findings, 0));
      for (var i = 0; i < numbers.size(); i++) {
        expected.add(numbers.get(i) + " " + findings.get(i).outcome());
      }
    }
    for (var place = 0; place < delivery.invalid().size(); place++) {
      expected.add(delivery.invalid().text(place) + " INVALID");
    }
    return new Expected(taken.fileId(), expected);
  }

  private List<String> paged(long fileId, @Nullable Outcome only, int limit) {
    var texts = new ArrayList<String>();
    var page = done(results.page(fileId, only, null, limit));
    while (true) {
      assertTrue(page.items().size() <= limit);
      page.items().forEach(item -> texts.add(item.number() + " " + item.outcome()));
      var next = page.nextCursor();
      if (next == null) {
        return texts;
      }
      assertEquals(limit, page.items().size(), "a page that is not the last is full");
      page = done(results.page(fileId, only, next, limit));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void pages_areTheListCutUp(long seed) {
    var random = new Random(seed);
    var file = file(random);

    for (var only :
        new @Nullable Outcome[] {
          null, Outcome.FOUND, Outcome.UNKNOWN, Outcome.FAILED, Outcome.INVALID
        }) {
      var limit = 100 + random.nextInt(4900);
      assertEquals(file.with(only), paged(file.fileId(), only, limit), only + " by " + limit);
    }
    var invalid = file.with(Outcome.INVALID);
    assertEquals(invalid, paged(file.fileId(), Outcome.INVALID, 1 + invalid.size() / 50));
  }
}
