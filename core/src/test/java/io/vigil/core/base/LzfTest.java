package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class LzfTest {
  private final Lzf lzf = new Lzf();

  private byte[] pack(byte[] plain) {
    byte[] target = new byte[plain.length];
    int size = lzf.compress(plain, 0, plain.length, target, plain.length);
    return Arrays.copyOf(target, size);
  }

  @Test
  void packsARunAsRedisDoes() {
    byte[] plain = "a".repeat(100).getBytes(StandardCharsets.ISO_8859_1);
    // From DUMP of redis-server 7.0.15.
    assertThat(HexFormat.of().formatHex(pack(plain))).isEqualTo("016161e05700016161");
  }

  @Test
  void everyStringComesBackAndTheTableMayBeDirty() {
    Rng rng = new Rng(42);
    for (int round = 0; round < 5_000; round++) {
      byte[] plain = new byte[1 + rng.nextInt(600)];
      int alphabet = 1 + rng.nextInt(6);
      for (int i = 0; i < plain.length; i++) {
        plain[i] = (byte) rng.nextInt(alphabet);
      }
      byte[] packed = pack(plain);
      if (packed.length > 0) {
        byte[] back = new byte[plain.length];
        assertThat(Lzf.expand(packed, 0, packed.length, back, 0, back.length)).isTrue();
        assertThat(back).isEqualTo(plain);
      }
    }
  }

  @Test
  void theResultDoesNotDependOnWhatWasPackedBefore() {
    Rng rng = new Rng(7);
    for (int round = 0; round < 500; round++) {
      byte[] plain = new byte[21 + rng.nextInt(200)];
      for (int i = 0; i < plain.length; i++) {
        plain[i] = (byte) ('a' + rng.nextInt(3));
      }
      byte[] fresh = new byte[plain.length];
      int size = new Lzf().compress(plain, 0, plain.length, fresh, plain.length);
      assertThat(pack(plain)).isEqualTo(Arrays.copyOf(fresh, size));
    }
  }

  @Test
  void refusesWhatIsMalformed() {
    byte[] target = new byte[64];
    // A literal run longer than the input, a copy from before the start, a copy beyond the limit, a
    // cut copy.
    for (byte[] bad :
        new byte[][] {{5, 'a'}, {0, 'a', 0x20, 9}, {0, 'a', (byte) 0xE0, 100, 0}, {0, 'a', 0x20}}) {
      assertThat(Lzf.expand(bad, 0, bad.length, target, 0, target.length)).isFalse();
    }
  }
}
