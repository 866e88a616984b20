package io.centralita.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.centralita.http.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointInputTest {

  @Test
  void url_thatMayBeCalled_passes() {
    for (var url :
        List.of(
            "https://example.net",
            "https://example.net:8443/a?b=c",
            "HTTPS://example.net/",
            "https://[2606:4700::1111]/")) {
      assertEquals(url, EndpointInput.url(url, false));
    }
    assertEquals("http://example.net/", EndpointInput.url("http://example.net/", true));
  }

  @Test
  void url_otherwise_isRefusedWithoutRepeatingIt() {
    for (var url :
        List.of(
            "http://secret.example.net/",
            "ftp://secret.example.net/",
            "file:///etc/secret",
            "https:///secret",
            "https:secret",
            "secret",
            "",
            "https://u:secret@example.net/",
            "https://secret@example.net/",
            "https://example.net\\@secret/",
            "https://example.net/#secret",
            "https://example.net/secret path",
            "https://example.net:99999/secret",
            "https://example.net/\u00e9secret",
            "https://example.net/" + "secret".repeat(400))) {
      var refused = assertThrows(ProblemException.class, () -> EndpointInput.url(url, false), url);
      assertEquals(400, refused.problem().status());
      assertEquals(-1, refused.problem().detail().indexOf("secret"), url);
    }
  }
}
