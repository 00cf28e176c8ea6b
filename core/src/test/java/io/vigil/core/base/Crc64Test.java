package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Crc64Test {
  @Test
  void hasTheCheckValueOfTheJonesPolynomial() {
    byte[] text = "123456789".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Crc64.update(0, text, 0, text.length)).isEqualTo(0xe9c6d914c4b8d9caL);
  }

  @Test
  void piecesGiveTheSameAsTheWhole() {
    byte[] bytes = new byte[1000];
    Rng rng = new Rng(1);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) rng.nextLong();
    }
    long whole = Crc64.update(0, bytes, 0, bytes.length);
    for (int cut = 0; cut <= bytes.length; cut++) {
      long checksum = Crc64.update(0, bytes, 0, cut);
      assertThat(Crc64.update(checksum, bytes, cut, bytes.length - cut)).isEqualTo(whole);
    }
  }
}
