package io.centralita.validation;

import io.centralita.access.Asker;
import io.centralita.access.Principal;
import io.centralita.access.Users;
import io.centralita.actor.Cause;
import io.centralita.contacts.Contacts;
import io.centralita.contacts.Segments;
import io.centralita.contacts.Selection;
import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.Runs;
import io.centralita.phone.PhoneNumbers;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validation jobs being ordered, told and watched: a row in {@link Jobs} and a run each. What may
 * be done is decided by the run.
 */
final class JobRuns {
  private static final Logger log = LoggerFactory.getLogger(JobRuns.class);
  private static final String ID = "[1-9][0-9]{0,8}";

  /** What is asked for. */
  record Order(
      String name,
      List<Check> platforms,
      Wanted wanted,
      int batchSize,
      int maxConcurrent,
      int retryAttempts,
      @Nullable Long maxCostMicros) {}

  /** About whom is asked. */
  sealed interface Wanted {
    /** These, as people write them. */
    record Numbers(List<String> texts) implements Wanted {}

    /**
     * The contacts of a segment.
     *
     * @param text its name or number
     * @param most of them; null where all, if these are no more than a job may have
     */
    record Segment(String text, @Nullable Integer most) implements Wanted {}
  }

  /** The most numbers that a job may have. */
  static final int MOST = 1_000_000;

  private final Db db;
  private final Users users;
  private final Jobs jobs;
  private final Segments segments;
  private final Contacts contacts;
  private final Runs runs;
  private final InstantSource clock;

  JobRuns(
      Db db,
      Users users,
      Jobs jobs,
      Segments segments,
      Contacts contacts,
      Runs runs,
      InstantSource clock) {
    this.db = db;
    this.users = users;
    this.jobs = jobs;
    this.segments = segments;
    this.contacts = contacts;
    this.runs = runs;
    this.clock = clock;
  }

  /**
   * Orders a job.
   *
   * @throws ProblemException (400) where nothing that was given is a number
   */
  CompletionStage<JobView> order(Asker asker, Order order) {
    return numbers(asker.who(), order.wanted())
        .thenCombine(
            users.idOf(asker.who().user()),
            (numbers, userId) ->
                new Jobs.Order(
                    userId,
                    order.name(),
                    order.platforms(),
                    numbers,
                    order.batchSize(),
                    order.maxConcurrent(),
                    order.retryAttempts(),
                    order.maxCostMicros()))
        .thenCompose(
            job ->
                db.transaction(
                    "order a validation job",
                    connection -> jobs.add(connection, job, clock.instant())))
        .thenCompose(jobs::one)
        .thenApply(row -> row.orElseThrow(() -> ProblemException.notFound("validation job")))
        .thenCompose(row -> begin(row, asker.cause("")).thenApply(_ -> JobView.of(row)));
  }

  private CompletionStage<Jobs.Numbers> numbers(Principal who, Wanted wanted) {
    return switch (wanted) {
      case Wanted.Numbers(var texts) -> CompletableFuture.completedStage(given(texts));
      case Wanted.Segment segment -> ofSegment(who, segment);
    };
  }

  private static Jobs.Numbers given(List<String> texts) {
    var phones = new LinkedHashSet<Long>();
    var invalid = new HashSet<String>();
    var duplicates = 0;
    for (var text : texts) {
      var phone = PhoneNumbers.read(text);
      var isNew = phone < 0 ? invalid.add(text) : phones.add(phone);
      duplicates += isNew ? 0 : 1;
    }
    if (phones.isEmpty()) {
      throw ProblemException.badRequest(
          "phone_numbers", "none of them is a phone number: write them as +525512345678");
    }
    return new Jobs.Numbers.Given(List.copyOf(phones), invalid.size(), duplicates);
  }

  private CompletionStage<Jobs.Numbers> ofSegment(Principal who, Wanted.Segment wanted) {
    who.requireContacts();
    return segments
        .meant(who, wanted.text())
        .thenApply(
            found ->
                found.orElseThrow(
                    () ->
                        ProblemException.badRequest(
                            "segment", "there is no segment of yours with this name or number")))
        .thenCompose(
            segment -> {
              var filter = segment.filter();
              if (Boolean.TRUE.equals(filter.optedOut())) {
                throw ProblemException.badRequest(
                    "segment", "it means those who opted out: nobody asks about them");
              }
              return most(filter, wanted.most())
                  .thenApply(most -> new Jobs.Numbers.OfSegment(segment.name(), filter, most));
            });
  }

