package io.centralita.lookup;

import io.centralita.outside.Headers;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The portal's addresses, and the headers that a browser would send to each; built once. */
final class PortalPages {

  private static final String BROWSER =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/140.0.0.0 Safari/537.36";
  private static final String LANGUAGES = "es-ES,es;q=0.9";
  private static final String ENCODINGS = "gzip, deflate";

  private final URI home;
  private final URI logIn;
  private final String lines;
  private final Headers homeHeaders;
  private final Headers apiHeaders;

  PortalPages(URI web, URI api) {
    var webBase = withoutSlash(web);
    var apiBase = withoutSlash(api);
    this.home = URI.create(webBase + "/");
    this.logIn = URI.create(apiBase + "/v2/login/online");
    this.lines = apiBase + "/v2/operators/by-line-code/";
    this.homeHeaders =
        Headers.of(
            "User-Agent", BROWSER,
            "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language", LANGUAGES,
            "Accept-Encoding", ENCODINGS,
            "Upgrade-Insecure-Requests", "1");
    this.apiHeaders =
        Headers.of(
            "User-Agent",
            BROWSER,
            "Accept",
            "application/json, text/plain, */*",
            "Accept-Language",
            LANGUAGES,
            "Accept-Encoding",
            ENCODINGS,
            "Origin",
            web.getScheme() + "://" + web.getAuthority(),
            "Referer",
            webBase + "/");
  }

  URI home() {
    return home;
  }

  URI logIn() {
    return logIn;
  }

  URI line(int number) {
    return URI.create(lines + number);
  }

  Headers homeHeaders() {
    return homeHeaders;
  }

  Headers apiHeaders() {
    return apiHeaders;
  }

  /** Where a redirect leads, null if that is another host, or from TLS to none. */
  static @Nullable URI redirect(URI from, String location) {
    try {
      var to = from.resolve(location);
      var scheme = to.getScheme();
      boolean web = "https".equals(scheme) || "http".equals(scheme);
      boolean weaker = "https".equals(from.getScheme()) && !"https".equals(scheme);
      return web && !weaker && from.getHost().equalsIgnoreCase(to.getHost()) ? to : null;
    } catch (IllegalArgumentException _) {
      return null; // not a URL, so it leads nowhere
    }
  }

  private static String withoutSlash(URI base) {
    var text = base.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
