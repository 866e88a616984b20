package io.centralita.ops;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import io.centralita.access.Authenticated;
import io.centralita.http.Parameters;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /metrics}, for administrators: it tells of everybody's work. */
record MetricsRoute(Readings readings, Authenticated authenticated) {
  private static final ContentType.WithFixedCharset PROMETHEUS =
      ContentTypes.create(
          MediaTypes.customWithFixedCharset(
              "text", "plain", HttpCharsets.UTF_8, Map.of("version", "0.0.4"), false));

  Route route() {
    return path(
        "metrics",
        () ->
            get(
                () ->
                    authenticated.asAdmin(
                        (_, request) -> {
                          Parameters.of(request);
                          return onSuccess(readings.text(), MetricsRoute::answer);
                        })));
  }

  private static Route answer(String text) {
    return complete(
        HttpResponse.create()
            .withEntity(HttpEntities.create(PROMETHEUS, text.getBytes(StandardCharsets.UTF_8))));
  }
}
