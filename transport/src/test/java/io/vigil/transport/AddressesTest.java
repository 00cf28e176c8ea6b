package io.vigil.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "::1, ::1",
    "::, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "fe80:0:0:0:1:0:0:2, fe80::1:0:0:2",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0DB8:0:0:1::1, 2001:db8::1:0:0:1",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
  })
  void printsAsInetNtop(String literal, String expected) {
    assertThat(Addresses.numeric(InetAddress.ofLiteral(literal))).isEqualTo(expected);
  }

  @Test
  void bracketsOnlyIpv6() {
    assertThat(Addresses.text(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 80)))
        .isEqualTo("10.0.0.1:80");
    assertThat(Addresses.text(new InetSocketAddress(InetAddress.ofLiteral("::1"), 80)))
        .isEqualTo("[::1]:80");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,true",
    "::1,true",
    "localhost,false",
    "1,false",
    "1.2.3,false",
    "1.2.3.999,false"
  })
  void tellsDigitsFromNames(String host, boolean literal) {
    assertThat(Addresses.literal(host) != null).isEqualTo(literal);
  }
}
