package io.centralita.cli;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Has files looked up, and takes down what it costs. */
final class LookupTrial implements AutoCloseable {

  /** Where the answers are when a file comes. */
  enum Case {
    COLD("cold, portal at 0 ms", 0),
    COLD_50("cold, portal at 50 ms", 50),
    REDIS("warm in Redis", 0),
    POSTGRES("warm in PostgreSQL only", 0),
    MIXED("a third cold, a third in Redis, a third in PostgreSQL only", 0);

    final String words;
    final int latencyMs;

    Case(String words, int latencyMs) {
      this.words = words;
      this.latencyMs = latencyMs;
    }
  }

  /**
   * What it came to.
   *
   * @param numbers of all users together
   * @param microseconds of processor time for a number, by part
   * @param spread how far apart the users' ends were, as a share of the longest
   * @param byHand single look-ups from the cache, asked for meanwhile
   * @param memoryMb the most that a node has held so far
   */
  record Outcome(
      int numbers,
      double seconds,
      Map<ProcessGauge.Part, Double> microseconds,
      double spread,
      Latencies.Summary byHand,
      long memoryMb,
      double eventsPerNumber,
      double callsPerNumber) {

    double perSecond() {
      return numbers / seconds;
    }
  }

  private static final int HAND_NUMBERS = 100;
  private static final int HAND_PER_SECOND = 20;
  private static final int ASK_EVERY_MS = 20;

  private final BenchCluster bench;
  private final ProcessGauge gauge;
  private final List<Api> apis = new ArrayList<>();
  private final RedisClient redis;
  private final int numbers;
  private final int users;
  private final boolean byHand;
  private int[] handNumbers = {};
  private int[] known = {};
  private int round;

  /**
   * @param numbers of each user's file
   * @param byHand whether single numbers are asked for meanwhile
   */
  LookupTrial(BenchCluster bench, int numbers, int users, boolean byHand) throws IOException {
    this.bench = bench;
    this.numbers = numbers;
    this.users = users;
    this.byHand = byHand;
    var nodes = bench.cluster().nodes();
    nodes.forEach(node -> apis.add(bench.api(node)));
    gauge = bench.gauge();
    redis = RedisClient.create(bench.cluster().redis().orElseThrow().url());
    handNumbers = bench.numbers(HAND_NUMBERS);
    lookUp("hand", handNumbers);
  }

  Outcome run(Case situation) throws IOException {
    bench.latency(0, 0);
    var files = prepare(situation);
    bench.latency(situation.latencyMs, situation.latencyMs);
    var events = events();
    var calls = bench.portal().stats().asked();
    var before = gauge.processorSeconds();
    var began = System.nanoTime();
    try (var meanwhile = Latencies.of(HAND_PER_SECOND, this::askByHand)) {
      var ends = lookUpAll(files);
      var seconds = (System.nanoTime() - began) / 1e9;
      var after = gauge.processorSeconds();
      var all = numbers * users;
      var used = new EnumMap<ProcessGauge.Part, Double>(ProcessGauge.Part.class);
      after.forEach(
          (part, total) -> used.put(part, (total - before.getOrDefault(part, 0.0)) / all * 1e6));
      var last = Arrays.stream(ends).max().orElseThrow();
      return new Outcome(
          all,
          seconds,
          used,
          (last - Arrays.stream(ends).min().orElseThrow()) / (double) last,
          meanwhile.summary(),
          gauge.mostMemory(),
          (events() - events) / (double) all,
          (bench.portal().stats().asked() - calls) / (double) all);
    }
  }

  private final AtomicInteger turn = new AtomicInteger();

  private void askByHand() throws IOException {
    if (byHand) {
      var number = handNumbers[turn.getAndIncrement() % handNumbers.length];
      var _ =
          apis.getFirst()
              .send(
                  "POST",
                  "/phone/consult/",
                  "application/json",
                  "{\"user\":\"hand\",\"phone\":\"%d\"}".formatted(number));
    }
  }

  /** The files' numbers, one array for each user. */
  private List<int[]> prepare(Case situation) throws IOException {
    return switch (situation) {
      case COLD, COLD_50 ->
          IntStream.range(0, users).mapToObj(_ -> bench.numbers(numbers)).toList();
      case REDIS -> {
        know(numbers);
        yield IntStream.range(0, users).mapToObj(_ -> known).toList();
      }
      case POSTGRES -> {
        know(numbers);
        forgetInRedis();
        // Each user's own: what one finds in PostgreSQL the next would find in Redis
        yield IntStream.range(0, users).mapToObj(_ -> known).toList();
      }
      case MIXED -> {
        var third = numbers / 3;
        know(2 * third);
        forgetInRedis();
        lookUp("before", Arrays.copyOf(known, third));
        yield IntStream.range(0, users)
            .mapToObj(
                _ ->
                    IntStream.concat(
                            Arrays.stream(known, 0, 2 * third),
                            Arrays.stream(bench.numbers(numbers - 2 * third)))
                        .toArray())
            .toList();
      }
    };
  }

  private void know(int count) throws IOException {
    if (known.length < count) {
      known = bench.numbers(count);
    }
    lookUp("before", known);
  }

  private void forgetInRedis() {
    try (var connection = redis.connect()) {
      connection.sync().flushall();
    }
  }

  private void lookUp(String user, int[] list) throws IOException {
    var id = bench.upload(apis.getFirst(), user, list);
    while (!done(apis.getFirst(), id)) {
      pause();
    }
  }

  /** Sends the files at once; when each was done, in nanoseconds from now. */
  private long[] lookUpAll(List<int[]> files) throws IOException {
    var began = System.nanoTime();
    round++;
    var ids = new long[files.size()];
    var ends = new long[files.size()];
    for (var i = 0; i < ids.length; i++) {
      ids[i] = bench.upload(api(i), "user-" + round + "-" + i, files.get(i));
    }
    var open = files.size();
    while (open > 0) {
      pause();
      for (var i = 0; i < ids.length; i++) {
        if (ends[i] == 0 && done(api(i), ids[i])) {
          ends[i] = System.nanoTime() - began;
          open--;
        }
      }
    }
    return ends;
  }

  private Api api(int user) {
    return apis.get(user % apis.size());
  }

  private static boolean done(Api api, long id) throws IOException {
    return api.file(id).status().equals("completed");
  }

  private static void pause() {
    java.util.concurrent.locks.LockSupport.parkNanos(ASK_EVERY_MS * 1_000_000L);
  }

  /** Events ever written; the journal numbers them all. */
  private long events() throws IOException {
    var postgres = bench.cluster().postgres().orElseThrow();
    try (var connection =
            DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM event_journal")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IOException("the journal cannot be read", e);
    }
  }

  @Override
  public void close() {
    apis.forEach(Api::close);
    redis.shutdown();
  }
}
