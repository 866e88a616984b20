package io.centralita.webhooks;

import io.centralita.http.ProblemException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an endpoint is said to be, checked: faults by the name of the field, never with its value.
 */
final class EndpointInput {
  /** For every event. */
  static final String EVERYTHING = "*";

  private static final int LONGEST_URL = 2000;
  private static final int LONGEST_DESCRIPTION = 500;
  private static final int MOST_EVENTS = 50;

  private EndpointInput() {}

  /**
   * The URL as it is kept.
   *
   * @param httpAllowed whether it may do without TLS
   */
  static String url(String text, boolean httpAllowed) {
    if (text.length() > LONGEST_URL) {
      throw wrong("longer than " + LONGEST_URL + " characters");
    }
    var uri = parsed(text);
    var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw wrong("expected https://…");
    }
    if (scheme.equals("http") && !httpAllowed) {
      throw wrong("expected https://…: centralita.webhooks.allow-http forbids http");
    }
    if (uri.getHost() == null || uri.getHost().isEmpty()) {
      throw wrong("it names no host");
    }
    if (uri.getRawUserInfo() != null || text.contains("@")) {
      throw wrong("has a user name or password: receivers know us by the signature");
    }
    if (uri.getRawFragment() != null) {
      throw wrong("has a fragment, which is never sent");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw wrong("the port is not between 1 and 65535");
    }
    return text;
  }

  private static URI parsed(String text) {
    if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw wrong("has characters that a URL has percent-encoded");
    }
    try {
      return new URI(text);
    } catch (URISyntaxException _) { // which repeats the text
      throw wrong("not a URL");
    }
  }

  private static ProblemException wrong(String reason) {
    return ProblemException.badRequest("url", reason);
  }

  /**
   * The types of events as they are kept.
   *
   * @param known those that there are
   */
  static List<String> events(List<String> types, Set<String> known) {
    if (types.isEmpty()
        || types.size() > MOST_EVENTS
        || !types.stream().allMatch(type -> type.equals(EVERYTHING) || known.contains(type))) {
      throw ProblemException.badRequest(
          "events",
          "expected some of " + String.join(", ", new TreeSet<>(known)) + ", or * for all");
    }
    return types.stream().distinct().sorted().toList();
  }

  static String description(String text) {
    if (text.length() > LONGEST_DESCRIPTION) {
      throw ProblemException.badRequest(
          "description", "longer than " + LONGEST_DESCRIPTION + " characters");
    }
    return text;
  }
}
