package io.vigil.core.replication;

import io.vigil.core.env.Env;
import io.vigil.core.env.Timers.Timer;
import io.vigil.core.session.ClientPause;
import io.vigil.core.spec.CommandError;

/**
 * FAILOVER: the role of primary changes hands with no acknowledged write lost.
 *
 * <pre>
 *   NONE --request: writes pause--> WAITING_FOR_SYNC --a replica is level--> HANDING_OVER --PSYNC accepted--> NONE
 *                                        | time is up: abort, or by force hand over       | refused: abort
 * </pre>
 */
public final class Failover implements ReplicaSide.HandshakeObserver {
  private static final int CHECK_MS = 100;

  private final Env env;
  private final PrimarySide primary;
  private final ReplicaSide replica;
  private final ClientPause pause;
  private State state = State.NONE;
  private String host;
  private int port;
  private boolean force;
  private long deadlineMs;
  private Timer timer;

  private enum State {
    /** No failover. */
    NONE("no-failover"),
    /** Writes are paused until a replica has everything. */
    WAITING_FOR_SYNC("waiting-for-sync"),
    /** This node asks the replica to take over. */
    HANDING_OVER("failover-in-progress");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }
  }

  public Failover(Env env, PrimarySide primary, ReplicaSide replica, ClientPause pause) {
    this.env = env;
    this.primary = primary;
    this.replica = replica;
    this.pause = pause;
    replica.handshakeObserver(this);
    primary.pingGate(() -> state == State.NONE || !pause.isActive());
  }

  public boolean isActive() {
    return state != State.NONE;
  }

  /** INFO's {@code master_failover_state}. */
  String stateName() {
    return state.wireName;
  }

  /** Begins. {@code host} is null for any replica; {@code timeoutMs} 0 for no limit. */
  void request(String targetHost, int targetPort, boolean byForce, long timeoutMs) {
    if (isActive()) {
      throw new CommandError("ERR FAILOVER already in progress.");
    }
    if (replica.isReplica()) {
      throw new CommandError("ERR FAILOVER is not valid when server is a replica.");
    }
    if (primary.replicaCount() == 0) {
      throw new CommandError("ERR FAILOVER requires connected replicas.");
    }
    if (byForce && (timeoutMs == 0 || targetHost == null)) {
      throw new CommandError(
          "ERR FAILOVER with force option requires both a timeout and target HOST and IP.");
    }
    if (targetHost != null) {
      Replica target = find(targetHost, targetPort);
      if (target == null) {
        throw new CommandError("ERR FAILOVER target HOST and PORT is not a replica.");
      }
      if (!target.isOnline()) {
        throw new CommandError("ERR FAILOVER target replica is not online.");
      }
      env.log().notice("FAILOVER requested to " + targetHost + ":" + targetPort + ".");
    } else {
      env.log().notice("FAILOVER requested to any replica.");
    }
    host = targetHost;
    port = targetPort;
    force = byForce;
    deadlineMs = timeoutMs == 0 ? Long.MAX_VALUE : env.clock().monotonicMs() + timeoutMs;
    state = State.WAITING_FOR_SYNC;
    pause.pause(ClientPause.Purpose.FAILOVER, ClientPause.Mode.WRITE, Long.MAX_VALUE);
    check();
  }

  private Replica find(String wantedHost, int wantedPort) {
    for (Replica each : primary.replicas()) {
      if (each.address().equalsIgnoreCase(wantedHost) && each.listeningPort == wantedPort) {
        return each;
      }
    }
    return null;
  }

  private void check() {
    if (state != State.WAITING_FOR_SYNC) {
      return;
    }
    if (env.clock().monotonicMs() >= deadlineMs) {
      timeIsUp();
      return;
    }
    Replica level = levelReplica();
    if (level == null) {
      timer = env.timers().schedule(CHECK_MS, this::check);
      return;
    }
    host = level.address();
    port = level.listeningPort;
    env.log().notice("Failover target " + host + ":" + port + " is synced, failing over.");
    handOver();
  }

  private Replica levelReplica() {
    for (Replica each : primary.replicas()) {
      boolean wanted = host == null || each == find(host, port);
      if (wanted && each.isOnline() && each.acknowledgedOffset == primary.stream().offset()) {
        return each;
      }
    }
    return null;
  }

  private void timeIsUp() {
    if (force) {
      env.log().notice("FAILOVER to " + host + ":" + port + " time out exceeded, failing over.");
      handOver();
    } else {
      abort("Replica never caught up before timeout");
    }
  }

  private void handOver() {
    state = State.HANDING_OVER;
    replica.follow(host, port);
  }

  /** Ends without a change of roles. */
  void abort(String reason) {
    env.log()
        .notice(
            "FAILOVER to "
                + (host == null ? "any replica" : host + ":" + port)
                + " aborted: "
                + reason);
    boolean handingOver = state == State.HANDING_OVER;
    clear();
    if (handingOver) {
      replica.lead();
    }
  }

  private void clear() {
    state = State.NONE;
    host = null;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    pause.resume(ClientPause.Purpose.FAILOVER);
  }

  @Override
  public boolean takesOver() {
    return state == State.HANDING_OVER;
  }

  @Override
  public boolean answered(boolean accepted) {
    if (state != State.HANDING_OVER) {
      return true;
    }
    if (accepted) {
      clear();
      return true;
    }
    abort("Failover target rejected psync request");
    return false;
  }
}
