package io.centralita.access;

import io.centralita.db.Db;
import io.centralita.http.Errors;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what, when, and by which request. A verb is written down before it is done, so what
 * cannot be written down is not done; its outcome follows.
 */
public final class Audit {
  private static final Logger log = LoggerFactory.getLogger(Audit.class);
  private static final int LONGEST_OUTCOME = 500;

  /**
   * What is to be done.
   *
   * @param target such as {@code UserFile/12}; empty for the whole platform, or what is not there
   *     yet
   * @param details the reason given, the end set; empty where there is none
   */
  public record Action(String name, String target, String details, boolean dryRun) {}

  /**
   * What was done.
   *
   * @param outcome null while it is under way, or where a node died meanwhile
   */
  public record Entry(
      long id,
      Instant at,
      String user,
      String key,
      String requestId,
      String action,
      String target,
      String details,
      boolean dryRun,
      @Nullable String outcome) {}

  private static final String BEGIN =
      """
      INSERT INTO ops_audit (user_name, key_id, request_id, action, target, details, dry_run, outcome)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      RETURNING id
      """;

  private static final String END = "UPDATE ops_audit SET outcome = ? WHERE id = ?";

  private static final String BEFORE =
      """
      SELECT id, at, user_name, key_id, request_id, action, target, details, dry_run, outcome
      FROM ops_audit
      WHERE id < ?
      ORDER BY id DESC
      LIMIT ?
      """;

  private final Db db;
  private final Errors errors;

  public Audit(Db db, Errors errors) {
    this.db = db;
    this.errors = errors;
  }

  /**
   * Does it, and writes down before that it is done and after it what became of it.
   *
   * @param outcome says in words what was done
   */
  public <T> CompletionStage<T> doing(
      Asker operator,
      Action action,
      Supplier<CompletionStage<T>> work,
      Function<T, String> outcome) {
    return insert(operator, action, null)
        .thenCompose(
            id ->
                CompletableFuture.completedStage(work)
                    .thenCompose(Supplier::get)
                    .handle(
                        (result, failure) ->
                            update(id, failure == null ? outcome.apply(result) : refused(failure))
                                .thenCompose(
                                    _ ->
                                        failure == null
                                            ? CompletableFuture.completedStage(result)
                                            : CompletableFuture.<T>failedStage(failure)))
                    .thenCompose(Function.identity()));
  }

  /** Writes down that somebody looks; the look does not wait for it. */
  public void looked(Asker operator, Action action) {
    insert(operator, action, "shown")
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                log.warn("a look of {} could not be written down", operator.who().user(), failure);
              }
            });
  }

  private String refused(Throwable failure) {
    return errors
        .known(failure)
        .map(problem -> "refused: " + problem.status() + " " + problem.detail())
        .orElse("failed");
  }

  private CompletionStage<Long> insert(Asker operator, Action action, @Nullable String outcome) {
    return db.queryOne(
            BEGIN,
            st -> {
              st.setString(1, operator.who().user());
              st.setString(2, operator.who().keyId());
              st.setString(3, operator.requestId());
              st.setString(4, action.name());
              st.setString(5, action.target());
              st.setString(6, action.details());
              st.setBoolean(7, action.dryRun());
              st.setString(8, outcome);
            },
            row -> row.getLong(1))
        .thenApply(id -> id.orElseThrow());
  }

  // The verb is done, or has failed, whatever becomes of the row: the operator is told so.
  private CompletionStage<?> update(long id, String outcome) {
    var kept = outcome.length() > LONGEST_OUTCOME ? outcome.substring(0, LONGEST_OUTCOME) : outcome;
    return db.update(
            END,
            st -> {
              st.setString(1, kept);
              st.setLong(2, id);
            })
        .exceptionally(
            e -> {
              log.warn("the outcome of an operator's action could not be written down", e);
              return 0;
            });
  }

  /** The entries before that one, the newest first. */
  public CompletionStage<List<Entry>> before(long id, int limit) {
    return db.query(
        BEFORE,
        st -> {
          st.setLong(1, id);
          st.setInt(2, limit);
        },
        row ->
            new Entry(
                row.getLong(1),
                Db.instant(row, 2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getBoolean(9),
                row.getString(10)));
  }
}
