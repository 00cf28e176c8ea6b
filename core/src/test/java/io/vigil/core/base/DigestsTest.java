package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

/** Checksums and hashes against published vectors. */
class DigestsTest {
  private static final byte[] NINE_DIGITS = "123456789".getBytes(StandardCharsets.US_ASCII);

  private static byte[] random(Rng rng, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) rng.nextInt(256);
    }
    return bytes;
  }

  @Test
  void crc16OfTheSpecificationOfClusters() {
    assertThat(Crc16.of(NINE_DIGITS, 0, 9)).isEqualTo(0x31C3);
  }

  /** Computed with the siphash.c of Redis 7.0.15 for the key 00 01 .. 0f. */
  @Test
  void sipHashIsOneTwo() {
    SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    byte[] bytes = new byte[15];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    assertThat(Long.toHexString(hash.hash(bytes, 0, 15))).isEqualTo("ec8f61bc1c8966a6");
    assertThat(Long.toHexString(hash.hash(bytes, 0, 8))).isEqualTo("606845b4d093af74");
    assertThat(Long.toHexString(hash.hash(bytes, 0, 0))).isEqualTo("cea28b51565c12e2");
  }

  @Test
  void sha1IsThatOfThePlatform() throws Exception {
    Rng rng = new Rng(2);
    for (int length = 0; length < 300; length++) {
      byte[] bytes = random(rng, length);
      assertThat(Sha1.of(bytes, 0, length))
          .isEqualTo(MessageDigest.getInstance("SHA-1").digest(bytes));
    }
  }

  @Test
  void sha1InPartsIsTheSameAndStartsOver() {
    Rng rng = new Rng(3);
    Sha1 sha = new Sha1();
    for (int round = 0; round < 50; round++) {
      byte[] bytes = random(rng, rng.nextInt(500));
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(1 + rng.nextInt(100), bytes.length - at);
        sha.update(bytes, at, length);
        at += length;
      }
      byte[] digest = new byte[20];
      sha.digest(digest, 0);
      assertThat(digest).isEqualTo(Sha1.of(bytes, 0, bytes.length));
    }
  }
}
