package io.vigil.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BigBytesTest {
  private final Allocator allocator = new Allocator(new MemoryAccount(Long.MAX_VALUE), true);
  private final BigBytes big = new BigBytes(allocator);

  private static byte[] random(Rng rng, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) rng.nextLong();
    }
    return bytes;
  }

  private byte[] content(long root) {
    byte[] bytes = new byte[(int) big.length(root)];
    big.read(root, 0, bytes, 0, bytes.length);
    return bytes;
  }

  @Test
  void growsAndIsOverwrittenAsAnArray() {
    Rng rng = new Rng(1);
    byte[] twin = random(rng, 5);
    long root = big.create(twin, 0, twin.length);
    for (int i = 0; i < 300; i++) {
      int length = twin.length + rng.nextInt(i % 10 == 0 ? 40_000 : 500);
      root = big.grow(root, length);
      twin = Arrays.copyOf(twin, length);
      int at = rng.nextInt(length);
      byte[] change = random(rng, Math.min(length - at, rng.nextInt(20_000)));
      big.write(root, at, change, 0, change.length);
      System.arraycopy(change, 0, twin, at, change.length);
    }
    assertThat(Arrays.equals(content(root), twin)).isTrue();
    assertThat(big.equal(root, twin, 0, twin.length)).isTrue();
    twin[twin.length - 1]++;
    assertThat(big.equal(root, twin, 0, twin.length)).isFalse();
    assertThat(big.blockBytes(root)).isEqualTo(allocator.ownedBytes());
    big.free(root);
    assertThat(allocator.ownedBytes()).isZero();
  }

  @Test
  void reachesTheSecondLevelOfTheIndex() {
    long edge = 2039L * BigBytes.CHUNK_BYTES;
    long root = big.create(edge);
    for (long length :
        new long[] {
          edge + 1, edge + BigBytes.CHUNK_BYTES, edge + BigBytes.CHUNK_BYTES + 1, 70L << 20
        }) {
      root = big.grow(root, length);
      big.putByte(root, length - 1, (int) (length % 251) + 1);
      assertThat(big.length(root)).isEqualTo(length);
      assertThat(big.getByte(root, length - 1)).isEqualTo((int) (length % 251) + 1);
      assertThat(big.blockBytes(root)).isEqualTo(allocator.ownedBytes());
    }
    assertThat(big.getByte(root, edge)).isEqualTo((int) ((edge + 1) % 251) + 1);
    long copy = big.duplicate(root);
    big.putByte(root, 5, 9);
    assertThat(big.getByte(copy, 5)).isZero();
    big.free(root);
    assertThat(big.getByte(copy, edge)).isEqualTo((int) ((edge + 1) % 251) + 1);
    big.free(copy);
    assertThat(allocator.ownedBytes()).isZero();
  }

  @Test
  void aDuplicateKeepsItsBytes() {
    Rng rng = new Rng(2);
    byte[] first = random(rng, 100_000);
    long root = big.create(first, 0, first.length);
    long copy = big.duplicate(root);
    byte[] change = random(rng, 30_000);
    big.write(root, 1000, change, 0, change.length);
    root = big.grow(root, 120_000);
    assertThat(Arrays.equals(content(copy), first)).isTrue();
    byte[] expected = Arrays.copyOf(first, 120_000);
    System.arraycopy(change, 0, expected, 1000, change.length);
    assertThat(Arrays.equals(content(root), expected)).isTrue();
    big.free(copy);
    assertThat(Arrays.equals(content(root), expected)).isTrue();
    big.free(root);
    assertThat(allocator.ownedBytes()).isZero();
  }
}
