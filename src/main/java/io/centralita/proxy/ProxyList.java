package io.centralita.proxy;

import io.centralita.http.ProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider's list of proxies, one a line: {@code host:port:user:password}, {@code
 * user:password@host:port}, {@code socks5://user:password@host:port} or {@code host:port}. Empty
 * lines and those that begin with # are passed over.
 */
final class ProxyList {

  /** A line that is a proxy, or why it is none. */
  sealed interface Line {
    int number();

    record Good(int number, NewProxy proxy) implements Line {}

    record Bad(int number, String reason) implements Line {}
  }

  private record Parts(
      String host, String port, @Nullable String username, @Nullable String password) {}

  private ProxyList() {}

  /**
   * The lines that say something.
   *
   * @param user whose the proxies are; null for everybody's
   */
  static List<Line> parse(String text, @Nullable String user) {
    var lines = new ArrayList<Line>();
    var number = 0;
    for (var line : text.split("\\R", -1)) {
      number++;
      var said = number == 1 ? line.replace("\uFEFF", "").strip() : line.strip();
      if (!said.isEmpty() && !said.startsWith("#")) {
        lines.add(parse(number, said, user));
      }
    }
    return List.copyOf(lines);
  }

  private static Line parse(int number, String line, @Nullable String user) {
    try {
      var parts = parts(line);
      if (!parts.port().matches("[0-9]{1,5}")) {
        return new Line.Bad(number, "the port is not a number from 1 to 65535");
      }
      var port = Integer.parseInt(parts.port());
      return new Line.Good(
          number,
          ProxyInput.check(
              parts.host(),
              port,
              port,
              parts.username(),
              parts.password(),
              user,
              null,
              null,
              null));
    } catch (ProblemException e) {
      return new Line.Bad(number, e.problem().detail());
    } catch (IllegalArgumentException e) {
      return new Line.Bad(number, String.valueOf(e.getMessage()));
    }
  }

  private static Parts parts(String line) {
    int scheme = line.indexOf("://");
    if (scheme >= 0) {
      if (!List.of("socks5", "socks5h").contains(line.substring(0, scheme))) {
        throw new IllegalArgumentException("only socks5:// proxies are used");
      }
      var url = line.substring(scheme + 3);
      return withAt(url.endsWith("/") ? url.substring(0, url.length() - 1) : url, true);
    }
    if (line.contains("@")) {
      return withAt(line, false);
    }
    // A password may hold colons; a host may not, unless in brackets
    var host = line.startsWith("[") ? line.indexOf(']') + 1 : 0;
    int colon = line.indexOf(':', host);
    if (colon < 0) {
      throw new IllegalArgumentException("the port is missing");
    }
    var rest = line.substring(colon + 1).split(":", 3);
    return switch (rest.length) {
      case 1 -> new Parts(line.substring(0, colon), rest[0], null, null);
      case 2 -> throw new IllegalArgumentException("the password is missing");
      default -> new Parts(line.substring(0, colon), rest[0], rest[1], rest[2]);
    };
  }

  private static Parts withAt(String text, boolean encoded) {
    int at = text.lastIndexOf('@');
    var address = text.substring(at + 1);
    int colon = address.lastIndexOf(':');
    if (colon < 0 || address.endsWith("]")) {
      throw new IllegalArgumentException("the port is missing");
    }
    var host = address.substring(0, colon);
    var port = address.substring(colon + 1);
    if (at < 0) {
      return new Parts(host, port, null, null);
    }
    var login = text.substring(0, at);
    int split = login.indexOf(':');
    if (split < 0) {
      throw new IllegalArgumentException("the password is missing");
    }
    var name = login.substring(0, split);
    var password = login.substring(split + 1);
    return encoded
        ? new Parts(host, port, decoded(name), decoded(password))
        : new Parts(host, port, name, password);
  }

  private static String decoded(String part) {
    try {
      // URLDecoder reads forms, where a plus is a blank; here a plus is a plus
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      // the cause would quote the text
      throw new IllegalArgumentException("the user name or the password is not percent-encoded");
    }
  }
}
