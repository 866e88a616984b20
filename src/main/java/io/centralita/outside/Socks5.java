package io.centralita.outside;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One SOCKS5 proxy and who we are to it (RFC 1928, 1929). Without a user name no authentication is
 * offered.
 */
public record Socks5(String host, int port, String user, String password) {

  private static final int MAX_BYTES = 255; // RFC 1929 counts each in one byte

  public Socks5 {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the host is missing");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("the port is not between 1 and 65535");
    }
    if (user.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new IllegalArgumentException("the user name is longer than 255 bytes");
    }
    if (password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new IllegalArgumentException("the password is longer than 255 bytes");
    }
    if (user.isEmpty() != password.isEmpty()) {
      throw new IllegalArgumentException("a user name and a password come together or not at all");
    }
  }

  /**
   * Proxies from {@code socks5://user:password@host:port,…}; user name and password may be percent
   * encoded, and must be where they hold a comma, a colon, an at sign or a percent sign.
   *
   * @throws IllegalArgumentException saying which entry is wrong and why, without its password
   */
  public static List<Socks5> parse(String csvOfUrls) {
    var proxies = new ArrayList<Socks5>();
    int entry = 0;
    for (var url : csvOfUrls.split(",", -1)) {
      entry++;
      if (url.isBlank()) {
        continue; // a list may end with a comma
      }
      try {
        proxies.add(one(url.strip()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("proxy " + entry + ": " + e.getMessage(), e);
      }
    }
    return List.copyOf(proxies);
  }

  private static Socks5 one(String url) {
    int scheme = url.indexOf("://");
    if (scheme < 0 || !List.of("socks5", "socks5h").contains(url.substring(0, scheme))) {
      throw new IllegalArgumentException("it does not begin with socks5://");
    }
    var rest = url.substring(scheme + 3);
    int at = rest.lastIndexOf('@');
    var address = rest.substring(at + 1);
    if (address.endsWith("/")) {
      address = address.substring(0, address.length() - 1);
    }
    int colon = address.lastIndexOf(':');
    if (colon < 0 || address.endsWith("]")) {
      throw new IllegalArgumentException("the port is missing");
    }
    var host = address.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = port(address.substring(colon + 1));
    if (at < 0) {
      return new Socks5(host, port, "", "");
    }
    var login = rest.substring(0, at);
    int split = login.indexOf(':');
    if (split < 0) {
      throw new IllegalArgumentException("the password is missing");
    }
    return new Socks5(
        host, port, decoded(login.substring(0, split)), decoded(login.substring(split + 1)));
  }

  private static int port(String digits) {
    if (!digits.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("the port is not a number");
    }
    return Integer.parseInt(digits);
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

  /** This proxy under another user name. */
  public Socks5 as(String otherUser) {
    return new Socks5(host, port, otherUser, password);
  }

  @Override
  public String toString() {
    return "socks5://" + (user.isEmpty() ? "" : user + ":***@") + host + ":" + port;
  }
}
