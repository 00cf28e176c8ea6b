package io.vigil.core.session;

import io.vigil.core.env.Clock;
import io.vigil.core.env.Timers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * CLIENT PAUSE, and pauses by a failover or a shutdown. Several may stand at once: the strictest
 * holds, each until its own end. Clients held back are resumed in the order in which they came.
 */
public final class ClientPause {
  /** Who asked for a pause. */
  public enum Purpose {
    CLIENT_COMMAND,
    SHUTDOWN,
    FAILOVER,
    MIGRATION,
    /** A replica catches up: the stream may move on its own meanwhile. */
    BACKLOG
  }

  /** What is held back. */
  public enum Mode {
    OFF,
    WRITE,
    ALL
  }

  private record Hold(Mode mode, long untilMs) {}

  private final Clock clock;
  private final Timers timers;
  private final Map<Purpose, Hold> holds = new EnumMap<>(Purpose.class);
  private final List<Session> waiting = new ArrayList<>();
  private Mode mode = Mode.OFF;
  private Timers.Timer timer;

  ClientPause(Clock clock, Timers timers) {
    this.clock = clock;
    this.timers = timers;
  }

  /** What is held back now. */
  public Mode mode() {
    return mode;
  }

  /**
   * True while any pause stands: the stream must not move on its own, so expiry and eviction stop
   * as well.
   */
  public boolean isActive() {
    return mode != Mode.OFF;
  }

  /** True while a pause stands for which the stream must not move even by signs of life. */
  public boolean freezesStream() {
    return holds.size() > (holds.containsKey(Purpose.BACKLOG) ? 1 : 0);
  }

  /** Milliseconds until the last pause ends; 0 when none stands. */
  public long remainingMs() {
    long end = 0;
    for (Hold hold : holds.values()) {
      end = Math.max(end, hold.untilMs);
    }
    return Math.max(0, end - clock.monotonicMs());
  }

  /**
   * Pauses for {@code durationMs}; a pause of the same purpose is never weakened by a second one.
   */
  public void pause(Purpose purpose, Mode wanted, long durationMs) {
    long nowMs = clock.monotonicMs();
    long untilMs = durationMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + durationMs;
    Hold old = holds.get(purpose);
    Mode kept = old != null && old.mode == Mode.ALL ? Mode.ALL : wanted;
    holds.put(purpose, new Hold(kept, old == null ? untilMs : Math.max(untilMs, old.untilMs)));
    update();
  }

  /** Ends the pause of one purpose. */
  public void resume(Purpose purpose) {
    holds.remove(purpose);
    update();
  }

  private void update() {
    long nowMs = clock.monotonicMs();
    holds.values().removeIf(hold -> hold.untilMs <= nowMs);
    Mode strictest = Mode.OFF;
    long nextEndMs = Long.MAX_VALUE;
    for (Hold hold : holds.values()) {
      strictest = hold.mode.compareTo(strictest) > 0 ? hold.mode : strictest;
      nextEndMs = Math.min(nextEndMs, hold.untilMs);
    }
    boolean weaker = strictest.compareTo(mode) < 0;
    mode = strictest;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (mode != Mode.OFF) {
      timer = timers.schedule(nextEndMs - nowMs, this::update);
    }
    if (weaker) {
      releaseWaiting();
    }
  }

  private void releaseWaiting() {
    List<Session> released = List.copyOf(waiting);
    waiting.clear();
    released.forEach(Session::resumePostponed);
  }

  void add(Session session) {
    waiting.add(session);
  }

  void remove(Session session) {
    waiting.remove(session);
  }

  /** Clients held back. */
  public int waitingCount() {
    return waiting.size();
  }
}
