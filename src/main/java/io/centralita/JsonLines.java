package io.centralita;

import ch.qos.logback.classic.encoder.JsonEncoder;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** One JSON object a line of the log, its time in ISO 8601 and UTC. Named in logback.xml. */
public final class JsonLines extends JsonEncoder {
  /** Always with milliseconds, so that lines sort by it as text. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  @Override
  protected void appenderMemberWithLongValue(StringBuilder line, String key, long value) {
    if (key.equals(TIMESTAMP_ATTR_NAME)) {
      appenderMember(line, key, TIME.format(Instant.ofEpochMilli(value)));
    } else {
      super.appenderMemberWithLongValue(line, key, value);
    }
  }
}
