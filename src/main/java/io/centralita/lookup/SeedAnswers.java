package io.centralita.lookup;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.centralita.access.Reply;
import io.centralita.http.Json;
import io.centralita.lookup.Results.Result;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What the older API answers, in its words. Lists are written while they are sent: a file of a
 * million numbers takes no more memory than a few windows.
 */
final class SeedAnswers {

  private record Done(int code, String status, String message) {}

  /** A status and what belongs to it. */
  private record Pair(List<Object> data) {}

  private record Message(String message) {}

  private record PortalOperator(
      String name,
      @JsonProperty("tradeName") String tradeName,
      @JsonProperty("operatorId") @Nullable String operatorId) {}

  private record Found(String number, @Nullable String operator) {}

  private SeedAnswers() {}

  static Reply done(String message) {
    return Reply.of(200, new Done(200, "OK", message));
  }

  /** One number's operator, or why there is none. */
  static Reply pair(Finding finding) {
    return Reply.of(
        200,
        switch (finding.outcome()) {
          case FOUND -> new Pair(List.of(200, operator(finding.operator())));
          case UNKNOWN -> new Pair(List.of(404, message(finding)));
          case FAILED, INVALID -> new Pair(List.of(502, message(finding)));
        });
  }

  private static Object operator(@Nullable Operator operator) {
    return operator == null
        ? new Message("no answer")
        : new PortalOperator(operator.name(), operator.tradeName(), operator.operatorId());
  }

  private static Message message(Finding finding) {
    return new Message(finding.reason() == null ? "no answer" : finding.reason());
  }

  /** A user's files. */
  static HttpResponse files(Source<List<Files.Row>, NotUsed> rows) {
    return list(
        "{\"data\":[",
        rows.map(some -> some.stream().map(row -> (Object) SeedFile.of(row)).toList()),
        "]}");
  }

  /** A file and the operators found so far. */
  static HttpResponse consulted(FileView file, Source<List<Result>, NotUsed> found) {
    var head =
        """
        {"code":200,"status":"OK","message":%s,"nameFile":%s,\
        "data":{"total":%s,"proces":%s,"subido":%s,"list":[\
        """
            .formatted(
                Json.text(inWords(file.seed().status())),
                Json.text(file.seed().file()),
                Json.text(file.seed().total()),
                Json.text(file.seed().progres()),
                Json.text(file.subido()));
    return list(
        head,
        found.map(
            some ->
                some.stream()
                    .map(result -> (Object) new Found(result.number(), result.operator()))
                    .toList()),
        "]}}");
  }

  private static String inWords(String status) {
    return switch (status) {
      case "processing" -> "Proceso activo";
      case "completed" -> "Proceso completado";
      case "paused" -> "Proceso pausado";
      default -> "Proceso pendiente";
    };
  }

  private static HttpResponse list(String head, Source<List<Object>, NotUsed> items, String tail) {
    var texts =
        items
            .filter(some -> !some.isEmpty())
            .map(some -> some.stream().map(Json::text).collect(Collectors.joining(",")))
            .intersperse(head, ",", tail)
            .map(ByteString::fromString);
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, texts));
  }
}
