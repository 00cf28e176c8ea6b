package io.vigil.core.node;

import io.vigil.core.env.Disk.DiskFile;
import io.vigil.core.env.Env;
import io.vigil.core.persist.rdb.ForwardingVisitor;
import io.vigil.core.persist.rdb.RdbEntry;
import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbReader;
import io.vigil.core.persist.store.DataSet;
import io.vigil.core.persist.store.FileFacts;
import io.vigil.core.persist.store.LoadState;
import io.vigil.core.persist.store.Persistence;
import java.io.IOException;
import java.util.Locale;

/**
 * Loads the data file at the start, a piece per turn of the loop, so that clients are answered
 * LOADING meanwhile. A file that cannot be read whole stops the node: it is never started on part
 * of its data.
 */
final class DataFileLoad extends ForwardingVisitor {
  private static final int PIECE_BYTES = 256 * 1024;
  private static final int SLOW_STEP_BYTES = 1024;

  private final Env env;
  private final Persistence persistence;
  private final LoadState state;
  private final DataSet.Loading loading;
  private final boolean keepsExpired;
  private final Done done;
  private final long nowMs;
  private final FileFacts facts;
  private final long startedNanos;
  private final byte[] piece = new byte[PIECE_BYTES];
  private DiskFile file;
  private RdbReader reader;
  private long fileBytes;
  private long readBytes;
  private long expired;

  /** Bytes of {@link #piece} that wait, and where they begin. */
  private int pieceLength;

  private int pieceFrom;

  /** Hears of the end. */
  interface Done {
    /** {@code facts} is null when there was no file. */
    void loaded(FileFacts facts);
  }

  /**
   * @param keepsExpired true on a replica, where only the primary decides what has expired
   */
  DataFileLoad(
      Env env,
      Persistence persistence,
      LoadState state,
      DataSet.Loading loading,
      boolean keepsExpired,
      Done done) {
    super(loading);
    this.env = env;
    this.persistence = persistence;
    this.state = state;
    this.loading = loading;
    this.keepsExpired = keepsExpired;
    this.done = done;
    this.nowMs = env.clock().wallMs();
    this.facts = new FileFacts(env.log(), nowMs);
    this.startedNanos = env.clock().monotonicNanos();
  }

  /** Begins; {@link Done} is called within it when there is no file. */
  void start() {
    String path = persistence.settings().dataFileName;
    if (!env.disk().exists(path)) {
      loading.discard();
      done.loaded(null);
      return;
    }
    try {
      file = env.disk().open(path);
      fileBytes = file.size();
    } catch (IOException e) {
      env.log().warning("Fatal error loading the DB: " + e.getMessage() + ". Exiting.");
      env.host().exit(1);
      return;
    }
    reader =
        new RdbReader(
            this, persistence.settings().databases, !persistence.settings().skipsChecksums);
    state.begin(nowMs / 1000, fileBytes, false);
    step();
  }

  private void step() {
    try {
      if (pieceFrom == pieceLength) {
        pieceLength = Math.max(0, file.read(piece, 0, PIECE_BYTES));
        pieceFrom = 0;
      }
      if (pieceLength > 0) {
        int length = Math.min(pieceLength - pieceFrom, stepBytes());
        long keysBefore = facts.keysLoaded();
        long startNanos = env.clock().monotonicNanos();
        reader.feed(piece, pieceFrom, length);
        state.stepped(startNanos, env.clock());
        pieceFrom += length;
        readBytes += length;
        state.progress(readBytes);
        env.timers().schedule(delayMs(facts.keysLoaded() - keysBefore), this::step);
        return;
      }
      reader.end();
      file.close();
    } catch (RdbException e) {
      fail(e.getMessage() + " (offset " + e.offset() + ")");
      return;
    } catch (IOException e) {
      fail(e.getMessage());
      return;
    }
    succeed();
  }

  /** In slow motion steps are short, so that the keys of one do not make a long one. */
  private int stepBytes() {
    return persistence.settings().keyLoadDelayMicros > 0 ? SLOW_STEP_BYTES : state.stepBytes();
  }

  private long delayMs(long keys) {
    return keys * Math.max(0, persistence.settings().keyLoadDelayMicros) / 1000;
  }

  private void fail(String reason) {
    env.log()
        .warning(
            "Error loading the data file "
                + persistence.settings().dataFileName
                + ": "
                + reason
                + ". The file was left as it is.");
    env.log().warning("Fatal error loading the DB, check server logs. Exiting.");
    env.host().exit(1);
  }

  private void succeed() {
    loading.commit();
    state.end();
    persistence.state().keysLoaded = facts.keysLoaded();
    persistence.state().keysExpiredWhileLoading = expired;
    env.log()
        .notice(
            "Done loading RDB, keys loaded: "
                + facts.keysLoaded()
                + ", keys expired: "
                + expired
                + ".");
    double seconds = (env.clock().monotonicNanos() - startedNanos) / 1e9;
    env.log().notice(String.format(Locale.ROOT, "DB loaded from disk: %.3f seconds", seconds));
    done.loaded(facts);
  }

  @Override
  public void aux(String name, String value) {
    facts.aux(name, value);
  }

  @Override
  protected boolean wants(RdbEntry entry) {
    if (!keepsExpired && entry.deadlineMs() != RdbEntry.NONE && entry.deadlineMs() < nowMs) {
      expired++;
      return false;
    }
    facts.keyLoaded();
    return true;
  }
}
