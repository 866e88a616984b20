package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivateAddressesTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.255.255.254, true",
    "2130706433, true", // 127.0.0.1, as a number
    "127.1, true",
    "0.0.0.0, true",
    "0.1.2.3, true",
    "10.0.0.1, true",
    "172.16.0.1, true",
    "172.31.255.255, true",
    "172.32.0.1, false",
    "192.168.1.1, true",
    "192.169.1.1, false",
    "169.254.169.254, true", // metadata
    "100.64.0.1, true",
    "100.127.255.255, true",
    "100.128.0.1, false",
    "192.0.0.8, true",
    "192.0.2.1, true",
    "198.18.0.1, true",
    "198.20.0.1, false",
    "198.51.100.1, true",
    "203.0.113.1, true",
    "224.0.0.1, true",
    "240.0.0.1, true",
    "255.255.255.255, true",
    "8.8.8.8, false",
    "::, true",
    "::1, true",
    "::ffff:127.0.0.1, true",
    "::ffff:10.0.0.1, true",
    "::ffff:8.8.8.8, false",
    "::127.0.0.1, true",
    "fe80::1, true",
    "fec0::1, true",
    "fc00::1, true",
    "fd12:3456::1, true",
    "fd00:ec2::254, true", // metadata
    "ff02::1, true",
    "64:ff9b::10.0.0.1, true",
    "64:ff9b::8.8.8.8, false",
    "64:ff9b:1::1, true",
    "2002:7f00:1::1, true",
    "2002:a00:1::1, true",
    "2002:808:808::1, false",
    "2001:0:1::1, true",
    "2001:db8::1, true",
    "2606:4700::1111, false",
    "2001:4860:4860::8888, false",
  })
  void contains_everyKind(String address, boolean expected) throws UnknownHostException {
    assertEquals(expected, PrivateAddresses.contains(InetAddress.getAllByName(address)[0]));
  }
}
