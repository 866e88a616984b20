package io.centralita.lookup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.centralita.lookup.PortalReply.Answered;
import io.centralita.lookup.PortalReply.Blocked;
import io.centralita.lookup.PortalReply.Broken;
import io.centralita.lookup.PortalReply.Expired;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the portal's answers to a look-up. Whatever is not exactly understood is no answer. */
final class PortalAnswers {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String NOT_FOUND = "Operator not found";
  private static final int LONGEST = 200;

  /** The fields that matter; which were there at all is told apart from which were null. */
  private static final class Fields {
    @Nullable String name;
    @Nullable String tradeName;
    @Nullable String operatorId;
    @Nullable String message;
    boolean named;
  }

  private PortalAnswers() {}

  static PortalReply read(int status, byte[] body) {
    return switch (status) {
      case 200 -> operator(body);
      case 404 -> notFound(body);
      case 401, 498 -> new Expired(status);
      case 403 -> new Blocked("403 from the portal");
      default -> new Broken(status + " from the portal");
    };
  }

  private static PortalReply operator(byte[] body) {
    var fields = parse(body);
    if (fields == null || !fields.named) {
      return looksLikeHtml(body)
          ? new Blocked("a page in place of an answer")
          : new Broken("malformed answer");
    }
    return new Answered(Operators.judge(fields.name, fields.tradeName, fields.operatorId));
  }

  // Only these words mean a line of DIGI's own; a moved path and a gateway answer 404 as well
  private static PortalReply notFound(byte[] body) {
    var fields = parse(body);
    return fields != null && fields.message != null && fields.message.strip().equals(NOT_FOUND)
        ? new Answered(new Answer.Found(Operators.DIGI))
        : new Broken("404 from the portal");
  }

  private static @Nullable Fields parse(byte[] body) {
    try (var parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      var fields = new Fields();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        parser.nextToken();
        if (!take(fields, name, parser)) {
          return null;
        }
      }
      return parser.nextToken() == null ? fields : null; // nothing may follow the object
    } catch (IOException _) {
      return null; // not JSON, which is what the caller is told
    }
  }

  /** False if a field that matters is not of its type. */
  private static boolean take(Fields fields, String name, JsonParser parser) throws IOException {
    var token = parser.currentToken();
    var text = token == JsonToken.VALUE_STRING ? parser.getText() : null;
    boolean textual = token == JsonToken.VALUE_NULL || (text != null && text.length() <= LONGEST);
    switch (name) {
      case "name" -> {
        fields.name = text;
        fields.named = true;
        return textual;
      }
      case "tradeName" -> {
        fields.tradeName = text;
        fields.named = true;
        return textual;
      }
      case "operatorId" -> {
        fields.operatorId = token == JsonToken.VALUE_NUMBER_INT ? parser.getText() : text;
        return textual || token == JsonToken.VALUE_NUMBER_INT;
      }
      case "message" -> fields.message = text;
      default -> {}
    }
    parser.skipChildren();
    return true;
  }

  private static boolean looksLikeHtml(byte[] body) {
    for (var b : body) {
      if (b > ' ') {
        return b == '<';
      }
    }
    return false;
  }
}
