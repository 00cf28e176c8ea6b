package io.vigil.sim;

import io.vigil.core.base.OutputBuffer;
import io.vigil.core.base.Rng;
import io.vigil.core.env.Connection;
import io.vigil.core.env.ConnectionEvents;
import io.vigil.core.env.Network.Acceptor;
import io.vigil.core.env.Network.ConnectTarget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The wires between simulated processes. Each direction of a connection is a queue in order: bytes
 * take a delay drawn from the seed and arrive split anywhere.
 *
 * <p>Faults: delay (for a while, a direction between two machines is slow), cut (one way or both:
 * bytes wait, as TCP would send them again, and new connections time out), reset (a process that
 * dies takes its connections along; the other side hears of it unless the way is cut, and then only
 * after it is healed), names (a machine resolves none for a while).
 */
final class SimNetwork {
  private static final long BASE_DELAY_NANOS = 100_000;
  private static final long CHANCE_DELAY_NANOS = 900_000;

  /** Why a name has no address. */
  static final String UNRESOLVED = "Temporary failure in name resolution";

  private final Scheduler scheduler;
  private final Rng rng;
  private final Trace trace;
  private final Map<String, Listening> listeners = new LinkedHashMap<>();
  private final Set<String> cuts = new LinkedHashSet<>();
  private final Map<String, Long> slowNanos = new LinkedHashMap<>();
  private final List<Direction> directions = new ArrayList<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Set<String> nameless = new LinkedHashSet<>();
  private long unresolved;
  private int nextPort = 40_000;

  SimNetwork(Scheduler scheduler, Rng rng, Trace trace) {
    this.scheduler = scheduler;
    this.rng = rng;
    this.trace = trace;
  }

  /** A process that accepts on an address. */
  private record Listening(SimProcess process, Acceptor acceptor) {}

  private static String way(String from, String to) {
    return from + ">" + to;
  }

  /** Bytes from machine {@code from} to {@code to} wait from now on. */
  void cut(String from, String to) {
    cuts.add(way(from, to));
  }

  void slow(String from, String to, long extraNanos) {
    slowNanos.put(way(from, to), extraNanos);
  }

  /** Gives {@code address} a name. */
  void name(String name, String address) {
    names.put(name, address);
  }

  /** From now on no name is resolved on {@code machine}. */
  void failNames(String machine) {
    nameless.add(machine);
  }

  /** The address of a name, or null while names fail there; an address is its own name. */
  String resolve(String machine, String host) {
    String address = names.get(host);
    if (address == null) {
      return host;
    }
    if (nameless.contains(machine)) {
      unresolved++;
      return null;
    }
    return address;
  }

  /** How often a name was not resolved. */
  long unresolved() {
    return unresolved;
  }

  /** Everything flows again, and names are known. */
  void heal() {
    nameless.clear();
    cuts.clear();
    slowNanos.clear();
    for (Direction direction : List.copyOf(directions)) {
      direction.pump();
    }
  }

  private boolean isCut(String from, String to) {
    return cuts.contains(way(from, to));
  }

  private long delayNanos(String from, String to) {
    return BASE_DELAY_NANOS
        + rng.nextLong(CHANCE_DELAY_NANOS)
        + slowNanos.getOrDefault(way(from, to), 0L);
  }

  boolean listen(SimProcess process, int port, Acceptor acceptor) {
    return listeners.putIfAbsent(process.machine() + ":" + port, new Listening(process, acceptor))
        == null;
  }

  void unlisten(SimProcess process, int port) {
    listeners.remove(process.machine() + ":" + port);
  }

  /** The process is gone: nothing listens for it any more. */
  void forget(SimProcess process) {
    listeners.values().removeIf(listening -> listening.process() == process);
  }

  Connection connect(SimProcess from, ConnectTarget target, ConnectionEvents events) {
    String to = resolve(from.machine(), target.host());
    SimConnection near =
        new SimConnection(from, from.machine() + ":" + nextPort++, to + ":" + target.port());
    near.events = events;
    from.owns(near);
    if (to == null) {
      scheduler.after(rng.nextLong(1_000_000_000L), () -> near.fail(UNRESOLVED));
      return near;
    }
    if (isCut(from.machine(), to) || isCut(to, from.machine())) {
      scheduler.after(target.timeoutMs() * 1_000_000, () -> near.fail("Connection timed out"));
      return near;
    }
    scheduler.after(delayNanos(from.machine(), to), () -> arrive(near, to + ":" + target.port()));
    return near;
  }

  private void arrive(SimConnection near, String address) {
    Listening listening = listeners.get(address);
    if (listening == null) {
      scheduler.after(
          delayNanos(near.remoteMachine(), near.process.machine()),
          () -> near.fail("Connection refused"));
      return;
    }
    if (near.closed) {
      return;
    }
    SimProcess server = listening.process();
    SimConnection far = new SimConnection(server, address, near.localAddress());
    near.link(far);
    server.owns(far);
    trace.add(address);
    far.open = true;
    ConnectionEvents events = server.call(() -> listening.acceptor().accepted(far));
    if (events == null) {
      far.closeAfterFlush("refused");
    }
    far.events = events;
    scheduler.after(delayNanos(server.machine(), near.process.machine()), near::opened);
  }

