package io.vigil.transport;

import io.vigil.core.env.Clock;
import java.time.Instant;

/** The clocks of the operating system. */
final class SystemClock implements Clock {
  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }

  @Override
  public long wallMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }

  @Override
  public long wallMs() {
    return System.currentTimeMillis();
  }
}