  private CompletionStage<Integer> most(Selection filter, @Nullable Integer given) {
    return given != null
        ? CompletableFuture.completedStage(given)
        : contacts
            .count(filter, "")
            .thenApply(
                count -> {
                  if (count > MOST) {
                    throw ProblemException.badRequest(
                        "segment",
                        "it has %d contacts, and a job %d at most: say max_numbers"
                            .formatted(count, MOST));
                  }
                  return MOST;
                });
  }

  /** Says what a job may cost from now on; null: as much as it does. */
  CompletionStage<JobView> maxCost(Asker asker, String id, @Nullable Long micros) {
    return row(asker.who(), id)
        .thenCompose(
            row ->
                jobs.maxCost(row.id(), micros)
                    .thenCompose(_ -> view(asker.who(), Integer.toString(row.id()))));
  }

  /** The row stands: an order is one also where its run does not answer yet. */
  private CompletionStage<Boolean> begin(JobRow row, Cause cause) {
    return runs.ask(
            Integer.toString(row.id()),
            replyTo ->
                new RunCommand.Start(
                    row.user(),
                    row.chunks() * row.platforms().size(),
                    row.platforms().size(),
                    (long) (row.totalNumbers() - row.invalidNumbers()) * row.platforms().size(),
                    RunCommand.Again.UNSETTLED,
                    cause,
                    replyTo))
        .thenApply(_ -> true)
        .exceptionally(
            failure -> {
              log.warn(
                  "the run of validation job {} did not answer; it is begun later",
                  row.id(),
                  failure);
              return false;
            });
  }

  /** Begins what was not begun when its node died. */
  CompletionStage<?> beginLost() {
    return jobs.unbegun()
        .thenCompose(
            lost ->
                CompletableFuture.allOf(
                    lost.stream()
                        .map(
                            row -> begin(row, new Cause("the sweep", "", "")).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)));
  }

  /**
   * The job's row, by its number or its UUID; a problem (404) where there is none of the asker's.
   */
  CompletionStage<JobRow> row(Principal who, String id) {
    return find(id)
        .thenApply(
            row -> {
              if (row == null || !who.mayActFor(row.user())) {
                throw ProblemException.notFound("validation job");
              }
              return row;
            });
  }

  private CompletionStage<@Nullable JobRow> find(String id) {
    if (id.matches(ID)) {
      return jobs.one(Integer.parseInt(id)).thenApply(row -> row.orElse(null));
    }
    try {
      return jobs.one(UUID.fromString(id)).thenApply(row -> row.orElse(null));
    } catch (IllegalArgumentException _) {
      return CompletableFuture.completedStage(null);
    }
  }

  /** The job as it is now. */
  CompletionStage<JobView> view(Principal who, String id) {
    return row(who, id)
        .thenCompose(
            row ->
                row.status() == Status.PROCESSING || row.status() == Status.PENDING
                    ? runs.now(Integer.toString(row.id()))
                        .thenApply(now -> JobView.of(now.map(row::at).orElse(row)))
                    : CompletableFuture.completedStage(JobView.of(row)));
  }

  CompletionStage<JobView> pause(Asker asker, String id, String reason) {
    return told(asker, id, replyTo -> new RunCommand.Pause(asker.cause(reason), null, replyTo));
  }

  CompletionStage<JobView> resume(Asker asker, String id) {
    return told(asker, id, replyTo -> new RunCommand.Resume(asker.cause(""), replyTo));
  }

  /** Ends the job; what it was told until then stays. */
  CompletionStage<JobView> cancel(Asker asker, String id) {
    return row(asker.who(), id)
        .thenCompose(
            row ->
                switch (row.status()) {
                  case COMPLETED -> throw ProblemException.conflict("it is completed");
                  case CANCELLED -> CompletableFuture.completedStage(JobView.of(row));
                  case PENDING, PROCESSING, PAUSED, FAILED ->
                      told(asker, id, replyTo -> new RunCommand.Remove(asker.cause(""), replyTo));
                });
  }

  private CompletionStage<JobView> told(
      Asker asker, String id, Function<ActorRef<StatusReply<Progress>>, RunCommand> command) {
    return row(asker.who(), id)
        .thenCompose(
            row ->
                runs.ask(Integer.toString(row.id()), command)
                    .thenApply(progress -> JobView.of(row.at(progress))));
  }

  /** The job now, and whenever it changes, until it is completed or cancelled. */
  Source<JobView, NotUsed> progress(JobRow row) {
    return runs.progress(Integer.toString(row.id())).map(progress -> JobView.of(row.at(progress)));
  }
}
