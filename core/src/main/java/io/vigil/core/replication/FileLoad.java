package io.vigil.core.replication;

import io.vigil.core.persist.rdb.RdbException;
import io.vigil.core.persist.rdb.RdbReader;
import io.vigil.core.persist.rdb.RdbVisitor;
import io.vigil.core.persist.store.DataSet;

/**
 * Brings a payload that lies whole in a file into the data set, whatever room there is.
 *
 * <pre>
 *   BESIDE the old data --- all of it fits ---> accepted? renamed --> swapped
 *     | no room for both
 *   CHECK: checksum and structure, nothing is stored; the old data are served meanwhile
 *     | well formed
 *   renamed --> old data dropped --> ALONE, clients hear LOADING --> done
 * </pre>
 *
 * <p>Up to the drop everything can fail and the old data, their history and their file stay. The
 * file gets its final name only once it is known to be well formed, so that the node can always
 * start again from what lies there. Old data are not dropped for new ones that would need more than
 * the limit by themselves, as far as that can be told from the part that did fit.
 */
final class FileLoad {
  private final ReplicaSide side;
  private final String lane;
  private final String temporaryPath;
  private final long fileBytes;
  private final String id;
  private final Outcome outcome;
  private DataSet.Loading loading;
  private PayloadVisitor visitor;
  private FilePass pass;
  private long bytesBefore;
  private long readBytes;
  private boolean renamed;
  private boolean over;

  /** How it ended: one of the three, once, unless it was abandoned. */
  interface Outcome {
    /** The new data have taken the place of the old. */
    void loaded(PayloadVisitor facts);

    void failed(Exception failure);

    /** The new data must not take the place of the old; the reason is in the log. */
    void refused();
  }

  /**
   * @param lane where the file was written: jobs on it run one after the other
   * @param id the history that the data belong to
   */
  FileLoad(
      ReplicaSide side,
      String lane,
      String temporaryPath,
      long fileBytes,
      String id,
      Outcome outcome) {
    this.side = side;
    this.lane = lane;
    this.temporaryPath = temporaryPath;
    this.fileBytes = fileBytes;
    this.id = id;
    this.outcome = outcome;
  }

  /** Begins. */
  void start() {
    side.log().notice("MASTER <-> REPLICA sync: Loading DB in memory");
    bytesBefore = side.dataSet.committedBytes();
    load(temporaryPath, this::besideEnded);
  }

  private interface Next {
    void ended(Exception failure);
  }

  private void load(String path, Next next) {
    side.loadState.begin(side.env.clock().wallMs() / 1000, fileBytes, false);
    loading = side.dataSet.loadBeside();
    visitor = new PayloadVisitor(loading, side.log(), side.env.clock().wallMs());
    read(path, visitor, next);
  }

  private void read(String path, RdbVisitor target, Next next) {
    readBytes = 0;
    RdbReader reader =
        new RdbReader(
            target,
            side.persistence.settings().databases,
            side.persistence.settings().checksums && !side.persistence.settings().skipsChecksums);
    pass =
        new FilePass(
            side.env,
            lane,
            path,
            reader,
            side.loadState,
            new FilePass.Events() {
              @Override
              public void progress(long bytes) {
                readBytes = bytes;
                side.loadState.progress(bytes);
              }

              @Override
              public void ended(Exception failure) {
                pass = null;
                next.ended(failure);
              }
            });
    pass.start();
  }

  private void besideEnded(Exception failure) {
    if (failure == null) {
      if (side.refuses(id, visitor.keysLoaded())) {
        discard();
        over = true;
        outcome.refused();
      } else {
        side.tail().whenKept(() -> rename(this::commit));
      }
      return;
    }
    boolean noRoom = failure instanceof RdbException rdb && rdb.kind() == RdbException.Kind.NO_ROOM;
    long partBytes = side.dataSet.committedBytes() - bytesBefore;
    discard();
    if (!noRoom || side.dataSet.isEmpty()) {
      fail(failure);
    } else if (wouldNeed(partBytes) > side.dataSet.limitBytes()) {
      fail(
          new RdbException(
              RdbException.Kind.NO_ROOM,
              readBytes,
              "the new data would need about "
                  + wouldNeed(partBytes)
                  + " bytes of memory by themselves; the limit is "
                  + side.dataSet.limitBytes()
                  + ". The old data are kept"));
    } else {
      check();
    }
  }

  /** The memory for all of the file, by what its first part took. */
  private long wouldNeed(long partBytes) {
    double part = readBytes == 0 ? 1 : (double) readBytes / fileBytes;
    return (long) (partBytes / part);
  }

  private void check() {
    side.log()
        .warning(
            "MASTER <-> REPLICA sync: no memory for the new data beside the old. The file is"
                + " checked first, then the old data are dropped");
    read(
        temporaryPath,
        entry -> {
          // Whatever the reader hands over is well formed; nothing of it is kept.
        },
        failure -> {
          if (failure != null) {
            fail(failure);
          } else {
            side.tail().whenKept(() -> rename(this::loadAlone));
          }
        });
  }

  private void loadAlone() {
    side.dropData();
    load(
        side.persistence.settings().dataFileName,
        failure -> {
          if (failure == null) {
            commit();
            return;
          }
          discard();
          fail(failure);
        });
  }

  private void rename(Runnable then) {
    if (over) {
      return;
    }
    String dataFile = side.persistence.settings().dataFileName;
    side.env
        .offload()
        .submit(
            lane,
            () -> {
              side.env.disk().rename(temporaryPath, dataFile);
              side.env.disk().syncDirectory(".");
              return null;
            },
            (result, failure) -> {
              if (over) {
                return;
              }
              if (failure == null) {
                renamed = true;
                then.run();
                return;
              }
              side.log()
                  .warning(
                      "Failed trying to rename the temp DB into "
                          + dataFile
                          + " in MASTER <-> REPLICA synchronization");
              discard();
              fail(failure);
            });
  }

  private void commit() {
    over = true;
    side.commit(loading);
    loading = null;
    visitor.report(side.persistence.state());
    side.loadState.end();
    outcome.loaded(visitor);
  }

  private void fail(Exception failure) {
    over = true;
    outcome.failed(failure);
  }

  private void discard() {
    if (loading != null) {
      loading.discard();
      loading = null;
      side.loadState.end();
    }
  }

  /** The link is gone: what was being loaded is forgotten. */
  void abandon() {
    over = true;
    if (pass != null) {
      pass.stop();
      pass = null;
    }
    discard();
  }

  /** True once the file has taken the place of the data file. */
  boolean isRenamed() {
    return renamed;
  }
}
