package io.centralita.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * JSON in and out, strictly: unknown and repeated fields are refused, nothing is turned from one
 * type into another, and a component of a record must be there unless it is {@code @Nullable} or a
 * boolean. Names are in snake case; times are ISO 8601.
 */
public final class Json {

  /** The one way in which this API reads and writes JSON. */
  public static final ObjectMapper MAPPER = mapper();

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private static final long LARGE = 1 << 20;

  /** A body that may be no longer than this is parsed where it was read. */
  private static final long SMALL = 64 << 10;

  /** How many times its size a body takes while it is collected and parsed; measured. */
  private static final int TIMES_ITS_SIZE = 4;

  private final Executor parsing;
  private final long mostAtOnce = Runtime.getRuntime().maxMemory() / 4;
  private final AtomicLong room = new AtomicLong(mostAtOnce);

  /**
   * @param parsing where bodies are parsed: a large one takes a while, and must not hold up others
   */
  public Json(Executor parsing) {
    this.parsing = parsing;
  }

  /**
   * Reads the request's body as a record. Of large bodies no more are read at once than a quarter
   * of the heap holds; a problem (503) is told to the others.
   *
   * @param limit the most bytes that the body may have
   */
  public <T> Route body(Class<T> type, long limit, Function<Body<T>, Route> inner) {
    return extractRequest(
        request ->
            extractMaterializer(
                materializer -> {
                  requireJson(request);
                  return onSuccess(
                      inRoom(
                          Math.min(request.entity().getContentLengthOption().orElse(limit), limit),
                          () ->
                              Body.collect(request.entity(), limit, materializer)
                                  .thenApplyAsync(
                                      bytes -> parsed(bytes, type),
                                      limit <= SMALL ? Runnable::run : parsing)),
                      inner);
                }));
  }

  /**
   * Reads the request's body as text in UTF-8.
   *
   * @param limit the most bytes that the body may have
   */
  public Route text(long limit, Function<Body<String>, Route> inner) {
    return text(limit, List.of("plain"), inner);
  }

  /** As {@link #text(long, Function)}, also for other kinds of text, such as {@code csv}. */
  public Route text(long limit, List<String> kinds, Function<Body<String>, Route> inner) {
    return extractRequest(
        request ->
            extractMaterializer(
                materializer -> {
                  var mediaType = request.entity().getContentType().mediaType();
                  if (!mediaType.isText() || !kinds.contains(mediaType.subType())) {
                    throw ProblemException.unsupported(
                        "expected Content-Type: text/" + String.join(" or text/", kinds));
                  }
                  requireNoEncoding(request);
                  return onSuccess(
                      Body.collect(request.entity(), limit, materializer)
                          .thenApplyAsync(Json::utf8, parsing),
                      inner);
                }));
  }

  private static Body<String> utf8(Body<byte[]> bytes) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.value()));
      return new Body<>(text.toString(), bytes.sha256());
    } catch (CharacterCodingException _) {
      throw ProblemException.badRequest("body", "not text in UTF-8");
    }
  }

  private <T> CompletionStage<T> inRoom(long size, Supplier<CompletionStage<T>> reading) {
    if (size <= LARGE) {
      return reading.get();
    }
    var taken = Math.min(mostAtOnce, size * TIMES_ITS_SIZE); // one is always read
    if (room.getAndUpdate(left -> left < taken ? left : left - taken) < taken) {
      throw ProblemException.unavailable(
          "as many large bodies are being read as this node has room for", Duration.ofSeconds(2));
    }
    return reading.get().whenComplete((_, _) -> room.addAndGet(taken));
  }

  /** As {@link #body}, with {@code absent} in the place of a body that was left out. */
  public <T> Route bodyOr(T absent, Class<T> type, long limit, Function<Body<T>, Route> inner) {
    return extractRequest(
        request ->
            request.entity().isKnownEmpty()
                ? inner.apply(new Body<>(absent, "empty"))
                : body(type, limit, inner));
  }

  /** An answer with a value in it. */
  public static HttpResponse response(int status, Object value) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, text(value)));
  }

  /** Answers 200 with the value, when it comes. */
  public static Route ok(CompletionStage<?> value) {
    return onSuccess(value, v -> complete(response(200, v)));
  }

  /** A time as this API writes it: ISO 8601 in UTC, always with milliseconds. */
  public static String time(Instant time) {
    return TIME.format(time);
  }

  /** The value as JSON. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a " + value.getClass().getName(), e);
    }
  }

  private static final class Time extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    Time() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant time, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeString(time(time));
    }
  }

  private static void requireJson(HttpRequest request) {
    var mediaType = request.entity().getContentType().mediaType();
    if (!mediaType.isApplication() || !mediaType.subType().equals("json")) {
      throw ProblemException.unsupported("expected Content-Type: application/json");
    }
    requireNoEncoding(request);
  }

  /** Refuses a body that is compressed (415). */
  public static void requireNoEncoding(HttpRequest request) {
    request
        .getHeader("Content-Encoding")
        .filter(encoding -> !encoding.value().equalsIgnoreCase("identity"))
        .ifPresent(
            _ -> {
              throw ProblemException.unsupported("Content-Encoding is not understood here");
            });
  }

  private static <T> Body<T> parsed(Body<byte[]> bytes, Class<T> type) {
    return new Body<>(StrictRecords.read(MAPPER, bytes.value(), type), bytes.sha256());
  }

  private static ObjectMapper mapper() {
    var strict =
        new SimpleModule()
            .addSerializer(Instant.class, new Time())
            .addDeserializer(Instant.class, new StrictRecords.Time())
            .addDeserializer(boolean.class, new StrictRecords.Flag());
    var builder =
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(strict)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .withCoercionConfig(
                LogicalType.Textual,
                config -> {
                  for (var shape :
                      new CoercionInputShape[] {
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float,
                        CoercionInputShape.Boolean
                      }) {
                    config.setCoercion(shape, CoercionAction.Fail);
                  }
                });
    var mapper = builder.build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(50)
                .maxStringLength(1 << 20)
                .maxNameLength(200)
                .build());
    return mapper;
  }
}
