package io.centralita.http;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * What went wrong, as RFC 9457 tells it.
 *
 * @param status the HTTP status
 * @param type always {@code about:blank}: the status says what kind it is
 * @param detail one sentence for whoever sent the request; never repeats a value that was sent
 * @param errors the fields at fault, where the input is
 * @param suggestions what may have been meant in the place of what there is not
 * @param requestId by which the log can be searched; empty where the answer's header is enough
 * @param headers of the answer, such as {@code Retry-After}
 */
public record Problem(
    int status,
    String type,
    String title,
    String detail,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> suggestions,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String requestId,
    @JsonIgnore Map<String, String> headers) {

  /** A field or parameter, such as {@code number[3]}, and what is wrong with it. */
  public record FieldError(String field, String reason) {
    @Override
    public String toString() {
      return field + ": " + reason;
    }
  }

  public Problem {
    errors = List.copyOf(errors);
    suggestions = List.copyOf(suggestions);
    headers = Map.copyOf(headers);
  }

  public static Problem of(int status, String detail) {
    return new Problem(
        status,
        "about:blank",
        StatusCodes.lookup(status).map(code -> code.reason()).orElse("Error"),
        detail,
        List.of(),
        List.of(),
        "",
        Map.of());
  }

  /** Something that is needed does not answer; the same request may succeed later. */
  public static Problem unavailable(String detail, Duration retryAfter) {
    return of(503, detail)
        .withHeader("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
  }

  public Problem withErrors(List<FieldError> fields) {
    return new Problem(status, type, title, detail, fields, suggestions, requestId, headers);
  }

  public Problem withSuggestions(List<String> nearest) {
    return new Problem(status, type, title, detail, errors, nearest, requestId, headers);
  }

  public Problem withRequestId(String id) {
    return new Problem(status, type, title, detail, errors, suggestions, id, headers);
  }

  public Problem withHeader(String name, String value) {
    var all = new java.util.HashMap<>(headers);
    all.put(name, value);
    return new Problem(status, type, title, detail, errors, suggestions, requestId, all);
  }
}
