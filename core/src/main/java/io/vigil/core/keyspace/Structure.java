package io.vigil.core.keyspace;

import io.vigil.core.base.Invariant;

/**
 * A big collection: what a record points to whose value does not fit into it. A small object that
 * knows the blocks of paged memory in which the elements lie; there is one for at least some
 * hundred elements or some thousand bytes, so the collector sees few of them.
 *
 * <p><b>Snapshots.</b> While a snapshot is open that has yet to read the structure, every change
 * preserves what it overwrites or removes, element by element (or node by node). Parts carry the
 * epoch after which they were made or were read, just as records do:
 *
 * <pre>
 *   first change, or first read   freeze: remember how many elements there were
 *   a part of an older epoch      belongs to the snapshot: who changes or removes it hands it over
 *   read                          emits parts of an older epoch, stamping them, and those handed over
 *   all read                      the structure itself gets the epoch: nothing more is preserved
 * </pre>
 *
 * <p><b>Owners.</b> A record that is copied because a snapshot needs the old one (PERSIST, RENAME)
 * shares its structure with it: one goes on changing it, the other reads what has been preserved.
 *
 * <p><b>End.</b> The last owner hands it to the {@link Reclaimer}, which gives its memory back in
 * steps, so that deleting ten million elements stops nobody.
 */
abstract class Structure {
  final Contents contents;
  private int owners = 1;
  private long handle;

  /** As a record's epoch. */
  private int epoch;

  /** The epoch of the snapshot for which this was frozen last. */
  private int frozenEpoch;

  Structure(Contents contents) {
    this.contents = contents;
    this.epoch = contents.keyspace.epoch();
  }

  final Records records() {
    return contents.records;
  }

  final int currentEpoch() {
    return contents.keyspace.epoch();
  }

  // ---- What each kind does ----

  /** Number of elements. */
  abstract long count();

  /** Shows the elements as they are now, item by item in the order of an RDB. */
  abstract void walk(ItemParts parts, ItemVisitor visitor);

  /** Bytes of the blocks it owns now, those preserved for a snapshot not included. */
  abstract long blockBytes();

  /** Bytes of its objects outside the pages, about. */
  abstract long objectBytes();

  /** A copy in other contents. */
  abstract Structure copyTo(Contents other);

  /** Moves some blocks where the allocator asks for it; returns the next cursor, 0 at the end. */
  abstract long moveStep(long cursor);

  /**
   * Frees blocks, about {@code workUnits} of them, once nobody owns it.
   *
   * @return the units used; 0 when there is nothing left
   */
  abstract long reclaim(long workUnits);

  /** Remembers what a snapshot must know of it as it is now. */
  abstract void freeze();

  /** How many elements (nodes, of a list) it had when it was frozen. */
  abstract long frozenCount();

  /** Emits some of what it held when it was frozen; false once there is no more. */
  abstract boolean read(ItemStream out);

  /** The snapshot is over: drops what was preserved for it. */
  abstract void thaw();

  /** Marks every part as of epoch 0. */
  abstract void forgetPartEpochs();

  /** Checks the whole shape and fails where something is wrong. */
  abstract void verify();

  // ---- Owners ----

  final long handle() {
    return handle;
  }

  final void setHandle(long newHandle) {
    handle = newHandle;
  }

  final boolean isOwned() {
    return owners > 0;
  }

  final boolean isShared() {
    return owners > 1;
  }

  final void share() {
    owners++;
  }

  /** One owner less; the last one leaves it to be reclaimed. */
  final void release() {
    Invariant.check(owners > 0, "structure released too often");
    owners--;
    if (owners == 0) {
      contents.structures.remove(handle);
      contents.keyspace.reclaimer().take(this);
    }
  }

  // ---- Snapshots ----

  /** To be called before each change. True when what it overwrites or removes must be preserved. */
  final boolean preserves() {
    if (contents.snapshot == null || epoch == currentEpoch()) {
      return false;
    }
    freezeOnce();
    return true;
  }

  private void freezeOnce() {
    if (frozenEpoch != currentEpoch()) {
      frozenEpoch = currentEpoch();
      freeze();
      contents.snapshot.frozen(this);
    }
  }

  /** Begins to be read by the snapshot under way. */
  final void beginReading() {
    freezeOnce();
  }

  /** The snapshot has read all of it. */
  final void endReading() {
    epoch = currentEpoch();
    thaw();
  }

  final void forgetEpochs() {
    epoch = 0;
    frozenEpoch = 0;
    forgetPartEpochs();
  }
}
