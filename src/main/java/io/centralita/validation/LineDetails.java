package io.centralita.validation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.http.Json;
import io.centralita.scoring.LineType;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a line, in the details of a check of it; null where it is not known.
 *
 * @param lineType {@code mobile}, {@code fixed}, {@code voip}, {@code toll_free}, {@code other}
 * @param mobileCountryCode of ITU-T E.212, three digits
 * @param mobileNetworkCode of the same, two or three digits
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LineDetails(
    @Nullable String lineType,
    @Nullable String carrier,
    @Nullable String mobileCountryCode,
    @Nullable String mobileNetworkCode) {

  static final String MOBILE = "mobile";
  static final String FIXED = "fixed";
  static final String VOIP = "voip";
  static final String TOLL_FREE = "toll_free";
  static final String OTHER = "other";

  /** A verdict's details. */
  String json() {
    return Json.text(this);
  }

  /** The kind of line that stored details tell. */
  static LineType lineType(@Nullable String json) {
    if (json == null) {
      return LineType.UNKNOWN;
    }
    try {
      return switch (Json.MAPPER.readTree(json).path("line_type").asText()) {
        case MOBILE -> LineType.MOBILE;
        case FIXED -> LineType.FIXED;
        case VOIP -> LineType.VOIP;
        default -> LineType.UNKNOWN;
      };
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored details cannot be read", e);
    }
  }

  /** A text of an answer; null where there is none. */
  static @Nullable String given(JsonNode text) {
    return text.isTextual() && !text.textValue().isBlank() ? text.textValue() : null;
  }
}
