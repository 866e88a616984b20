package io.centralita.outside;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Addresses that are nobody's in the public network: a call to one of them goes into the network
 * that the node itself stands in, or nowhere. IPv6 addresses that stand for an IPv4 one count as
 * that one.
 */
public final class PrivateAddresses {
  private PrivateAddresses() {}

  /** Whether it is loopback, private, link-local, shared, multicast, reserved or unspecified. */
  public static boolean contains(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || (address instanceof Inet4Address
            ? isReserved4(address.getAddress(), 0)
            : isReserved6(address.getAddress()));
  }

  // RFC 6890, the blocks that the JDK does not know
  private static boolean isReserved4(byte[] bytes, int from) {
    int a = bytes[from] & 0xff;
    int b = bytes[from + 1] & 0xff;
    int c = bytes[from + 2] & 0xff;
    return a == 0
        || a == 10
        || a == 127
        || (a == 100 && (b & 0xc0) == 64) // RFC 6598, carriers
        || (a == 169 && b == 254)
        || (a == 172 && (b & 0xf0) == 16)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 168)
        || (a == 198 && (b & 0xfe) == 18)
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113)
        || a >= 224;
  }

  // Only 2000::/3 is given out, and RFC 6052 (64:ff9b::a.b.c.d) leads to IPv4.
  private static boolean isReserved6(byte[] bytes) {
    int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    int second = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    return switch (first) {
      case 0x64 -> second != 0xff9b || !zero(bytes, 4, 12) || isReserved4(bytes, 12);
      case 0x2001 -> second < 0x200 || second == 0xdb8; // Teredo and others; documentation
      case 0x2002 -> isReserved4(bytes, 2); // RFC 3056, 6to4
      default -> (first & 0xe000) != 0x2000;
    };
  }

  private static boolean zero(byte[] bytes, int from, int to) {
    for (var i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
