package io.vigil.core.replication;

import io.vigil.core.env.Env;
import io.vigil.core.persist.store.Persistence;
import io.vigil.core.propagation.ReplicationStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Full synchronisations: replicas wait until a snapshot may begin, and one snapshot serves all that
 * wait.
 *
 * <pre>
 *   disk:      WAITING --> SNAPSHOT_RUNS (to the data file) --> SENDING_FILE --> ONLINE
 *   diskless:  WAITING --> SNAPSHOT_RUNS (streamed to all)  --> ONLINE, stream after the first acknowledgement
 * </pre>
 *
 * <p>All that is appended to the stream from the moment of the snapshot on is kept for the replica
 * by its cursor. One that comes while a snapshot for replicas is being written to disk joins it, at
 * the offset where that snapshot began.
 */
final class FullSync {
  private final Env env;
  private final PrimarySide primary;
  private final ReplicationSettings settings;
  private final Persistence persistence;

  /**
   * The replicas' place in the stream when the running snapshot to disk began; null when none runs
   * for replicas.
   */
  private ReplicationStream.Cursor startOfDiskSnapshot;

  /** The running stream; null when none runs. */
  private StreamTarget streaming;

  FullSync(Env env, PrimarySide primary, ReplicationSettings settings, Persistence persistence) {
    this.env = env;
    this.primary = primary;
    this.settings = settings;
    this.persistence = persistence;
    persistence.onIdle(this::startIfDue);
  }

  /** {@code replica} needs everything: joins the running snapshot, starts one, or waits. */
  void asked(Replica replica) {
    if (streaming != null) {
      env.log().notice("Current BGSAVE has socket target. Waiting for next BGSAVE for SYNC");
    } else if (persistence.isRunning()) {
      if (startOfDiskSnapshot != null) {
        begin(replica, startOfDiskSnapshot.copy());
        env.log().notice("Waiting for end of BGSAVE for SYNC");
      } else {
        env.log()
            .notice(
                "Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC");
      }
    } else if (settings.disklessSync
        && replica.takesEndMark
        && settings.disklessSyncDelaySeconds > 0) {
      env.log().notice("Delay next BGSAVE for diskless SYNC");
    } else {
      start();
    }
  }

  /** Starts the snapshot that replicas wait for, when its time has come. */
  void startIfDue() {
    if (persistence.isRunning()) {
      return;
    }
    int waiting = 0;
    long longestWaitMs = 0;
    for (Replica replica : primary.replicas()) {
      if (replica.state == Replica.State.WAITING_FOR_SNAPSHOT) {
        waiting++;
        longestWaitMs = Math.max(longestWaitMs, primary.nowMs() - replica.askedMs);
      }
    }
    boolean enough =
        settings.disklessSyncMaxReplicas > 0 && waiting >= settings.disklessSyncMaxReplicas;
    if (waiting > 0
        && (!settings.disklessSync
            || enough
            || longestWaitMs >= settings.disklessSyncDelaySeconds * 1000L)) {
      start();
    }
  }

  private void start() {
    List<Replica> waiting = new ArrayList<>();
    boolean allTakeEndMark = true;
    for (Replica replica : primary.replicas()) {
      if (replica.state == Replica.State.WAITING_FOR_SNAPSHOT) {
        waiting.add(replica);
        allTakeEndMark &= replica.takesEndMark;
      }
    }
    boolean diskless = settings.disklessSync && allTakeEndMark;
    env.log()
        .notice(
            "Starting BGSAVE for SYNC with target: " + (diskless ? "replicas sockets" : "disk"));
    ReplicationStream stream = primary.stream();
    ReplicationStream.Cursor here = stream.cursorAt(stream.offset() + 1);
    for (Replica replica : waiting) {
      begin(replica, here.copy());
    }
    if (diskless) {
      streaming = new StreamTarget(waiting, Ids.random(env.entropy()));
      persistence.startStream(streaming, this::streamEnded);
      env.log().notice("Background RDB transfer started by pid " + env.host().processId());
    } else {
      startOfDiskSnapshot = here;
      persistence.startBackgroundSave(this::fileEnded);
    }
  }

