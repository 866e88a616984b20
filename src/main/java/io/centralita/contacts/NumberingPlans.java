package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.phone.LineKind;
import io.centralita.phone.NumberingPlan;
import io.centralita.phone.PhoneNumbers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The numbering plan in force, and what it says of a number. Kept in memory, and read again where
 * another has come into force; which one is in force is asked each time. Thread-safe.
 */
public final class NumberingPlans {
  static final int MOBILE = 1;
  static final int FIXED = 2;

  private static final String RANGES =
      "SELECT first, last, kind, carrier FROM numbering_ranges WHERE plan_id = ? ORDER BY first";

  private static final String CARRIERS = "SELECT id, name FROM carriers";

  /**
   * What a number is.
   *
   * @param kind 0 unknown, 1 mobile, 2 fixed
   * @param carrier the id of whom its range was given to; 0 unknown
   */
  record Line(int kind, int carrier) {}

  private static final Line UNKNOWN = new Line(0, 0);
  private static final Line SPANISH_MOBILE = new Line(MOBILE, 0);
  private static final Line SPANISH_FIXED = new Line(FIXED, 0);

  /** One plan, as it stood when it was asked for. Immutable. */
  static final class Plan {
    static final Plan NONE = new Plan(0, NumberingPlan.EMPTY, new int[0]);

    private final int id;
    private final NumberingPlan ranges;
    private final Line[] lines; // of each range

    private Plan(int id, NumberingPlan ranges, int[] carrierIds) {
      this.id = id;
      this.ranges = ranges;
      this.lines = new Line[ranges.size()];
      var mobile = new Line[carrierIds.length];
      var fixed = new Line[carrierIds.length];
      for (var i = 0; i < carrierIds.length; i++) {
        mobile[i] = new Line(MOBILE, carrierIds[i]);
        fixed[i] = new Line(FIXED, carrierIds[i]);
      }
      for (var i = 0; i < lines.length; i++) {
        lines[i] =
            switch (ranges.kind(i)) {
              case MOBILE -> mobile[ranges.carrier(i)];
              case FIXED -> fixed[ranges.carrier(i)];
            };
      }
    }

    /** The plan's id; 0 where none is in force. */
    int id() {
      return id;
    }

    NumberingPlan ranges() {
      return ranges;
    }

    /** What a number is. Allocates nothing. */
    Line line(long phone) {
      var range = ranges.find(phone);
      return range >= 0 ? lines[range] : withoutRange(phone);
    }

    /** In Spain the first digit says it. */
    private static Line withoutRange(long phone) {
      if (!PhoneNumbers.isSpanish(phone)) {
        return UNKNOWN;
      }
      return switch ((int) (phone / 100_000_000 % 10)) {
        case 6, 7 -> SPANISH_MOBILE;
        default -> SPANISH_FIXED;
      };
    }
  }

  private record Range(long first, long last, int kind, int carrier) {}

  private record Carrier(int id, String name) {}

  private final Db db;
  private volatile Plan loaded = Plan.NONE;

  public NumberingPlans(Db db) {
    this.db = db;
  }

  /** The plan in force. Blocks: it is for threads that may. */
  Plan current() {
    return now().toCompletableFuture().join();
  }

  /**
   * What kind of line a number is, by the plan in force; null where it does not say.
   *
   * @return of a number in E.164 without the plus
   */
  public Function<Long, @Nullable LineKind> kinds(Connection connection) throws SQLException {
    var plan = now(connection);
    return phone ->
        switch (plan.line(phone).kind()) {
          case MOBILE -> LineKind.MOBILE;
          case FIXED -> LineKind.FIXED;
          default -> null;
        };
  }

  /** The ranges of the plan in force; empty where none is. */
  public CompletionStage<Optional<NumberingPlan>> inForce() {
    return now().thenApply(plan -> plan.id() == 0 ? Optional.empty() : Optional.of(plan.ranges()));
  }

  /** The plan in force. */
  CompletionStage<Plan> now() {
    return db.transaction("numbering plan in force", this::now);
  }

  private Plan now(Connection connection) throws SQLException {
    var id = NumberingLock.inForce(connection);
    var known = loaded;
    if (known.id() == id) {
      return known;
    }
    var plan = id == 0 ? Plan.NONE : load(connection, id);
    loaded = plan;
    return plan;
  }

  private static Plan load(Connection connection, int id) throws SQLException {
    var names = new HashMap<Integer, String>();
    Db.query(connection, CARRIERS, _ -> {}, row -> new Carrier(row.getInt(1), row.getString(2)))
        .forEach(carrier -> names.put(carrier.id(), carrier.name()));
    var ranges =
        Db.query(
            connection,
            RANGES,
            statement -> statement.setInt(1, id),
            row -> new Range(row.getLong(1), row.getLong(2), row.getInt(3), row.getInt(4)));
    var places = new HashMap<Integer, Integer>();
    var carrierNames = new ArrayList<String>();
    var carriers =
        ranges.stream()
            .mapToInt(
                range ->
                    places.computeIfAbsent(
                        range.carrier(),
                        carrier -> {
                          carrierNames.add(names.getOrDefault(carrier, ""));
                          return places.size();
                        }))
            .toArray();
    var carrierIds = new int[places.size()];
    places.forEach((carrier, place) -> carrierIds[place] = carrier);
    return new Plan(id, plan(ranges, carriers, carrierNames), carrierIds);
  }

  private static NumberingPlan plan(List<Range> ranges, int[] carriers, List<String> names) {
    return NumberingPlan.of(
        ranges.stream().mapToLong(Range::first).toArray(),
        ranges.stream().mapToLong(Range::last).toArray(),
        ranges.stream()
            .map(range -> range.kind() == MOBILE ? LineKind.MOBILE : LineKind.FIXED)
            .toArray(LineKind[]::new),
        carriers,
        names);
  }
}
