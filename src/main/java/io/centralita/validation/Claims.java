package io.centralita.validation;

import io.centralita.db.Batches;
import io.centralita.db.Db;
import io.centralita.outside.Backoff;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who asks for which number, over all nodes, and what came of it: a number that two jobs want at
 * once is asked for once. What is claimed or answered while one batch is being written makes the
 * next, so that nothing waits for a clock. While the database is away answers are written again and
 * again: they have been paid for.
 */
final class Claims {

  /**
   * What a claim came to.
   *
   * @param granted are to be asked for, by whoever claimed them
   * @param known have a fresh answer; the rest somebody else is asking for
   */
  record Claimed(Set<Long> granted, Map<Long, Found> known) {}

  private static final Logger log = LoggerFactory.getLogger(Claims.class);

  private static final String CLAIM =
      """
      INSERT INTO validation_claims AS c (platform, phone, job_id, until)
      SELECT platform, phone, job, ?::timestamptz
      FROM unnest(?::smallint[], ?::bigint[], ?::int[]) AS wish (platform, phone, job)
      ORDER BY 1, 2, 3
      ON CONFLICT (platform, phone) DO UPDATE SET job_id = EXCLUDED.job_id, until = EXCLUDED.until
      WHERE c.until < now() OR c.job_id = EXCLUDED.job_id
      RETURNING platform, phone, job_id
      """;

  private static final String RELEASE =
      """
      DELETE FROM validation_claims c
      USING unnest(?::smallint[], ?::bigint[], ?::int[]) AS own (platform, phone, job)
      WHERE c.platform = own.platform AND c.phone = own.phone AND c.job_id = own.job
      """;

  private record Key(Check platform, long phone) {}

  private record Wish(
      int job, Check platform, List<Long> phones, CompletableFuture<Claimed> claimed) {}

  private record Answer(int job, List<Found> found, CompletableFuture<Boolean> stored) {}

  /** Numbers of jobs, in the columns of a statement. */
  private static final class Keys {
    private final List<Short> platforms = new ArrayList<>();
    private final List<Long> phones = new ArrayList<>();
    private final List<Integer> jobs = new ArrayList<>();

    void add(Check platform, long phone, int job) {
      platforms.add(Codes.of(platform));
      phones.add(phone);
      jobs.add(job);
    }

    void bind(PreparedStatement st, int first) throws SQLException {
      var connection = st.getConnection();
      st.setArray(first, connection.createArrayOf("int2", platforms.toArray()));
      st.setArray(first + 1, connection.createArrayOf("int8", phones.toArray()));
      st.setArray(first + 2, connection.createArrayOf("int4", jobs.toArray()));
    }

    void release(Connection connection) throws SQLException {
      if (!phones.isEmpty()) {
        Db.update(connection, RELEASE, st -> bind(st, 1));
      }
    }
  }

  private static final String SWEEP = "DELETE FROM validation_claims WHERE until < now()";

  private final Db db;
  private final Duration lasts;
  private final Backoff backoff;
  private final ScheduledExecutorService scheduler;
  private final InstantSource clock;
  private final Batches<Wish> wishes = new Batches<>(20, this::claim);
  private final Batches<Answer> answers = new Batches<>(40, batch -> store(batch, 1));