  /** Tells {@code replica} from which offset on it will get the stream. */
  private void begin(Replica replica, ReplicationStream.Cursor place) {
    replica.state = Replica.State.SNAPSHOT_RUNS;
    replica.cursor = place;
    replica.catchesUp = true;
    primary.cursorsChanged();
    // Whoever reads the stream from here on knows no selected database.
    primary.stream().database(ReplicationStream.NO_DATABASE);
    if (!replica.isOld) {
      PrimarySide.say(replica, "+FULLRESYNC " + primary.stream().id() + " " + (place.offset() - 1));
    }
  }

  /** Where the stream begins for one that joins the running snapshot; none: the largest number. */
  long neededFrom() {
    return startOfDiskSnapshot == null ? Long.MAX_VALUE : startOfDiskSnapshot.offset();
  }

  // ---- diskless

  boolean streamsTo(Replica replica) {
    return streaming != null && streaming.replicas().contains(replica);
  }

  private void streamEnded(IOException failure, boolean cancelled) {
    List<Replica> receivers = List.copyOf(streaming.replicas());
    streaming = null;
    if (failure != null || cancelled) {
      giveUp(receivers, failure);
      return;
    }
    env.log()
        .notice(
            "Diskless rdb transfer, done reading from pipe, "
                + receivers.size()
                + " replicas still up.");
    env.log().notice("Background RDB transfer terminated with success");
    for (Replica replica : receivers) {
      env.log()
          .notice(
              String.format(
                  Locale.ROOT,
                  "Streamed RDB transfer with replica %s succeeded (socket). Waiting for REPLCONF"
                      + " ACK from slave to enable streaming",
                  replica.name()));
      primary.putOnline(replica, true);
    }
  }

  private void giveUp(List<Replica> receivers, IOException failure) {
    if (failure != null) {
      env.log().warning("Background transfer error: " + failure.getMessage());
    }
    for (Replica replica : receivers) {
      env.log().warning("SYNC failed. BGSAVE child returned an error");
      replica.session().close("snapshot failed");
    }
  }

  // ---- by file

  private void fileEnded(IOException failure, boolean cancelled) {
    startOfDiskSnapshot = null;
    List<Replica> receivers = new ArrayList<>();
    for (Replica replica : primary.replicas()) {
      if (replica.state == Replica.State.SNAPSHOT_RUNS) {
        receivers.add(replica);
      }
    }
    if (failure != null || cancelled) {
      giveUp(receivers, null);
      return;
    }
    for (Replica replica : receivers) {
      replica.state = Replica.State.SENDING_FILE;
      replica.fileSender =
          new FileSender(
              env,
              replica,
              persistence.settings().dataFileName,
              problem -> fileSent(replica, problem));
      replica.fileSender.start();
    }
  }

  private void fileSent(Replica replica, IOException problem) {
    replica.fileSender = null;
    if (problem != null) {
      env.log().warning("SYNC failed. Can't open/stat DB after BGSAVE: " + problem.getMessage());
      replica.session().close("data file not readable");
      return;
    }
    primary.putOnline(replica, false);
  }

  /** The connection of a replica is gone. */
  void lost(Replica replica) {
    if (replica.fileSender != null) {
      replica.fileSender.abandon();
      replica.fileSender = null;
    }
    if (streaming != null && !streaming.remove(replica)) {
      env.log().notice("Diskless rdb transfer, last replica dropped, killing fork child.");
      persistence.cancel();
    } else if (startOfDiskSnapshot != null
        && replica.state == Replica.State.SNAPSHOT_RUNS
        && persistence.settings().savePoints.isEmpty()
        && noneWaitsForFile()) {
      // No save point asks for this file and no replica waits for it any more.
      persistence.cancel();
    }
  }

  private boolean noneWaitsForFile() {
    for (Replica replica : primary.replicas()) {
      if (replica.state == Replica.State.SNAPSHOT_RUNS) {
        return false;
      }
    }
    return true;
  }
}
