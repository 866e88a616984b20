package io.centralita.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/**
 * What a change changed: the fields that differ, before and after, as JSON. Places go by their ids,
 * so that a change can be taken back.
 */
record Difference(String before, String after) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Difference of(ContactRow before, ContactRow after) {
    var was = JSON.createObjectNode();
    var is = JSON.createObjectNode();
    number("municipality", before.municipality(), after.municipality(), was, is);
    number("city", before.city(), after.city(), was, is);
    number("state", before.state(), after.state(), was, is);
    number("carrier", before.carrier(), after.carrier(), was, is);
    number("kind", before.kind(), after.kind(), was, is);
    text("original", before.original(), after.original(), was, is);
    text("name", before.name(), after.name(), was, is);
    text("address", before.address(), after.address(), was, is);
    text("neighborhood", before.neighborhood(), after.neighborhood(), was, is);
    return new Difference(text(was), text(is));
  }

  /** Whether nothing differs. */
  boolean isNone() {
    return before.equals("{}");
  }

  private static void number(String field, int before, int after, ObjectNode was, ObjectNode is) {
    if (before != after) {
      was.put(field, before);
      is.put(field, after);
    }
  }

  private static void text(
      String field, byte[] before, byte[] after, ObjectNode was, ObjectNode is) {
    if (!Arrays.equals(before, after)) {
      was.put(field, Utf8.text(before));
      is.put(field, Utf8.text(after));
    }
  }

  private static String text(ObjectNode fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a change cannot be written", e);
    }
  }
}
