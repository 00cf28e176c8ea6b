package io.vigil.core.session;

/**
 * How much of the shared read buffer a client counts as its own. The loop reads for all clients
 * into one buffer, so no client holds any; what it has been using is shown for it all the same, as
 * Redis shows the buffers it keeps per client: at least one read's worth while the client is busy,
 * more after a large command, nothing once it idles.
 */
final class InputRoom {
  private static final int ONE_READ_BYTES = 16 * 1024;
  private static final long IDLE_MS = 2000;
  private static final long PEAK_MS = 500;

  private int peakBytes;
  private long peakAtMs;

  /** {@code pendingBytes} of input wait to be parsed at {@code nowMs}. */
  void used(int pendingBytes, long nowMs) {
    if (pendingBytes >= peakBytes || nowMs - peakAtMs > PEAK_MS) {
      peakBytes = pendingBytes;
      peakAtMs = nowMs;
    }
  }

  /** Bytes to show for a client that was last heard of {@code idleMs} ago. */
  int bytes(long idleMs) {
    return idleMs >= IDLE_MS ? 0 : Math.max(ONE_READ_BYTES, peakBytes);
  }
}