  /**
   * @param lasts how long a claim lasts that nobody settles: longer than a call and its storing
   */
  Claims(
      Db db,
      Duration lasts,
      Backoff backoff,
      ScheduledExecutorService scheduler,
      InstantSource clock) {
    this.db = db;
    this.lasts = lasts;
    this.backoff = backoff;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** Claims numbers for a job, which may claim again what it has claimed before. */
  CompletionStage<Claimed> claim(int job, Check platform, List<Long> phones) {
    var wish = new Wish(job, platform, phones, new CompletableFuture<>());
    wishes.add(wish);
    return wish.claimed();
  }

  private CompletionStage<?> claim(List<Wish> batch) {
    // Of two jobs of this node that want the same number one comes after the other.
    var now = new ArrayList<Wish>();
    var later = new ArrayList<Wish>();
    var seen = new HashSet<Key>();
    for (var wish : batch) {
      var keys = wish.phones().stream().map(phone -> new Key(wish.platform(), phone)).toList();
      if (keys.stream().noneMatch(seen::contains)) {
        seen.addAll(keys);
        now.add(wish);
      } else {
        later.add(wish);
      }
    }
    return db.transaction("claim numbers", connection -> claim(connection, now))
        .whenComplete(
            (claimed, failure) -> {
              for (var i = 0; i < now.size(); i++) {
                if (failure == null) {
                  now.get(i).claimed().complete(claimed.get(i));
                } else {
                  now.get(i).claimed().completeExceptionally(failure);
                }
              }
              later.forEach(wishes::add);
            });
  }

  private List<Claimed> claim(Connection connection, List<Wish> batch) throws SQLException {
    var until = clock.instant().plus(lasts).atOffset(ZoneOffset.UTC).toString();
    var wished = new Keys();
    for (var wish : batch) {
      wish.phones().forEach(phone -> wished.add(wish.platform(), phone, wish.job()));
    }
    var granted =
        new HashSet<>(
            Db.query(
                connection,
                CLAIM,
                st -> {
                  st.setString(1, until);
                  wished.bind(st, 2);
                },
                row -> new Key(Codes.check(row.getShort(1)), row.getLong(2))));
    // Looked for only now: whoever held a claim before has stored the answer before giving it up.
    var known = new HashMap<Key, Found>();
    var wanted = new HashMap<Check, List<Long>>();
    batch.forEach(
        wish ->
            wanted.computeIfAbsent(wish.platform(), _ -> new ArrayList<>()).addAll(wish.phones()));
    for (var entry : wanted.entrySet()) {
      for (var one :
          Findings.fresh(connection, entry.getKey(), entry.getValue(), clock.instant())) {
        known.put(new Key(one.platform(), one.phone()), one);
      }
    }
    var claimed = batch.stream().map(wish -> claimed(wish, granted, known)).toList();
    var needless = new Keys();
    for (var wish : batch) {
      for (var phone : wish.phones()) {
        if (known.containsKey(new Key(wish.platform(), phone))) {
          needless.add(wish.platform(), phone, wish.job());
        }
      }
    }
    needless.release(connection);
    return claimed;
  }

  private static Claimed claimed(Wish wish, Set<Key> granted, Map<Key, Found> known) {
    var toAsk = new HashSet<Long>();
    var answered = new HashMap<Long, Found>();
    for (var phone : wish.phones()) {
      var key = new Key(wish.platform(), phone);
      var found = known.get(key);
      if (found != null) {
        answered.put(phone, found);
      } else if (granted.contains(key)) {
        toAsk.add(phone);
      }
    }
    return new Claimed(toAsk, answered);
  }

  /** Gives up what a job has claimed and will not ask for now. */
  CompletionStage<?> release(int job, Check platform, List<Long> phones) {
    var own = new Keys();
    phones.forEach(phone -> own.add(platform, phone, job));
    return db.transaction(
        "release numbers",
        connection -> {
          own.release(connection);
          return true;
        });
  }

  /** Completes when the answers are durable; what the job had claimed of them is free then. */
  CompletionStage<Boolean> store(int job, List<Found> found) {
    var answer = new Answer(job, found, new CompletableFuture<>());
    answers.add(answer);
    return answer.stored();
  }

  private CompletionStage<Boolean> store(List<Answer> batch, int attempt) {
    return db.transaction("store validations", connection -> store(connection, batch))
        .handle(
            (_, failure) -> {
              if (failure == null) {
                batch.forEach(one -> one.stored().complete(true));
                return CompletableFuture.completedStage(true);
              }
              var delay = backoff.delay(attempt, RandomGenerator.getDefault());
              log.warn(
                  "{} answers could not be stored and are tried again in {} ms: {}",
                  batch.size(),
                  delay.toMillis(),
                  failure.toString());
              return after(delay).thenCompose(_ -> store(batch, attempt + 1));
            })
        .thenCompose(stored -> stored);
  }

  private CompletionStage<Boolean> after(Duration delay) {
    var over = new CompletableFuture<Boolean>();
    var _ = scheduler.schedule(() -> over.complete(true), delay.toMillis(), TimeUnit.MILLISECONDS);
    return over;
  }

  private static boolean store(Connection connection, List<Answer> batch) throws SQLException {
    Findings.save(connection, batch.stream().flatMap(one -> one.found().stream()).toList());
    var settled = new Keys();
    for (var answer : batch) {
      for (var one : answer.found()) {
        settled.add(one.platform(), one.phone(), answer.job());
      }
    }
    settled.release(connection);
    return true;
  }

  /** Forgets claims of those who died. */
  CompletionStage<Integer> sweep() {
    return db.update(SWEEP, _ -> {});
  }
}
