package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a measurement came to, for programs: the JSON object on its last line. */
final class BenchReport {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, Object> fields = new LinkedHashMap<>();

  /**
   * @param bench the measurement's name
   */
  BenchReport(String bench) {
    put("bench", bench);
    put("processors", Runtime.getRuntime().availableProcessors());
  }

  BenchReport put(String key, Object value) {
    fields.put(key, value);
    return this;
  }

  void print(Shell shell) throws JsonProcessingException {
    shell.say(JSON.writeValueAsString(fields));
  }

  /** The value in the middle; of an even number the upper one. */
  static <T extends Comparable<T>> T median(List<T> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** Rounded to two places. */
  static double hundredths(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
