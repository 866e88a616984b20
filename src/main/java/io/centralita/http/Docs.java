package io.centralita.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.encodeResponse;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.getFromResource;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.pathSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.respondWithHeaders;

import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /openapi.yaml}, and {@code /docs}: Swagger UI over it. */
public final class Docs {
  private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/5.34.1/";
  private static final List<String> WEBJAR_FILES =
      List.of(
          "swagger-ui.css",
          "swagger-ui-bundle.js",
          "swagger-ui-standalone-preset.js",
          "index.css",
          "favicon-16x16.png",
          "favicon-32x32.png");
  private static final String OWN = "io/centralita/http/";

  private static final ContentType YAML =
      ContentTypes.create(
          MediaTypes.customWithFixedCharset(
              "application", "yaml", HttpCharsets.UTF_8, java.util.Map.of(), false));

  // Swagger UI sets styles in its markup and draws its icons from data URIs; scripts are files.
  private static final List<HttpHeader> HEADERS =
      List.of(
          RawHeader.create(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                  + " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"),
          RawHeader.create("Cache-Control", "no-cache"));

  private Docs() {}

  public static Route route() {
    return concat(
        path(
            "openapi.yaml",
            () -> get(() -> encodeResponse(() -> getFromResource("http/openapi.yaml", YAML)))),
        pathPrefix(
            "docs",
            () ->
                get(
                    () ->
                        respondWithHeaders(
                            HEADERS,
                            () -> encodeResponse(() -> concat(page(), own(), webjar()))))));
  }

  // The page is at /docs; its links are relative to that, so that a proxy may put it elsewhere.
  private static Route page() {
    return concat(
        pathEnd(() -> getFromResource(OWN + "docs.html", ContentTypes.TEXT_HTML_UTF8)),
        pathSingleSlash(
            () ->
                complete(
                    HttpResponse.create()
                        .withStatus(302)
                        .addHeader(RawHeader.create("Location", "../docs")))));
  }

  private static Route own() {
    return path("docs.js", () -> getFromResource(OWN + "docs.js"));
  }

  private static Route webjar() {
    return WEBJAR_FILES.stream()
        .map(file -> path(file, () -> getFromResource(WEBJAR + file)))
        .reduce(Directives.reject(), Route::orElse);
  }
}
