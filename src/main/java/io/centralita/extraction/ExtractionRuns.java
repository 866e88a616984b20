package io.centralita.extraction;

import io.centralita.access.Asker;
import io.centralita.access.Principal;
import io.centralita.access.Users;
import io.centralita.actor.Cause;
import io.centralita.contacts.Holdings;
import io.centralita.contacts.PlaceNames;
import io.centralita.db.Db;
import io.centralita.http.Problem;
import io.centralita.http.ProblemException;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.Runs;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extractions being ordered, told, watched and given back: a row in {@link Extractions} and a run
 * each. What may be done is decided by the run.
 */
final class ExtractionRuns {
  private static final Logger log = LoggerFactory.getLogger(ExtractionRuns.class);

  /** Such as JSON's readers in browsers keep exactly. */
  private static final long SEEDS = 1L << 53;

  /** What is asked for. */
  record Order(Choice choice, int amount, FileFormat format) {}

  /** One that was ordered. */
  record Ordered(int id, Limits.Left limits) {}

  private final Db db;
  private final Users users;
  private final PlaceNames placeNames;
  private final Extractions extractions;
  private final Runs runs;
  private final Extracting.Settings settings;
  private final InstantSource clock;

  ExtractionRuns(
      Db db,
      Users users,
      PlaceNames placeNames,
      Extractions extractions,
      Runs runs,
      Extracting.Settings settings,
      InstantSource clock) {
    this.db = db;
    this.users = users;
    this.placeNames = placeNames;
    this.extractions = extractions;
    this.runs = runs;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Orders an extraction. Its contacts are drawn at once where nobody else changes what may be
   * drawn and it need not queue; else its run draws them.
   *
   * @throws ProblemException (422) where there are not so many contacts, (429) where the user has
   *     not so much left
   */
  CompletionStage<Ordered> order(Asker asker, Order order) {
    var user = asker.who().user();
    return users
        .idOf(user)
        .thenCompose(
            userId ->
                db.transaction(
                    "order an extraction", connection -> add(connection, asker, userId, order)))
        .thenCompose(
            ordered -> begin(ordered.id(), user, order.amount(), asker).thenApply(_ -> ordered));
  }

  private Ordered add(Connection connection, Asker asker, long userId, Order order)
      throws SQLException {
    var large = order.amount() > settings.large();
    // Asked for first: who waits for the user's limits in vain would keep others from drawing.
    var atOnce = !large && Holdings.tryLock(connection);
    var available = order.choice().available(connection, placeNames);
    if (available < order.amount()) {
      throw tooFew(available);
    }
    var now = clock.instant();
    var left = settings.limits().take(connection, asker.who(), userId, order.amount(), now);
    var id =
        Extractions.add(
            connection,
            new Extractions.Order(
                userId,
                order.choice(),
                order.amount(),
                order.format(),
                ThreadLocalRandom.current().nextLong(SEEDS),
                large),
            now);
    if (atOnce) {
      var drawn = Drawing.draw(connection, placeNames, ExtractionWork.row(connection, id));
      if (drawn < order.amount()) {
        throw tooFew(drawn);
      }
    }
    return new Ordered(id, left);
  }

  private static ProblemException tooFew(long available) {
    var reason =
        available == 0
            ? "there are no contacts left to be drawn"
            : "there are %d contacts to be drawn: order so many or fewer".formatted(available);
    return new ProblemException(
        Problem.of(422, reason)
            .withErrors(List.of(new Problem.FieldError("amount", reason)))
            .withSuggestions(available == 0 ? List.of() : List.of(Long.toString(available))));
  }

  /** Begins what was not begun when its node died. */
  CompletionStage<?> beginLost() {
    return extractions
        .unbegun()
        .thenCompose(
            lost ->
                CompletableFuture.allOf(
                    lost.stream()
                        .map(
                            one ->
                                start(
                                        one.id(),
                                        one.user(),
                                        one.amount(),
                                        new Cause("the sweep", "", ""))
                                    .toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)));
  }

  /** The row stands: an order is one also where its run does not answer yet. */
  private CompletionStage<Boolean> begin(int id, String user, int amount, Asker asker) {
    return start(id, user, amount, asker.cause(""))
        .exceptionally(
            failure -> {
              log.warn("the run of extraction {} did not answer; it is begun later", id, failure);
              return false;
            });
  }

  private CompletionStage<Boolean> start(int id, String user, int amount, Cause cause) {
    return runs.ask(
            Integer.toString(id),
            replyTo ->
                new RunCommand.Start(
                    user,
                    ExtractionWork.WINDOWS,
                    amount,
                    RunCommand.Again.UNSETTLED,
                    cause,
                    replyTo))
        .thenApply(_ -> true);
  }

  /** The extraction's row; a problem (404) where there is none of the asker's. */
  CompletionStage<ExtractionRow> row(Principal who, int id) {
    return extractions
        .one(id)
        .thenApply(
            row ->
                row.filter(one -> who.mayActFor(one.user()))
                    .orElseThrow(() -> ProblemException.notFound("extraction")));
  }

  /** Those of these that the asker may see. */
  CompletionStage<List<ExtractionView>> byId(Principal who, List<Integer> ids) {
    return extractions
        .byId(ids)
        .thenCompose(
            rows -> views(rows.stream().filter(row -> who.mayActFor(row.user())).toList()));
  }

  /** The extraction as it is now. */
  CompletionStage<ExtractionView> view(Principal who, int id) {
    return row(who, id).thenCompose(row -> now(who, row));
  }

  private CompletionStage<ExtractionView> now(Principal who, ExtractionRow row) {
    return switch (row.status()) {
      case PENDING, PROCESSING ->
          runs.now(Integer.toString(row.id()))
              .thenCompose(
                  now ->
                      now.isPresent()
                          // Read anew: what the run says may be later than the row that was read.
                          ? row(who, row.id()).thenApply(again -> again.at(now.get()))
                          : CompletableFuture.completedStage(row))
              .thenCompose(this::viewOf);
      case PAUSED, COMPLETED, FAILED, CANCELLED -> viewOf(row);
    };
  }

  /** The row as the API shows it, with its place in the queue. */
  CompletionStage<ExtractionView> viewOf(ExtractionRow row) {
    return row.queued()
        ? db.transaction("queue of extractions", Queue::waiting)
            .thenApply(waiting -> view(row, waiting))
        : CompletableFuture.completedStage(view(row, List.of()));
  }

  /** A page of the extractions. */
  CompletionStage<List<ExtractionView>> views(List<ExtractionRow> rows) {
    return rows.stream().anyMatch(ExtractionRow::queued)
        ? db.transaction("queue of extractions", Queue::waiting)
            .thenApply(waiting -> rows.stream().map(row -> view(row, waiting)).toList())
        : CompletableFuture.completedStage(rows.stream().map(row -> view(row, List.of())).toList());
  }

  private ExtractionView view(ExtractionRow row, List<Integer> waiting) {
    var at = waiting.indexOf(row.id());
    @Nullable Integer position = row.queued() && at >= 0 ? at : null;
    return ExtractionView.of(row, position, settings.fileKept());
  }

  /** Ends an extraction that is not delivered; what it holds is free again. */
  CompletionStage<ExtractionView> cancel(Asker asker, int id) {
    return row(asker.who(), id)
        .thenCompose(
            row -> {
              if (row.deliveredAt() != null && !row.ended()) {
                throw ProblemException.conflict("it is delivered: give it back by …/return");
              }
              return row.status() == Status.CANCELLED
                  ? viewOf(row)
                  : runs.ask(
                          Integer.toString(id),
                          replyTo -> new RunCommand.Remove(asker.cause(""), replyTo))
                      .thenCompose(_ -> row(asker.who(), id))
                      .thenCompose(this::viewOf);
            });
  }

  /** Gives back what was delivered; its contacts are free when they have cooled down. */
  CompletionStage<ExtractionView> giveBack(Asker asker, int id) {
    var now = clock.instant();
    var since = now.minus(settings.returnWithin());
    return row(asker.who(), id)
        .thenCompose(
            row ->
                row.returnedAt() != null
                    ? CompletableFuture.completedStage(true)
                    : extractions.giveBack(id, now, since))
        .thenCompose(
            done ->
                row(asker.who(), id)
                    .thenCompose(
                        row -> {
                          if (!done && row.returnedAt() == null) {
                            throw notToBeReturned(row, settings.returnWithin());
                          }
                          return viewOf(row);
                        }));
  }

  private static ProblemException notToBeReturned(ExtractionRow row, Duration within) {
    return ProblemException.conflict(
        row.ended()
            ? "it was never delivered, and holds nothing"
            : row.deliveredAt() == null
                ? "it is not delivered: cancel it"
                : "it was delivered more than %d minutes ago".formatted(within.toMinutes()));
  }

  /** The extraction now, and whenever it changes, until it is completed or cancelled. */
  Source<ExtractionView, NotUsed> progress(Principal who, ExtractionRow row) {
    return runs.progress(Integer.toString(row.id()))
        .mapAsync(
            1,
            progress ->
                row(who, row.id()).thenApply(now -> now.at(progress)).thenCompose(this::viewOf))
        .takeWhile(view -> !view.status().equals("failed"), true);
  }
}
