package io.vigil.core.persist.store;

import io.vigil.core.env.Env;
import io.vigil.core.keyspace.ImageBuffer;
import io.vigil.core.persist.rdb.RdbWriter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Map;

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
 * larger), so no command waits longer than that. The writer belongs to whichever job runs; jobs of
 * one run never overlap.
 */
public final class SnapshotRun {
  static final int STEP_BYTES = 128 * 1024;
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
  private final long keyDelayMicros;
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
   */
  public SnapshotRun(
      Env env,
      String lane,
      SnapshotSource source,
      SnapshotTarget target,
      Format format,
      Map<String, String> facts,
      Done done) {
    this.env = env;
    this.lane = lane;
    this.source = source;
    this.target = target;
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
    ImageBuffer image = free.poll();
    if (image == null) {
      return;
    }
    long before = source.records();
    sourceEmpty = !source.step(image, keyDelayMicros > 0 ? SLOW_STEP_BYTES : STEP_BYTES);
    owedMicros += (source.records() - before) * keyDelayMicros;
    submit(
        () -> {
          encoder.encode(image);
        },
        image);
    if (!free.isEmpty() || sourceEmpty) {
      scheduleStep();
    }
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
