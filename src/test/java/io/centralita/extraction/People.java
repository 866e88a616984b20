package io.centralita.extraction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.ApiClient;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Contacts of a test's own, and extractions of them. */
public final class People {
  private static final AtomicInteger CITIES = new AtomicInteger();
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final Set<String> UNDER_WAY = Set.of("pending", "processing", "paused");
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz";

  private People() {}

  /** The name of a city that no other test uses, and that is not like another one's. */
  public static String newCity() {
    var n = CITIES.incrementAndGet();
    var letter = LETTERS.charAt(n % LETTERS.length());
    return "Ñ" + String.valueOf(letter).repeat(3 + n);
  }

  /** So many numbers of an area code of three digits. */
  public static List<Long> numbers(int lada, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            _ -> 520_000_000_000L + lada * 10_000_000L + 7_770_000 + NUMBERS.incrementAndGet())
        .toList();
  }

  /** Brings contacts of a city into the node's store. */
  public static void imported(String city, List<Long> numbers) {
    var rows =
        numbers.stream()
            .map(number -> "%d,Ana,Zapopan,JAL,%s".formatted(number, city))
            .collect(Collectors.joining("\n", "numero,nombre,municipio,estado,ciudad\n", "\n"));
    var answer =
        TestNode.admin()
            .upload(
                "/api/v1/imports?name=" + NUMBERS.incrementAndGet() + ".csv",
                "text/csv",
                rows.getBytes(StandardCharsets.UTF_8));
    assertEquals(202, answer.statusCode(), answer.body());
    var id = OpenApi.json(answer).get("id").asInt();
    TestNode.until(
        () ->
            OpenApi.json(TestNode.admin().get("/api/v1/imports/" + id))
                .get("status")
                .asText()
                .equals("completed"));
  }

  /** Orders from a city; gives the id. */
  static int order(ApiClient user, String city, int amount, String format) {
    return order(
        user,
        "{\"type\":\"city\",\"value\":\"%s\",\"amount\":%d,\"format\":\"%s\"}"
            .formatted(city, amount, format));
  }

  static int order(ApiClient user, String json) {
    var answer = user.post("/api/v1/extractions", json);
    assertEquals(202, answer.statusCode(), answer.body());
    return OpenApi.json(answer).get("id").asInt();
  }

  static JsonNode view(ApiClient user, int id) {
    return OpenApi.json(user.get("/api/v1/extractions/" + id));
  }

  /** As it is at its end. */
  static JsonNode ended(ApiClient user, int id) {
    TestNode.until(() -> !UNDER_WAY.contains(view(user, id).get("status").asText()));
    return view(user, id);
  }

  /** As it is when it is completed. */
  static JsonNode completed(ApiClient user, int id) {
    var view = ended(user, id);
    assertEquals("completed", view.get("status").asText(), view.toString());
    return view;
  }

  static byte[] file(ApiClient user, int id) {
    var answer = user.bytes("/api/v1/extractions/" + id + "/file");
    assertEquals(200, answer.statusCode());
    return answer.body();
  }

  static List<Long> lines(byte[] file) {
    return LongStream.of(
            new String(file, StandardCharsets.US_ASCII)
                .lines()
                .mapToLong(Long::parseLong)
                .toArray())
        .boxed()
        .toList();
  }

  static long available(String city) {
    var answer =
        TestNode.admin()
            .get(
                "/api/v1/contacts/availability?type=city&value="
                    + URLEncoder.encode(city, StandardCharsets.UTF_8));
    assertEquals(200, answer.statusCode(), answer.body());
    return OpenApi.json(answer).get("available").asLong();
  }
}
