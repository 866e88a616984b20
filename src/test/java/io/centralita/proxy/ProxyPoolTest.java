package io.centralita.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.outside.Socks5;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProxyPoolTest {

  private static Socks5 proxy(String host, String user) {
    return new Socks5(host, 1080, user, "secret");
  }

  private static Socks5 next(ProxyPool pool) {
    var proxy = pool.next().proxy();
    assertNotNull(proxy);
    return proxy;
  }

  private static String userFrom(String configured) {
    return next(new ProxyPool(List.of(proxy("h", configured)), new Random(1))).user();
  }

  @Test
  void next_severalProxies_takesThemInTurn() {
    var pool =
        new ProxyPool(List.of(proxy("a", "x"), proxy("b", "x"), proxy("c", "x")), new Random(1));

    assertEquals(
        List.of("a", "b", "c", "a"), Stream.generate(() -> next(pool).host()).limit(4).toList());
  }

  @Test
  void next_residentialUser_namesASessionOfItsOwn() {
    assertTrue(
        userFrom("user-acme").matches("user-acme-region-es-sessid-[a-z0-9]{12}-sesstime-10"));
    assertTrue(
        userFrom("user-acme-region-pt")
            .matches("user-acme-region-pt-sessid-[a-z0-9]{12}-sesstime-10"));
  }

  @Test
  void next_manyLeases_neverNameTheSameSession() {
    var pool = new ProxyPool(List.of(proxy("h", "user-acme")), new Random(1));
    var users = new HashSet<String>();
    for (int i = 0; i < 10_000; i++) {
      assertTrue(users.add(next(pool).user()));
    }
  }

  @Test
  void next_otherUser_isTakenAsItIs() {
    assertEquals("plain", userFrom("plain"));
    assertEquals("user-a-sessid-mine-sesstime-5", userFrom("user-a-sessid-mine-sesstime-5"));
  }

  @Test
  void next_noProxies_goesStraight() {
    assertEquals(Lease.DIRECT, ProxyPool.direct().next());
    assertNotEquals(Lease.DIRECT, new ProxyPool(List.of(proxy("h", "x")), new Random(1)).next());
  }

  @Test
  void pool_userTooLongWithASession_isRefusedAtOnce() {
    var proxies = List.of(proxy("h", "user-" + "x".repeat(240)));
    assertThrows(IllegalArgumentException.class, () -> new ProxyPool(proxies, new Random(1)));
  }
}
