package io.vigil.core.persist.store;

import io.vigil.core.base.Pace;
import io.vigil.core.env.Clock;
import java.util.function.LongConsumer;

/** Whether a data set is being loaded, and how far: what the LOADING guard asks and INFO shows. */
public final class LoadState {
  private boolean active;
  private boolean besideServedData;
  private long startedSeconds;
  private long totalBytes;
  private long loadedBytes;
  private final Pace pace = new Pace(2 * 1024, 64 * 1024);
  private LongConsumer stepTimes = nanos -> {};

  /** Tells {@code receiver} for how many nanoseconds each step of a load kept the core. */
  public void onStep(LongConsumer receiver) {
    stepTimes = receiver;
  }

  /** Bytes that the next step should take of what is loaded. */
  public int stepBytes() {
    return pace.units();
  }

  /** A step that began at {@code startNanos} of the monotonic clock has ended. */
  public void stepped(long startNanos, Clock clock) {
    long nanos = clock.monotonicNanos() - startNanos;
    pace.took(nanos);
    stepTimes.accept(nanos);
  }

  /**
   * A load begins.
   *
   * @param bytes length of what is loaded; 0 when it is not known
   * @param beside whether clients go on reading the old data meanwhile: {@code async_loading}
   */
  public void begin(long wallSeconds, long bytes, boolean beside) {
    active = true;
    besideServedData = beside;
    startedSeconds = wallSeconds;
    totalBytes = bytes;
    loadedBytes = 0;
  }

  /** So many bytes have been loaded by now. */
  public void progress(long bytes) {
    loadedBytes = bytes;
  }

  /** The load has ended, well or not. */
  public void end() {
    active = false;
    besideServedData = false;
  }

  /** True during any load. */
  public boolean isActive() {
    return active;
  }

  /** True while clients get LOADING. */
  public boolean isLoading() {
    return active && !besideServedData;
  }

  /** True while old data are served during a load. */
  public boolean isAsync() {
    return active && besideServedData;
  }

  /** Wall clock seconds at which the load began. */
  public long startedSeconds() {
    return startedSeconds;
  }

  public long totalBytes() {
    return totalBytes;
  }

  public long loadedBytes() {
    return loadedBytes;
  }
}
