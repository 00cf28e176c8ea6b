package io.vigil.core.node;

import io.vigil.core.env.Env;
import io.vigil.core.env.Log;
import io.vigil.core.env.Timers.Timer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The orderly end of a node, asked for by SHUTDOWN or by a signal.
 *
 * <pre>
 *   RUNNING --request--> WAITING for replicas --in sync, or out of time--> finish --> exit
 *      ^  `--- now, or nothing to wait for ------------------------------^  |
 *      `------------------- abort, or the data set cannot be saved ----------'
 * </pre>
 *
 * <p>Steps, order and log lines are those of Redis.
 */
public final class ShutdownSequence {
  /** How often replicas are looked at while waiting, in milliseconds. */
  private static final long LOOK_AGAIN_MS = 100;

  /**
   * What the one who asks wants.
   *
   * @param save save even without save points
   * @param noSave do not save even with save points
   * @param now do not wait for replicas
   * @param force end even if the data set cannot be saved
   */
  public record Options(boolean save, boolean noSave, boolean now, boolean force) {}

  /** The node, as far as its end goes. */
  public interface Owner {
    /** The word in the last log line: Redis or Sentinel. */
    String product();

    /** True when the configuration has save points. */
    boolean hasSavePoints();

    /** True while the data set is incomplete and must not be saved. */
    boolean isLoading();

    /** Milliseconds to wait for replicas at most. */
    long patienceMs();

    /** True when no replica lags, or there is none. */
    boolean replicasInSync();

    /** Pauses writes and asks replicas where they are. */
    void startWaiting();

    /** Takes the pause back: the shutdown was given up. */
    void stopWaiting();

    /** Writes a log line for each replica that lags, and one with the sum, if there are any. */
    void reportReplicas();

    /** Saves the data set, blocking; false when it failed, which has been logged. */
    boolean saveFinally();

    /** The pid file to remove, or null. */
    String pidFile();

    /** Closes the listening sockets. */
    void stopListening();
  }

  /** Told when a shutdown that it asked for is given up. */
  public interface Waiter {
    void shutdownFailed();
  }

  private final Env env;
  private final Owner owner;
  private final List<Waiter> waiters = new ArrayList<>();
  private Options options;
  private long deadlineMs;
  private Timer timer;

  public ShutdownSequence(Env env, Owner owner) {
    this.env = env;
    this.owner = owner;
  }

  /** True from a request until it is given up. */
  public boolean isUnderWay() {
    return options != null;
  }

  /**
   * Ends the node now or soon. While one is under way a further request only adds its waiter.
   *
   * @param waiter told if it comes to nothing; may be null
   */
  public void request(Options wanted, Waiter waiter) {
    if (waiter != null) {
      waiters.add(waiter);
    }
    if (isUnderWay()) {
      return;
    }
    options = owner.isLoading() ? new Options(false, true, wanted.now(), wanted.force()) : wanted;
    log().warning("User requested shutdown...");
    if (!options.now() && owner.patienceMs() > 0 && !owner.replicasInSync()) {
      deadlineMs = env.clock().monotonicMs() + owner.patienceMs();
      owner.startWaiting();
      log().notice("Waiting for replicas before shutting down.");
      timer = env.timers().schedule(LOOK_AGAIN_MS, this::lookAgain);
      return;
    }
    finish();
  }

  private void lookAgain() {
    if (owner.replicasInSync() || env.clock().monotonicMs() >= deadlineMs) {
      finish();
    } else {
      timer = env.timers().schedule(LOOK_AGAIN_MS, this::lookAgain);
    }
  }

  private void finish() {
    owner.reportReplicas();
    if ((owner.hasSavePoints() && !options.noSave()) || options.save()) {
      log().notice("Saving the final RDB snapshot before exiting.");
      if (!owner.saveFinally()) {
        if (!options.force()) {
          log().warning("Error trying to save the DB, can't exit.");
          log()
              .warning(
                  "Errors trying to shut down the server. Check the logs for more information.");
          giveUp();
          return;
        }
        log().warning("Error trying to save the DB. Exit anyway.");
      }
    }
    removePidFile();
    owner.stopListening();
    log().warning(owner.product() + " is now ready to exit, bye bye...");
    env.host().exit(0);
  }

  private void removePidFile() {
    String path = owner.pidFile();
    if (path == null) {
      return;
    }
    log().notice("Removing the pid file.");
    try {
      env.disk().delete(path);
    } catch (IOException e) {
      log().warning("Error removing the pid file " + path + ": " + e.getMessage());
    }
  }

  /** SHUTDOWN ABORT; false when nothing is under way. */
  public boolean abort() {
    if (!isUnderWay()) {
      return false;
    }
    log().notice("Shutdown manually aborted.");
    giveUp();
    return true;
  }

  private void giveUp() {
    options = null;
    if (timer != null) {
      timer.cancel();
      timer = null;
      owner.stopWaiting();
    }
    List<Waiter> told = new ArrayList<>(waiters);
    waiters.clear();
    told.forEach(Waiter::shutdownFailed);
  }

  private Log log() {
    return env.log();
  }
}
