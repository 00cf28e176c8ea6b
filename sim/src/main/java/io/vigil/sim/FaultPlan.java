package io.vigil.sim;

import io.vigil.core.base.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * The faults of one seed, drawn before the run starts: at least three, between the tenth and the
 * forty-fifth second.
 *
 * <p>What may happen, and why the group must bear it: a data node or a Sentinel is killed and
 * started again (disks keep what was synced, un-synced bytes are lost or torn); a process dies in
 * the middle of writing a file; a machine is cut off from all others, both ways or one way (TCP
 * holds the bytes back); the way between two machines is slow for a while; a disk is full for a
 * while, of a data node or of a Sentinel; no name is resolved for a while; a Sentinel is killed in
 * the moment in which it votes.
 */
final class FaultPlan {
  private static final long FIRST_MS = 10_000;
  private static final long LAST_MS = 45_000;

  private final List<Fault> faults = new ArrayList<>();
  private final boolean killsVoters;

  /** What goes wrong. */
  enum Kind {
    CRASH_PRIMARY,
    CRASH_REPLICA,
    CRASH_SENTINEL,
    DIE_IN_WRITE,
    CUT_OFF_PRIMARY,
    CUT_ONE_WAY,
    SLOW,
    DISK_FULL,
    NO_NAMES
  }

  /** One fault: {@code pick} decides whom it hits, when that is not given by the kind. */
  record Fault(Kind kind, long atMs, long durationMs, long pick) {}

  FaultPlan(Rng rng) {
    int count = 3 + rng.nextInt(4);
    // The first fault is always one that asks for a failover: a plan without any would test little.
    faults.add(draw(rng.nextInt(3) == 0 ? Kind.CUT_OFF_PRIMARY : Kind.CRASH_PRIMARY, rng));
    while (faults.size() < count) {
      faults.add(draw(Kind.values()[rng.nextInt(Kind.values().length)], rng));
    }
    killsVoters = rng.nextInt(3) == 0;
  }

  private static Fault draw(Kind kind, Rng rng) {
    long atMs = FIRST_MS + rng.nextLong(LAST_MS - FIRST_MS);
    long durationMs = 500 + rng.nextLong(7_500);
    return new Fault(kind, atMs, durationMs, rng.nextLong(Long.MAX_VALUE));
  }

  List<Fault> faults() {
    return faults;
  }

  /** True when Sentinels die as they vote. */
  boolean killsVoters() {
    return killsVoters;
  }
}
