package io.centralita.validation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.centralita.db.Db;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Evidence.Status;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What jobs were told: a row for each chunk and platform. */
final class JobResults {

  /**
   * What a job was told of one number on one platform.
   *
   * @param attempts calls of this job; 0 where a fresh answer was known
   */
  record Result(
      @JsonProperty("phone_e164") String phone,
      String platform,
      String status,
      @Nullable Boolean isActive,
      int attempts,
      @JsonRawValue @Nullable String platformDetails) {}

  /** Where a page ends: this was its last. */
  record Position(int chunk, int platform, int place) {
    static final Position START = new Position(0, 0, -1);
  }

  /** A result, and where it stands. */
  record Placed(Result result, Position at) {}

  private static final String FIND =
      "SELECT statuses FROM validation_results WHERE job_id = ? AND chunk_no = ? AND platform = ?";

  // Whoever comes second was told the same.
  private static final String ADD =
      """
      INSERT INTO validation_results (job_id, chunk_no, platform, statuses, attempts, details)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (job_id, chunk_no, platform) DO NOTHING
      """;

  private static final String FROM =
      """
      SELECT r.chunk_no, r.platform, c.phones, r.statuses, r.attempts, r.details
      FROM validation_results r JOIN validation_chunks c USING (job_id, chunk_no)
      WHERE r.job_id = ? AND (r.chunk_no, r.platform) >= (?, ?)
      ORDER BY r.chunk_no, r.platform
      LIMIT ?
      """;

  private JobResults() {}

  /** The statuses of a chunk on a platform; empty where they are not there yet. */
  static Optional<List<Status>> find(Connection connection, int job, int chunk, Check platform)
      throws SQLException {
    return Db.query(
            connection,
            FIND,
            st -> {
              st.setInt(1, job);
              st.setInt(2, chunk);
              st.setShort(3, Codes.of(platform));
            },
            row ->
                List.of((Short[]) row.getArray(1).getArray()).stream().map(Codes::status).toList())
        .stream()
        .findFirst();
  }

  /** Stores what a job was told of a chunk; false where that is stored already. */
  static boolean add(
      Connection connection,
      int job,
      int chunk,
      Check platform,
      List<Long> phones,
      Map<Long, Found> found)
      throws SQLException {
    var all = phones.stream().map(phone -> Objects.requireNonNull(found.get(phone))).toList();
    return Db.update(
            connection,
            ADD,
            st -> {
              st.setInt(1, job);
              st.setInt(2, chunk);
              st.setShort(3, Codes.of(platform));
              st.setArray(
                  4,
                  connection.createArrayOf(
                      "int2", all.stream().map(one -> Codes.of(one.status())).toArray()));
              st.setArray(
                  5, connection.createArrayOf("int2", all.stream().map(Found::attempts).toArray()));
              st.setArray(
                  6, connection.createArrayOf("text", all.stream().map(Found::details).toArray()));
            })
        == 1;
  }

  /** The results after a position, at most so many. */
  static CompletionStage<List<Placed>> after(Db db, int job, Position after, int limit) {
    // A page needs no more rows than it has results, and mostly a row has many.
    var rows = Math.max(2, limit / Jobs.CHUNK + 2);
    return db.transaction(
        "results of a validation job",
        connection -> {
          var found = new ArrayList<Placed>();
          var from = after;
          while (found.size() < limit) {
            var start = from;
            var some =
                Db.query(
                    connection,
                    FROM,
                    st -> {
                      st.setInt(1, job);
                      st.setInt(2, start.chunk());
                      st.setInt(3, start.platform());
                      st.setInt(4, rows);
                    },
                    row -> placed(row, start));
            some.forEach(found::addAll);
            if (some.size() < rows) {
              break;
            }
            var last = some.getLast();
            if (!last.isEmpty()) {
              from = last.getLast().at();
            }
          }
          return List.copyOf(found.subList(0, Math.min(limit, found.size())));
        });
  }

  private static List<Placed> placed(ResultSet row, Position after) throws SQLException {
    var chunk = row.getInt(1);
    var platform = row.getShort(2);
    var phones = (Long[]) row.getArray(3).getArray();
    var statuses = (Short[]) row.getArray(4).getArray();
    var attempts = (Short[]) row.getArray(5).getArray();
    @Nullable String[] details = (@Nullable String[]) row.getArray(6).getArray();
    var first = chunk == after.chunk() && platform == after.platform() ? after.place() + 1 : 0;
    var all = new ArrayList<Placed>();
    for (var place = first; place < phones.length; place++) {
      var status = Codes.status(statuses[place]);
      all.add(
          new Placed(
              new Result(
                  PhoneNumbers.e164(phones[place]),
                  Codes.word(Codes.check(platform)),
                  status.name(),
                  status.saysSomething() ? (Boolean) (status == Status.ACTIVE) : null,
                  attempts[place],
                  details[place]),
              new Position(chunk, platform, place)));
    }
    return all;
  }
}
