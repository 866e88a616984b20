package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookiesTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Cookies cookies = new Cookies();

  private void accept(String... setCookies) {
    cookies.accept(List.of(setCookies), NOW);
  }

  @Test
  void accept_severalCookies_sendsThemInOrder() {
    accept("a=1; Path=/; HttpOnly", "b=\"x=y\"; Secure", "a=2; Max-Age=60");
    assertEquals("a=2; b=\"x=y\"", cookies.header());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=; Max-Age=0",
        "a=x; max-age=-1",
        "a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "a=x; Path=/; expires=Thu, 01-Jan-1970 00:00:00 GMT; Secure",
        "a=x; Max-Age=0; Expires=Fri, 01 Jan 2027 00:00:00 GMT"
      })
  void accept_cookieGone_removesIt(String removal) {
    accept("a=1", "b=2");
    accept(removal);
    assertEquals("b=2", cookies.header());
  }

  @Test
  void accept_cookieThatStays_keepsIt() {
    accept(
        "a=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT",
        "b=2; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "c=3; Expires=whenever");
    assertEquals("a=1; b=2; c=3", cookies.header());
  }

  @Test
  void accept_whatCannotBeSentBack_isPassedOver() {
    accept("", "=x", "novalue", "bad\u0001=x", "ñ=1", "long=" + "x".repeat(5000), "ok=1");
    assertEquals("ok=1", cookies.header());
  }

  @Test
  void accept_flood_isBounded() {
    IntStream.range(0, 1000).forEach(i -> accept("c" + i + "=1"));
    accept("c0=2");
    assertEquals(50, cookies.header().split("; ", -1).length);
    assertEquals("c0=2", cookies.header().split("; ", -1)[0]);
  }
}
