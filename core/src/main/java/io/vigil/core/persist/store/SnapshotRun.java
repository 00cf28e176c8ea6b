package io.vigil.core.persist.store;

import io.vigil.core.base.Pace;
import io.vigil.core.env.Env;
import io.vigil.core.keyspace.ImageBuffer;
import io.vigil.core.persist.rdb.RdbWriter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * One snapshot on its way from the data set to its target: the core copies records into one image
 * while a job encodes and writes the other.
 *
 * <pre>
 *   core:    copy A | (commands) | copy B | (commands) | copy A ...
 *   job:              encode A, write ......... | encode B, write ...
 * </pre>
 *
 * <p>A step in the core copies at most {@value #STEP_BYTES} bytes (one record more when it is
 * larger), and as few as its {@link Pace} asks for, so no command waits longer than that. While a
 * job runs, small steps gather in one image. The writer belongs to whichever job runs; jobs of one
 * run never overlap.
 */
public final class SnapshotRun {
  static final int STEP_BYTES = 128 * 1024;
  private static final int LEAST_STEP_BYTES = 8 * 1024;
  private static final int IMAGES = 2;

  /** A step in slow motion: a few keys. */
  private static final int SLOW_STEP_BYTES = 256;

  private final Env env;
  private final SnapshotSource source;
  private final SnapshotTarget target;
  private final Done done;
  private final RdbWriter writer;
  private final ImageEncoder encoder;
  private final String lane;
  private final ArrayDeque<ImageBuffer> free = new ArrayDeque<>();
  private final LongConsumer stepTimes;
  private final Pace pace = new Pace(LEAST_STEP_BYTES, STEP_BYTES);
  private final long keyDelayMicros;

  /** The image that steps fill now, or null. */
  private ImageBuffer filling;

  private long owedMicros;
  private int jobs;
  private boolean sourceEmpty;
  private boolean finishing;
  private boolean cancelled;
  private boolean waiting;
  private boolean stepScheduled;
  private IOException failure;
  private boolean over;

  /** How a snapshot ended; called once, in the core. */
  @FunctionalInterface
  public interface Done {
    /** {@code failure} is null when it is whole; {@code cancelled} tells an order from an error. */
    void ended(IOException failure, boolean cancelled);
  }

  /**
   * Starts to copy at the next turn of the loop.
   *
   * @param lane names the offload lane; runs with targets of their own may overlap
   * @param facts what stands at the head of the file
   * @param stepTimes is told the nanoseconds of each step in the core
   */
  public SnapshotRun(
      Env env,
      String lane,
      SnapshotSource source,
      SnapshotTarget target,
      Format format,
      Map<String, String> facts,
      LongConsumer stepTimes,
      Done done) {
    this.env = env;
    this.lane = lane;
    this.source = source;
    this.target = target;
    this.stepTimes = stepTimes;
    this.done = done;
    this.keyDelayMicros = Math.max(0, format.keyDelayMicros());
    this.writer = new RdbWriter(target::write, format.packs(), format.checksums());
    this.encoder = new ImageEncoder(writer, source.sizes(), format);
    for (int i = 0; i < IMAGES; i++) {
      free.add(new ImageBuffer(STEP_BYTES));
    }
    submit(
        () -> {
          writer.begin(facts);
        },
        null);
    scheduleStep();
  }

  /**
   * How a file is written.
   *
   * @param packs {@code rdbcompression}
   * @param checksums {@code rdbchecksum}
   * @param usage what is said of the use of keys
   * @param keyDelayMicros slow motion: how long to wait per key; a lever of tests
   */
  public record Format(boolean packs, boolean checksums, Usage usage, long keyDelayMicros) {}

  /** What a file says of the use of its keys, by {@code maxmemory-policy}. */
  public enum Usage {
    NOTHING,
    IDLE_TIME,
    FREQUENCY
  }

  private interface Job {
    void run() throws IOException;
  }

  private void submit(Job job, ImageBuffer image) {
    jobs++;
    env.offload()
        .submit(
            lane,
            () -> {
              job.run();
              return target.endJob();
            },
            (piece, problem) -> jobDone(image, piece, problem));
  }

  private void jobDone(ImageBuffer image, byte[] piece, Exception problem) {
    jobs--;
    if (image != null) {
      image.clear();
      free.add(image);
    }
    if (problem != null && failure == null) {
      failure =
          problem instanceof IOException io
              ? io
              : new IOException("Internal error: " + problem, problem);
    }
    if (over) {
      return;
    }
    if (failure != null || cancelled) {
      stop();
      return;
    }
    waiting = !target.jobEnded(piece, this::resume);
    if (finishing && jobs == 0) {
      end();
    } else if (!waiting) {
      scheduleStep();
    }
  }

  private void resume() {
    waiting = false;
    scheduleStep();
  }

  private void scheduleStep() {
    if (!stepScheduled && !over) {
      stepScheduled = true;
      env.timers().schedule(owedMicros / 1000, this::step);
      owedMicros = 0;
    }
  }

  private void step() {
    stepScheduled = false;
    if (over || cancelled || failure != null || waiting || finishing) {
      return;
    }
    if (sourceEmpty) {
      finishing = true;
      submit(
          () -> {
            writer.finish();
            target.finish();
          },
          null);
      return;
    }
    if (filling == null) {
      filling = free.poll();
    }
    if (filling == null) {
      return;
    }
    copySome();
    boolean wanted = sourceEmpty || jobs == 0 || keyDelayMicros > 0;
    if (wanted || filling.length() >= STEP_BYTES / 2) {
      ImageBuffer image = filling;
      filling = null;
      submit(
          () -> {
            encoder.encode(image);
          },
          image);
    }
    if (filling != null || !free.isEmpty() || sourceEmpty) {
      scheduleStep();
    }
  }

  private void copySome() {
    long before = source.records();
    long startNanos = env.clock().monotonicNanos();
    sourceEmpty = !source.step(filling, keyDelayMicros > 0 ? SLOW_STEP_BYTES : pace.units());
    long tookNanos = env.clock().monotonicNanos() - startNanos;
    pace.took(tookNanos);
    stepTimes.accept(tookNanos);
    owedMicros += (source.records() - before) * keyDelayMicros;
  }

  /** Gives up; {@link Done} follows once the running job has ended. */
  public void cancel() {
    if (!over && !cancelled && !finishing) {
      cancelled = true;
      if (jobs == 0) {
        stop();
      }
    }
  }

  /** Waits for running jobs, then removes what was written. */
  private void stop() {
    if (jobs > 0) {
      return;
    }
    over = true;
    source.close();
    jobs++;
    env.offload()
        .submit(
            lane,
            () -> {
              target.abandon();
              return null;
            },
            (result, problem) -> done.ended(failure, cancelled));
  }

  private void end() {
    over = true;
    source.close();
    done.ended(null, false);
  }

  /** Records copied so far. */
  public long records() {
    return source.records();
  }

  /** Bytes handed to the target so far; a job may be adding to them. */
  public long writtenBytes() {
    return writer.writtenBytes();
  }
}
