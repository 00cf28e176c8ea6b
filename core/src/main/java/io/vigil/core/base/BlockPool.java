package io.vigil.core.base;

/**
 * Free blocks shared by the output buffers of many connections, last in first out so that the one
 * still in the cache goes out next. Used by one thread at a time, like the buffers.
 */
public final class BlockPool {
  /** Blocks kept for later when nothing else is said: 4 MiB. */
  public static final int DEFAULT_BLOCKS = 256;

  private final byte[][] free;
  private int count;

  public BlockPool() {
    this(DEFAULT_BLOCKS);
  }

  /** A pool that keeps at most {@code maxBlocks} free blocks; more are left to the collector. */
  public BlockPool(int maxBlocks) {
    this.free = new byte[maxBlocks][];
  }

  byte[] take() {
    if (count == 0) {
      return new byte[OutputBuffer.BLOCK_BYTES];
    }
    byte[] block = free[--count];
    free[count] = null;
    return block;
  }

  void give(byte[] block) {
    if (count < free.length) {
      free[count++] = block;
    }
  }

  /** Blocks ready to be used. */
  public int freeBlocks() {
    return count;
  }
}
