package io.centralita.lookup;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.centralita.http.ProblemException;
import java.io.IOException;
import java.util.List;

/**
 * Reads a JSON list of numbers straight into a delivery: as a list of strings, millions of numbers
 * would take ten times the memory.
 */
final class DeliveryReader extends StdDeserializer<Delivery> {
  private static final long serialVersionUID = 1L;

  DeliveryReader() {
    super(Delivery.class);
  }

  @Override
  public Delivery deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    if (!parser.isExpectedStartArrayToken()) {
      throw MismatchedInputException.from(parser, List.class, "not a list");
    }
    var field = String.valueOf(parser.currentName());
    var delivery = new Delivery(Integer.MAX_VALUE); // the body is bounded, and so is this
    for (var index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
      take(parser, delivery, field, index);
    }
    return delivery;
  }

  private static void take(JsonParser parser, Delivery delivery, String field, int index)
      throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING -> {
        try {
          delivery.add(parser.getText());
        } catch (Delivery.TooMany e) {
          throw ProblemException.badRequest(field, String.valueOf(e.getMessage()));
        }
      }
      case VALUE_NULL ->
          throw ProblemException.badRequest(field + "[" + index + "]", "null is not allowed");
      default ->
          throw JsonMappingException.wrapWithPath(
              MismatchedInputException.from(parser, String.class, "not a string"), "", index);
    }
  }
}
