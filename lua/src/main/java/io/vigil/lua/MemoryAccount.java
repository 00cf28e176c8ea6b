package io.vigil.lua;

import io.vigil.lua.value.LuaError;

/**
 * How much memory an engine's values need. Whoever allocates says so here; nobody says what became
 * garbage. So every time that a certain amount was allocated, the values that can still be reached
 * are counted anew, as a collector would mark them, and if they exceed the limit the script gets an
 * error. Between two counts the limit can be exceeded by a sixteenth.
 */
final class MemoryAccount {
  private static final long SMALLEST_STEP = 1 << 20;
  private static final String FULL = "not enough memory";

  /** Counts what can be reached, in bytes. */
  interface Census {
    long reachableBytes();
  }

  private final Census census;
  private long limitBytes;
  private long countedBytes;
  private long sinceBytes;
  private long stepBytes = SMALLEST_STEP;

  MemoryAccount(Census census, long limitBytes) {
    this.census = census;
    this.limitBytes = limitBytes;
  }

  void setLimit(long bytes) {
    limitBytes = bytes;
    stepBytes = SMALLEST_STEP;
  }

  long limit() {
    return limitBytes;
  }

  /**
   * Says that bytes are about to be allocated.
   *
   * @throws LuaError if they would exceed the limit
   */
  void charge(long bytes) {
    sinceBytes += bytes;
    if (sinceBytes > stepBytes) {
      recount(bytes);
    }
  }

  private void recount(long bytes) {
    countedBytes = census.reachableBytes();
    sinceBytes = bytes;
    long room = limitBytes - countedBytes;
    if (bytes > room) {
      sinceBytes = 0;
      stepBytes = Math.max(SMALLEST_STEP, limitBytes / 64);
      throw new LuaError(FULL);
    }
    long pace = Math.max(countedBytes, limitBytes / 8);
    stepBytes = Math.max(Math.max(SMALLEST_STEP, limitBytes / 16), Math.min(pace, room));
    stepBytes += bytes;
  }

  /** What was counted last and was allocated since, garbage included. */
  long estimatedBytes() {
    return countedBytes + sinceBytes;
  }

  /** Counts now. */
  long count() {
    countedBytes = census.reachableBytes();
    sinceBytes = 0;
    return countedBytes;
  }
}
