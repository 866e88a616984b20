package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Socks5Test {

  @Test
  void parse_severalUrls_readsEach() {
    var proxies =
        Socks5.parse(
            "socks5://user-a:p%40ss%2Cword@eu.proxy.test:12233, socks5://10.0.0.1:1080,"
                + "socks5h://u+1:x%3Ay@[::1]:1081/,");

    assertEquals(
        List.of(
            new Socks5("eu.proxy.test", 12233, "user-a", "p@ss,word"),
            new Socks5("10.0.0.1", 1080, "", ""),
            new Socks5("::1", 1081, "u+1", "x:y")),
        proxies);
  }

  @Test
  void parse_nothing_isNoProxy() {
    assertEquals(List.of(), Socks5.parse(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "http://u:secret@h:1,it does not begin with socks5://",
    "socks5://u:secret@h,the port is missing",
    "socks5://u:secret@h:port,the port is not a number",
    "socks5://u:secret@h:70000,the port is not between 1 and 65535",
    "socks5://u:secret@:80,the host is missing",
    "socks5://secret@h:80,the password is missing",
    "socks5://u:secret%zz@h:80,the user name or the password is not percent-encoded"
  })
  void parse_wrongUrl_saysWhichAndWhyWithoutThePassword(String url, String why) {
    var refused =
        assertThrows(IllegalArgumentException.class, () -> Socks5.parse("socks5://a:b@h:1," + url));

    assertEquals("proxy 2: " + why, refused.getMessage());
    assertFalse(String.valueOf(refused.getCause()).contains("secret"));
  }

  @Test
  void toString_withPassword_hidesIt() {
    assertEquals("socks5://me:***@h:1", new Socks5("h", 1, "me", "secret").toString());
  }
}
