package io.centralita.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.centralita.http.Problem.FieldError;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads records from JSON, and says of a refusal where it is and what was expected; never the value
 * that was sent, which Jackson's own messages repeat.
 */
final class StrictRecords {
  private StrictRecords() {}

  static <T> T read(ObjectMapper mapper, byte[] json, Class<T> type) {
    T value;
    try {
      value = mapper.readValue(json, type);
    } catch (IOException e) {
      throw refusal(e);
    }
    if (value == null) {
      throw ProblemException.badRequest("body", "expected " + expected(type));
    }
    var missing = new ArrayList<FieldError>();
    findMissing(mapper, value, "", missing);
    if (!missing.isEmpty()) {
      throw ProblemException.badRequest(missing);
    }
    return value;
  }

  /** A time as text, with its offset: a bare number says nothing of its unit. */
  static final class Time extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    Time() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        try {
          return java.time.OffsetDateTime.parse(parser.getText()).toInstant();
        } catch (DateTimeException _) {
          return failed(parser);
        }
      }
      return failed(parser);
    }

    private static Instant failed(JsonParser parser) throws IOException {
      throw MismatchedInputException.from(parser, Instant.class, "not a time");
    }
  }

  /** True or false, and false where it is left out; null is neither. */
  static final class Flag extends StdDeserializer<Boolean> {
    private static final long serialVersionUID = 1L;

    Flag() {
      super(boolean.class);
    }

    @Override
    public Boolean deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return switch (parser.currentToken()) {
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        default -> throw MismatchedInputException.from(parser, boolean.class, "not a flag");
      };
    }

    @Override
    public Boolean getNullValue(DeserializationContext context) throws JsonMappingException {
      throw MismatchedInputException.from(context.getParser(), boolean.class, "null");
    }

    @Override
    public Boolean getAbsentValue(DeserializationContext context) {
      return false;
    }
  }

  private static ProblemException refusal(IOException failure) {
    // A record whose constructor refuses: its own words are better.
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
    }
    return switch (failure) {
      case UnrecognizedPropertyException e ->
          ProblemException.badRequest(
              path(e),
              "unknown field; there are "
                  + e.getKnownPropertyIds().stream()
                      .map(Object::toString)
                      .sorted()
                      .collect(Collectors.joining(", ")));
      case JsonEOFException e ->
          ProblemException.badRequest("body", "the JSON is cut off" + at(e.getLocation()));
      case MismatchedInputException e when endsEarly(e) ->
          ProblemException.badRequest("body", "empty; expected " + expected(e.getTargetType()));
      case MismatchedInputException e when isTrailing(e) ->
          ProblemException.badRequest(
              "body", "there is more after the JSON's end" + at(e.getLocation()));
      case MismatchedInputException e ->
          ProblemException.badRequest(path(e), "expected " + expected(e.getTargetType()));
      // A cut or malformed document inside a value comes wrapped, with the path to it.
      case JsonMappingException e when e.getCause() instanceof JacksonException cause ->
          malformed(cause, path(e));
      case JsonMappingException e ->
          ProblemException.badRequest(path(e), "not of the expected form");
      case JacksonException e -> malformed(e, "body");
      default -> ProblemException.badRequest("body", "not JSON in UTF-8");
    };
  }

  private static ProblemException malformed(JacksonException failure, String field) {
    if (failure instanceof InputCoercionException tooLarge) {
      return ProblemException.badRequest(field, "expected " + expected(tooLarge.getTargetType()));
    }
    if (failure instanceof StreamConstraintsException) {
      return ProblemException.badRequest(
          field,
          "a name or text is too long, or it is nested too deeply" + at(failure.getLocation()));
    }
    var original = failure.getOriginalMessage();
    var reason =
        failure instanceof JsonEOFException
            ? "the JSON is cut off"
            : original != null && original.startsWith("Duplicate field")
                ? "a field is given twice"
                : "not well-formed JSON";
    return ProblemException.badRequest(field, reason + at(failure.getLocation()));
  }

  private static boolean endsEarly(MismatchedInputException e) {
    var message = e.getOriginalMessage();
    return message != null && message.startsWith("No content to map");
  }

  private static boolean isTrailing(MismatchedInputException e) {
    var message = e.getOriginalMessage();
    return message != null && message.startsWith("Trailing token");
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** Such as {@code number[3]}. */
  private static String path(JsonMappingException e) {
    var path = new StringBuilder();
    for (var reference : e.getPath()) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.isEmpty() ? "body" : path.toString();
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "another type";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> Json.text(constant).replace("\"", ""))
              .collect(Collectors.joining(", "));
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return switch (type.getSimpleName().toLowerCase(Locale.ROOT)) {
      case "string" -> "a string";
      case "boolean" -> "true or false";
      case "int", "integer", "long" -> "a whole number";
      case "double" -> "a number";
      case "instant" -> "a time such as 2026-01-06T10:30:00Z";
      default -> "an object";
    };
  }

  // NullMarked records say themselves what may be left out; Jackson does not know.
  private static void findMissing(
      ObjectMapper mapper, Object value, String path, List<FieldError> missing) {
    if (value instanceof Record) {
      var names = mapper.getSerializationConfig().getPropertyNamingStrategy();
      for (var component : value.getClass().getRecordComponents()) {
        var name = path + (path.isEmpty() ? "" : ".") + name(component, names);
        var child = component(component, value);
        if (child != null) {
          findMissing(mapper, child, name, missing);
        } else if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          missing.add(new FieldError(name, "required"));
        }
      }
    } else if (value instanceof List<?> list) {
      for (var i = 0; i < list.size(); i++) {
        var item = list.get(i);
        if (item == null) {
          missing.add(new FieldError(path + "[" + i + "]", "null is not allowed"));
          return; // one is enough: there may be a million
        } else if (item instanceof Record) {
          findMissing(mapper, item, path + "[" + i + "]", missing);
        }
      }
    }
  }

  private static String name(
      RecordComponent component,
      com.fasterxml.jackson.databind.@Nullable PropertyNamingStrategy strategy) {
    var explicit =
        component.getAccessor().getAnnotation(com.fasterxml.jackson.annotation.JsonProperty.class);
    if (explicit != null && !explicit.value().isEmpty()) {
      return explicit.value();
    }
    return strategy
            instanceof com.fasterxml.jackson.databind.PropertyNamingStrategies.NamingBase naming
        ? naming.translate(component.getName())
        : component.getName();
  }

  private static @Nullable Object component(RecordComponent component, Object value) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component.getName(), e);
    }
  }
}
