package io.vigil.core.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputBufferTest {
  private static byte[] bytes(Rng rng, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) rng.nextInt(256);
    }
    return bytes;
  }

  private static byte[] take(OutputBuffer buffer, int length) {
    byte[] out = new byte[length];
    assertThat(buffer.peek(out, 0, length)).isEqualTo(length);
    int slice = Math.min(length, buffer.headLength());
    for (int i = 0; i < slice; i++) {
      assertThat(buffer.headArray()[buffer.headOffset() + i]).isEqualTo(out[i]);
    }
    buffer.consume(length);
    return out;
  }

  /** Random writes, shared slices and gaps come out in order, whatever the sizes of the reads. */
  @Test
  void bytesComeOutInOrder() {
    for (int seed = 0; seed < 200; seed++) {
      Rng rng = new Rng(seed);
      BlockPool pool = new BlockPool(4);
      OutputBuffer buffer = new OutputBuffer(pool);
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      int read = 0;
      for (int step = 0; step < 60; step++) {
        write(rng, buffer, expected);
        assertThat(buffer.pendingBytes()).isEqualTo(expected.size() - read);
        if (rng.nextInt(3) == 0 && !buffer.isEmpty()) {
          int length = 1 + rng.nextInt((int) Math.min(buffer.pendingBytes(), 70_000));
          byte[] part = take(buffer, length);
          assertThat(part)
              .isEqualTo(java.util.Arrays.copyOfRange(expected.toByteArray(), read, read + length));
          read += length;
        }
      }
      buffer.consume(buffer.pendingBytes());
      assertIdle(buffer);
    }
  }

  /**
   * What piles up goes into few large blocks, gaps and shared slices among it, and comes out whole.
   */
  @Test
  void aPileIsKeptInLargeBlocks() {
    Rng rng = new Rng(5);
    BlockPool pool = new BlockPool(4);
    OutputBuffer buffer = new OutputBuffer(pool);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    byte[] part = bytes(rng, 300_000);
    while (expected.size() < 30_000_000) {
      OutputBuffer.Gap gap = rng.nextInt(10) == 0 ? buffer.gap() : null;
      if (gap != null) {
        buffer.fill(gap, new byte[] {1, 2, 3});
        expected.writeBytes(new byte[] {1, 2, 3});
      }
      buffer.write(part);
      expected.writeBytes(part);
    }
    assertThat(buffer.blockCount()).isLessThan(150);
    assertThat(buffer.heldBytes() - buffer.pendingBytes())
        .isLessThan(OutputBuffer.LARGE_BLOCK_BYTES);
    byte[] out = new byte[expected.size()];
    for (int at = 0; at < out.length; ) {
      byte[] next = take(buffer, Math.min(70_000, out.length - at));
      System.arraycopy(next, 0, out, at, next.length);
      at += next.length;
    }
    assertThat(out).isEqualTo(expected.toByteArray());
    assertIdle(buffer);
    buffer.write(part, 0, 100);
    assertThat(buffer.heldBytes()).isEqualTo(OutputBuffer.BLOCK_BYTES);
  }

  private static void write(Rng rng, OutputBuffer buffer, ByteArrayOutputStream expected) {
    int kind = rng.nextInt(5);
    byte[] bytes = bytes(rng, kind == 0 ? rng.nextInt(50_000) : rng.nextInt(100));
    if (kind == 1) {
      buffer.writeShared(bytes, 0, bytes.length);
      expected.writeBytes(bytes);
    } else if (kind == 2) {
      List<OutputBuffer.Gap> gaps = new ArrayList<>();
      ByteArrayOutputStream inside = new ByteArrayOutputStream();
      for (int i = 0; i < 3; i++) {
        gaps.add(buffer.gap());
        byte[] more = bytes(rng, rng.nextInt(20_000));
        buffer.write(more);
        inside.writeBytes(bytes);
        inside.writeBytes(more);
      }
      for (OutputBuffer.Gap gap : gaps.reversed()) {
        buffer.fill(gap, bytes);
      }
      expected.writeBytes(inside.toByteArray());
    } else {
      buffer.write(bytes);
      expected.writeBytes(bytes);
    }
  }

  private static void assertIdle(OutputBuffer buffer) {
    assertThat(buffer.isEmpty()).isTrue();
    assertThat(buffer.heldBytes()).isZero();
    assertThat(buffer.blockCount()).isZero();
  }

  @Test
  void blocksGoBackToThePool() {
    BlockPool pool = new BlockPool(2);
    OutputBuffer first = new OutputBuffer(pool);
    OutputBuffer second = new OutputBuffer(pool);
    first.write(new byte[3 * OutputBuffer.BLOCK_BYTES]);
    assertThat(first.heldBytes()).isEqualTo(3L * OutputBuffer.BLOCK_BYTES);
    first.consume(first.pendingBytes());
    assertIdle(first);
    assertThat(pool.freeBlocks()).isEqualTo(2);
    second.write((byte) 1);
    assertThat(pool.freeBlocks()).isEqualTo(1);
    second.clear();
    assertIdle(second);
    assertThat(pool.freeBlocks()).isEqualTo(2);
  }

  @Test
  void blockCutByGapsGoesBackOnce() {
    BlockPool pool = new BlockPool(8);
    OutputBuffer buffer = new OutputBuffer(pool);
    buffer.write((byte) 'a');
    OutputBuffer.Gap one = buffer.gap();
    buffer.write((byte) 'b');
    OutputBuffer.Gap two = buffer.gap();
    buffer.write((byte) 'c');
    buffer.fill(two, new byte[] {'2'});
    buffer.fill(one, new byte[] {'1'});
    assertThat(take(buffer, 5)).containsExactly('a', '1', 'b', '2', 'c');
    assertThat(pool.freeBlocks()).isEqualTo(1);
    assertIdle(buffer);
  }

  @Test
  void fillAfterClearDoesNothing() {
    OutputBuffer buffer = new OutputBuffer();
    OutputBuffer.Gap gap = buffer.gap();
    buffer.clear();
    buffer.fill(gap, new byte[] {1});
    assertIdle(buffer);
  }

  @Test
  void discardingStaysEmpty() {
    OutputBuffer buffer = OutputBuffer.discarding();
    for (int i = 0; i < 10_000; i++) {
      buffer.write((byte) i);
      buffer.write(new byte[20_000]);
      buffer.writeShared(new byte[10], 0, 10);
      buffer.fill(buffer.gap(), new byte[] {1});
    }
    assertThat(buffer.pendingBytes()).isZero();
    assertThat(buffer.heldBytes()).isLessThanOrEqualTo(OutputBuffer.BLOCK_BYTES);
  }

  @Test
  void consumeBeyondTheEndIsAnError() {
    OutputBuffer buffer = new OutputBuffer();
    buffer.write((byte) 1);
    assertThatThrownBy(() -> buffer.consume(2)).isInstanceOf(IllegalArgumentException.class);
  }
}
