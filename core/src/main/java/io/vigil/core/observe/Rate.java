package io.vigil.core.observe;

/** Growth of a counter per second, averaged over the last 16 samples: the instantaneous fields. */
public final class Rate {
  private static final int SAMPLES = 16;

  private final double[] samples = new double[SAMPLES];
  private int next;
  private long lastValue;
  private long lastMs = -1;

  /** Takes the counter's value at {@code nowMs} of the monotonic clock; about every 100 ms. */
  public void sample(long value, long nowMs) {
    if (lastMs >= 0 && nowMs > lastMs) {
      samples[next] = Math.max(0, value - lastValue) * 1000.0 / (nowMs - lastMs);
      next = (next + 1) % SAMPLES;
    }
    lastValue = value;
    lastMs = nowMs;
  }

  public double perSecond() {
    double sum = 0;
    for (double sample : samples) {
      sum += sample;
    }
    return sum / SAMPLES;
  }

  /** Starts over, as CONFIG RESETSTAT does. */
  public void reset() {
    java.util.Arrays.fill(samples, 0);
    next = 0;
    lastValue = 0;
    lastMs = -1;
  }
}