  /** What travels one way. */
  private final class Direction {
    private final SimConnection source;
    private final SimConnection target;
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private boolean endWaiting;
    private boolean moving;

    Direction(SimConnection source, SimConnection target) {
      this.source = source;
      this.target = target;
      directions.add(this);
    }

    void send(byte[] bytes) {
      waiting.add(bytes);
      pump();
    }

    void end() {
      endWaiting = true;
      pump();
    }

    void pump() {
      boolean idle = waiting.isEmpty() && !endWaiting;
      boolean held = isCut(source.process.machine(), target.process.machine()) || target.paused;
      if (moving || idle || held) {
        return;
      }
      moving = true;
      long delay = delayNanos(source.process.machine(), target.process.machine());
      scheduler.after(delay, this::deliver);
    }

    private void deliver() {
      moving = false;
      if (isCut(source.process.machine(), target.process.machine()) || target.paused) {
        return;
      }
      if (!waiting.isEmpty()) {
        byte[] bytes = waiting.poll();
        int taken =
            bytes.length > 1 && rng.nextInt(4) == 0
                ? 1 + rng.nextInt(bytes.length - 1)
                : bytes.length;
        if (taken < bytes.length) {
          waiting.addFirst(java.util.Arrays.copyOfRange(bytes, taken, bytes.length));
        }
        target.received(bytes, taken);
      } else if (endWaiting) {
        directions.remove(this);
        target.fail("Connection reset by peer");
        return;
      }
      pump();
    }
  }

  /** One end of a connection. */
  final class SimConnection implements Connection {
    private final SimProcess process;
    private final String local;
    private final String remote;
    private final OutputBuffer output = new OutputBuffer();
    private ConnectionEvents events;
    private Direction outgoing;
    private SimConnection peer;
    private boolean open;
    private boolean closed;
    private boolean closing;
    private String closingReason;
    private boolean flushPlanned;
    private boolean paused;

    SimConnection(SimProcess process, String local, String remote) {
      this.process = process;
      this.local = local;
      this.remote = remote;
    }

    private void link(SimConnection far) {
      peer = far;
      far.peer = this;
      outgoing = new Direction(this, far);
      far.outgoing = new Direction(far, this);
    }

    private String remoteMachine() {
      return remote.substring(0, remote.lastIndexOf(':'));
    }

    private void opened() {
      if (!closed && process.isAlive()) {
        open = true;
        trace.add(local);
        process.run(events::opened);
        flush();
      }
    }

    private void received(byte[] bytes, int length) {
      if (closed || closing || !process.isAlive()) {
        return;
      }
      trace.add(scheduler.nowNanos());
      trace.add(bytes, 0, length);
      // The buffer is the network's own and is spoilt afterwards: a view kept by the receiver would
      // show.
      byte[] view = java.util.Arrays.copyOf(bytes, length);
      process.run(() -> events.received(view, 0, length));
      java.util.Arrays.fill(view, (byte) '#');
    }

    /** The stream broke, or could not be made. */
    private void fail(String reason) {
      if (closed) {
        return;
      }
      closed = true;
      open = false;
      process.disowns(this);
      dropDirections();
      if (process.isAlive() && events != null) {
        trace.add(reason);
        process.run(() -> events.closed(reason));
      }
    }

    private void dropDirections() {
      if (outgoing != null) {
        outgoing.end();
      }
    }

    /** The process died: nothing of it hears anything any more; the peer does. */
    void die() {
      closed = true;
      open = false;
      if (outgoing != null) {
        outgoing.waiting.clear();
        outgoing.end();
      }
    }

    @Override
    public OutputBuffer output() {
      return output;
    }

    @Override
    public void flush() {
      if (!flushPlanned && !closed) {
        flushPlanned = true;
        scheduler.after(0, this::write);
      }
    }

    private void write() {
      flushPlanned = false;
      if (!open || closed || outgoing == null) {
        return;
      }
      boolean wrote = !output.isEmpty();
      while (!output.isEmpty()) {
        byte[] bytes = new byte[(int) Math.min(output.pendingBytes(), 65_536)];
        output.peek(bytes, 0, bytes.length);
        output.consume(bytes.length);
        outgoing.send(bytes);
      }
      if (closing) {
        fail(closingReason);
      } else if (wrote && process.isAlive() && events != null) {
        process.run(events::drained);
      }
    }

    @Override
    public void close(String reason) {
      scheduler.after(0, () -> fail(reason));
    }

    @Override
    public void closeAfterFlush(String reason) {
      closing = true;
      closingReason = reason;
      flushPlanned = true;
      scheduler.after(0, this::write);
    }

    @Override
    public void pauseReading() {
      paused = true;
    }

    @Override
    public void resumeReading() {
      paused = false;
      if (peer != null && peer.outgoing != null) {
        peer.outgoing.pump();
      }
    }

    @Override
    public String remoteAddress() {
      return remote;
    }

    @Override
    public String localAddress() {
      return local;
    }

    @Override
    public boolean isUnixSocket() {
      return false;
    }

    @Override
    public int descriptor() {
      return -1;
    }

    @Override
    public void keepAlive(int seconds) {}
  }
}
