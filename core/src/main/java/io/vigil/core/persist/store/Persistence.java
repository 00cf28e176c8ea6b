package io.vigil.core.persist.store;

import io.vigil.core.env.Env;
import io.vigil.core.keyspace.ImageBuffer;
import io.vigil.core.persist.rdb.RdbWriter;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Saving the data set: in the foreground, in the background, and to whoever wants a snapshot as a
 * stream. At most one snapshot is open at a time.
 *
 * <pre>
 *   SAVE            copies and writes in one go; nothing else runs meanwhile
 *   BGSAVE          a {@link SnapshotRun} to a temporary file, renamed over the old one when it is whole
 *   save points     looked at once a tick
 *   a replica       a {@link SnapshotRun} to a file or to a target of its own
 * </pre>
 *
 * <p>A save that fails leaves the old file as it was; {@link #refusesWrites} then tells the guard
 * of writes.
 */
public final class Persistence {
  private static final long RETRY_AFTER_SECONDS = 5;
  private static final String LANE = "snapshot";

  private final Env env;
  private final PersistenceSettings settings;
  private final SaveState state;
  private final Supplier<SnapshotSource> sources;
  private final Supplier<Map<String, String>> facts;
  private SnapshotRun run;
  private boolean toFile;
  private boolean scheduled;
  private long changesAtStart;
  private long startedSeconds;
  private long runNumber;
  private Runnable idle = () -> {};
  private LongConsumer stepTimes = nanos -> {};
  private Runnable closed = () -> {};

  /**
   * @param sources opens a snapshot of the data set as it is now
   * @param facts what stands at the head of a file written now
   */
  public Persistence(
      Env env,
      PersistenceSettings settings,
      SaveState state,
      Supplier<SnapshotSource> sources,
      Supplier<Map<String, String>> facts) {
    this.env = env;
    this.settings = settings;
    this.state = state;
    this.sources = sources;
    this.facts = facts;
    state.lastSaveSeconds = nowSeconds();
  }

  /** Runs {@code action} whenever a snapshot has ended and another one may begin. */
  public void onIdle(Runnable action) {
    idle = action;
  }

  /** Tells {@code receiver} for how many nanoseconds each step of a snapshot kept the core. */
  public void onStep(LongConsumer receiver) {
    stepTimes = receiver;
  }

  /** Runs {@code action} whenever a snapshot has been closed. */
  public void onClosed(Runnable action) {
    closed = action;
  }

  public SaveState state() {
    return state;
  }

  public PersistenceSettings settings() {
    return settings;
  }

  /** True while a snapshot is open: INFO's {@code rdb_bgsave_in_progress}. */
  public boolean isRunning() {
    return run != null;
  }

  /** True while the open snapshot goes to the data file. */
  public boolean isRunningToFile() {
    return run != null && toFile;
  }

  /** Seconds since the open snapshot began; -1 when there is none. */
  public long runningSeconds() {
    return run == null ? -1 : nowSeconds() - startedSeconds;
  }

  /** Keys that the open snapshot has handed over. */
  public long runningKeys() {
    return run == null ? 0 : run.records();
  }

  private long nowSeconds() {
    return env.clock().wallMs() / 1000;
  }

  private SnapshotRun.Format format() {
    return new SnapshotRun.Format(
        settings.packsStrings, settings.checksums, settings.usage, settings.keySaveDelayMicros);
  }

  /** Name of the file in which a save is prepared; no two at a time share one. */
  private String temporaryName() {
    return "temp-" + env.host().processId() + "." + ++runNumber + ".rdb";
  }

  /**
   * SAVE: writes the data file before it returns.
   *
   * @return whether it succeeded; the reason is in the log
   */
  public boolean save() {
    state.saves++;
    SnapshotSource source = sources.get();
    FileTarget target = new FileTarget(env.disk(), temporaryName(), settings.dataFileName);
    try {
      RdbWriter writer = new RdbWriter(target::write, settings.packsStrings, settings.checksums);
      writer.begin(facts.get());
      ImageEncoder encoder = new ImageEncoder(writer, source.sizes(), format());
      ImageBuffer image = new ImageBuffer(SnapshotRun.STEP_BYTES);
      boolean more = true;
      while (more) {
        image.clear();
        more = source.step(image, SnapshotRun.STEP_BYTES);
        encoder.encode(image);
      }
      writer.finish();
      target.finish();
    } catch (IOException e) {
      target.abandon();
      env.log()
          .warning(
              "Write error saving DB on disk(" + settings.dataFileName + "): " + e.getMessage());
      return false;
    } finally {
      source.close();
    }
    env.log().notice("DB saved on disk");
    state.changes = 0;
    state.lastSaveSeconds = nowSeconds();
    state.lastBackgroundSaveOk = true;
    return true;
  }

  /** Has a background save started as soon as no snapshot is open. */
  public void schedule() {
    scheduled = true;
  }

  /**
   * Starts to save to the data file in the background; only while nothing {@linkplain #isRunning
   * runs}.
   *
   * @param then called when it has ended
   */
  public void startBackgroundSave(SnapshotRun.Done then) {
    changesAtStart = state.changes;
    state.lastTrySeconds = nowSeconds();
    toFile = true;
    FileTarget target = new FileTarget(env.disk(), temporaryName(), settings.dataFileName);
    start(
        target,
        (failure, cancelled) -> {
          fileEnded(failure, cancelled);
          then.ended(failure, cancelled);
        });
    env.log().notice("Background saving started by pid " + env.host().processId());
  }

  private void fileEnded(IOException failure, boolean cancelled) {
    if (cancelled) {
      env.log().warning("Background saving terminated by signal 10");
    } else if (failure != null) {
      env.log().warning("Write error saving DB on disk: " + failure.getMessage());
      env.log().warning("Background saving error");
      state.lastBackgroundSaveOk = false;
    } else {
      env.log().notice("DB saved on disk");
      env.log().notice("Background saving terminated with success");
      state.changes -= changesAtStart;
      state.lastSaveSeconds = nowSeconds();
      state.lastBackgroundSaveOk = true;
    }
  }

  /**
   * Starts a snapshot to a target of the caller's; only while nothing {@linkplain #isRunning runs}.
   */
  public void startStream(SnapshotTarget target, SnapshotRun.Done then) {
    toFile = false;
    start(target, then);
  }

  private void start(SnapshotTarget target, SnapshotRun.Done then) {
    state.saves++;
    startedSeconds = nowSeconds();
    run =
        new SnapshotRun(
            env,
            LANE,
            sources.get(),
            target,
            format(),
            facts.get(),
            stepTimes,
            (failure, cancelled) -> {
              state.lastBackgroundSaveDurationSeconds = nowSeconds() - startedSeconds;
              run = null;
              closed.run();
              then.ended(failure, cancelled);
              idle.run();
            });
  }

  /** Gives up the open snapshot, if any. */
  public void cancel() {
    if (run != null) {
      run.cancel();
    }
  }

  /** Looks at scheduled saves and save points; called ten times a second or so. */
  public void tick() {
    if (run != null) {
      return;
    }
    long now = nowSeconds();
    boolean mayTry = state.lastBackgroundSaveOk || now - state.lastTrySeconds > RETRY_AFTER_SECONDS;
    for (PersistenceSettings.SavePoint point : settings.savePoints) {
      if (state.changes >= point.changes()
          && now - state.lastSaveSeconds > point.seconds()
          && mayTry) {
        env.log()
            .notice(
                String.format(
                    Locale.ROOT,
                    "%d changes in %d seconds. Saving...",
                    point.changes(),
                    point.seconds()));
        startBackgroundSave((failure, cancelled) -> {});
        return;
      }
    }
    if (scheduled && mayTry) {
      scheduled = false;
      startBackgroundSave((failure, cancelled) -> {});
    }
  }

  /** True while writes must be refused because what they write could not be saved: MISCONF. */
  public boolean refusesWrites() {
    return settings.stopsWritesOnError
        && !settings.savePoints.isEmpty()
        && !state.lastBackgroundSaveOk;
  }
}
