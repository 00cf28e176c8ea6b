package io.vigil.core.memory;

/**
 * What the data sets of one node hold, to the byte, and the limit they keep to. All allocators of a
 * node share one.
 */
public final class MemoryAccount {
  private long usedBytes;
  private long committedBytes;
  private long limitBytes;

  /**
   * @param limitBytes most bytes of pages that may be committed; {@link Long#MAX_VALUE} for no
   *     limit
   */
  public MemoryAccount(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Bytes of blocks in use, each counted with the size of its class. */
  public long usedBytes() {
    return usedBytes;
  }

  /** Bytes of pages held, in use or not. */
  public long committedBytes() {
    return committedBytes;
  }

  /** Most bytes of pages that may be committed. */
  public long limitBytes() {
    return limitBytes;
  }

  public void setLimitBytes(long bytes) {
    limitBytes = bytes;
  }

  void use(long bytes) {
    usedBytes += bytes;
  }

  void commit(long bytes) {
    committedBytes += bytes;
  }
}
