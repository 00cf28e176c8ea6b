package io.vigil.core.keyspace;

import io.vigil.core.base.Invariant;
import io.vigil.core.base.KeyHash;
import io.vigil.core.base.Rng;
import io.vigil.core.memory.MemoryAccount;

/**
 * All databases of a node, and what they have in common: time, expiry, memory, snapshots.
 *
 * <pre>
 *   Keyspace ── Database 0..n ── Contents ── Table     hash -> address
 *                                        └── Records   address -> header, key, value, in Pages carved by an Allocator
 * </pre>
 *
 * <p><b>Addresses.</b> A lookup gives the address of a record, 0 for none. It is good until the
 * next call that may change the database (set, delete, expiry, even another lookup, which may
 * delete a due key). Use it at once; look up again after writing.
 *
 * <p><b>Time.</b> Whoever runs commands calls {@link #setWallMs} before each, and keeps it constant
 * within a transaction or script. Deadlines, idle times and frequencies are by this clock.
 *
 * <p><b>Expiry.</b> {@link #setExpiryMode} says what a lookup makes of a due key; deletions are
 * told to {@link Effects}. Due keys that nobody asks for are found by {@link #expireStep}.
 *
 * <p><b>Memory.</b> Each database has pages of its own, so that a flush drops pages and not
 * records. Before the first mutation of a command that takes memory, ask {@link #canTake}. {@link
 * #moveStep} empties sparse slabs.
 *
 * <p><b>Snapshots.</b> {@link #openSnapshot} gives a {@link SnapshotCursor}, at most one at a time.
 *
 * <p>One thread. Only this package changes a table.
 */
public final class Keyspace {
  /** Snapshots in a row, none finished, after which epochs would soon come round again. */
  private static final int EPOCH_LIMIT = 60_000;

  /** About twice what a pass over a data set of usual records needs per slab that it wins back. */
  private static final long MOVE_UNITS_PER_SLAB = 4096;

  private final Options options;
  private final MemoryAccount account;
  private final KeyHash keyHash;
  private final KeyspaceSettings settings;
  private final KeyspaceStats stats;
  private final AccessClock clock;
  private final Rng rng;
  private final Database[] databases;
  private final Mover mover = new Mover(this);
  private final Reclaimer reclaimer;
  private final BlockedKeys blockedKeys = new BlockedKeys();
  private Effects effects = Effects.NONE;
  private ExpiryMode expiryMode = ExpiryMode.DELETE;
  private SnapshotCursor snapshot;
  private int epoch = 1;
  private int epochsSinceWhole;
  private long preImages;

  /**
   * How to make a keyspace.
   *
   * @param databases how many, at least 1
   * @param seed for the hash of keys and for random choices; from {@code env.Entropy}
   * @param limitBytes most bytes of pages, {@link Long#MAX_VALUE} for no limit
   * @param checked poison and quarantine freed memory, for tests and the simulator
   */
  public record Options(int databases, long seed, long limitBytes, boolean checked) {}

  public Keyspace(Options options) {
    this.options = options;
    this.settings = new KeyspaceSettings();
    this.stats = new KeyspaceStats();
    this.account = new MemoryAccount(options.limitBytes());
    this.keyHash = new KeyHash(options.seed());
    this.rng = Rng.stream(options.seed(), "keyspace");
    this.reclaimer = new Reclaimer();
    this.clock = new AccessClock(settings, rng);
    this.databases = new Database[options.databases()];
    for (int i = 0; i < databases.length; i++) {
      databases[i] = new Database(this, i, clock, stats, newContents());
    }
  }

  /** Made of another one: empty, with the same memory, time, hash and settings. */
  private Keyspace(Keyspace main) {
    this.options = main.options;
    this.account = main.account;
    this.keyHash = main.keyHash;
    this.settings = main.settings;
    this.stats = new KeyspaceStats();
    this.clock = main.clock;
    this.rng = main.rng;
    this.reclaimer = main.reclaimer;
    this.epoch = main.epoch;
    this.expiryMode = ExpiryMode.KEEP;
    this.databases = new Database[options.databases()];
    for (int i = 0; i < databases.length; i++) {
      databases[i] = new Database(this, i, clock, stats, newContents());
    }
  }

  private Contents newContents() {
    return new Contents(this, new Records(account, keyHash, options.checked()));
  }

  /** Number of databases. */
  public int databaseCount() {
    return databases.length;
  }

  public Database database(int index) {
    return databases[index];
  }

  /** Keys of all databases. */
  public long size() {
    long size = 0;
    for (Database database : databases) {
      size += database.size();
    }
    return size;
  }

  public KeyspaceSettings settings() {
    return settings;
  }

  public KeyspaceStats stats() {
    return stats;
  }

  /** Who is told of deletions that no command asked for. */
  public void bindEffects(Effects receiver) {
    effects = receiver;
  }

  Effects effects() {
    return effects;
  }

  /** The wall clock by which commands run from now on, in milliseconds since 1970. */
  public void setWallMs(long nowMs) {
    clock.setWallMs(nowMs);
  }

  public long wallMs() {
    return clock.wallMs();
  }

  public void setExpiryMode(ExpiryMode mode) {
    expiryMode = mode;
  }

  public ExpiryMode expiryMode() {
    return expiryMode;
  }

  /** Chance, for commands that leave a choice to it. */
  public Rng rng() {
    return rng;
  }

  // ---- Memory ----

  /** Used and committed bytes of all databases, and the limit. */
  public MemoryAccount memory() {
    return account;
  }

  /**
   * True when a command that adds at most so many bytes to this database cannot fail for lack of
   * memory. To be asked before its first mutation.
   */
  public boolean canTake(Database database, long bytes) {
    return database.records().allocator.canAllocate(bytes);
  }

  /** True when sparse slabs hold so much free memory that {@link #moveStep} should be called. */
  public boolean isMovingDue() {
    return mover.isDue();
  }

  /**
   * Moves records out of sparse slabs, to give whole slabs back to all sizes and pages to the
   * collector.
   *
   * @param workUnits how much to do, in units of about 64 bytes touched; a step ends at most some
   *     hundred units later
   * @return the units used; 0 when there is nothing to do
   */
  public long moveStep(long workUnits) {
    return mover.step(workUnits);
  }

  /**
   * Writers pay as they go: for every slab taken, some moving is done if it is due, so that holes
   * stay bounded whatever the rate of writes. Called before a writer looks its key up, as moving
   * changes addresses.
   */
  void payForSlabs(Contents contents) {
    long taken = contents.records.allocator.slabsTaken();
    if (taken != contents.paidSlabs) {
      contents.paidSlabs = taken;
      if (mover.isDue()) {
        mover.step(MOVE_UNITS_PER_SLAB);
      }
    }
  }

  /** True when {@link #reclaimStep} has work. */
  public boolean isReclaiming() {
    return !reclaimer.isIdle();
  }

  /** Big collections that are deleted, but whose memory is not all given back yet. */
  public int reclaimedLater() {
    return reclaimer.size();
  }

  /**
   * Gives back memory of big collections that have been deleted.
   *
   * @param workUnits how much to do, about one unit per element; a step ends at most some hundred
   *     units later
   */
  public void reclaimStep(long workUnits) {
    reclaimer.step(workUnits);
  }

  /** Keys that clients wait for. */
  public BlockedKeys blockedKeys() {
    return blockedKeys;
  }

  Reclaimer reclaimer() {
    return reclaimer;
  }

  Mover mover() {
    return mover;
  }

  void free(Records records, long record) {
    TypeHandler.of(records.type(record)).free(records, record);
    records.freeLongKey(record);
    records.allocator.free(record);
  }

  // ---- Whole databases ----

  /** Exchanges the contents of two databases. */
  public void swap(int one, int other) {
    Contents contents = databases[one].contents();
    databases[one].setContents(databases[other].contents());
    databases[other].setContents(contents);
    blockedKeys.signalAll(one);
    blockedKeys.signalAll(other);
    mover.restart();
  }

  /** Deletes every key of every database; returns how many there were. */
  public long flushAll() {
    long flushed = 0;
    for (Database database : databases) {
      flushed += flush(database);
    }
    return flushed;
  }

  /**
   * An empty keyspace to be filled while this one goes on, out of the same memory. It ends by
   * {@link #takeOver}, or by {@link #flushAll} and being forgotten. No snapshot is opened of it.
   */
  public Keyspace beside() {
    return new Keyspace(this);
  }

  /**
   * The contents of {@code loaded}, made by {@link #beside}, take the place of all that is here.
   */
  public void takeOver(Keyspace loaded) {
    for (int i = 0; i < databases.length; i++) {
      flush(databases[i]);
      Contents empty = databases[i].contents();
      databases[i].setContents(loaded.databases[i].contents());
      blockedKeys.signalAll(i);
      loaded.databases[i].setContents(empty);
    }
    mover.restart();
    loaded.mover.restart();
  }

  long flush(Database database) {
    Contents old = database.contents();
    long count = old.table.count();
    if (count == 0 && old.records.allocator.committedBytes() == 0) {
      return 0;
    }
    database.setContents(newContents());
    mover.restart();
    if (old.snapshot != null) {
      old.snapshot.detach(old);
    } else {
      old.discard();
    }
    return count;
  }

  // ---- Expiry ----

  /** A moment before which no key is due; {@link Long#MAX_VALUE} if none has a deadline. */
  public long earliestDeadlineMs() {
    long earliest = Long.MAX_VALUE;
    for (Database database : databases) {
      earliest = Math.min(earliest, database.earliestDeadlineMs());
    }
    return earliest;
  }

  /**
   * Deletes due keys, those of the segment that is due first before others, and tells {@link
   * Effects}. Only to be called where keys may be deleted: on a primary whose writes are not
   * paused.
   *
   * @param workUnits how much to do, about one unit per key looked at
   * @return the units used; less than {@code workUnits} when nothing more is due
   */
  public long expireStep(long workUnits) {
    if (!settings.activeExpiry) {
      return 0;
    }
    long used = 0;
    for (Database database : databases) {
      while (used < workUnits && database.earliestDeadlineMs() < clock.wallMs()) {
        used += database.expireSegment();
      }
    }
    return used;
  }

  // ---- Snapshots ----

  /** The epoch of the newest snapshot: what is made now carries it. */
  int epoch() {
    return epoch;
  }

  /** True while a snapshot is open. */
  public boolean hasSnapshot() {
    return snapshot != null;
  }

  /** Bytes of records that writers have handed to the open snapshot and it has yet to copy. */
  public long snapshotHeldBytes() {
    return snapshot == null ? 0 : snapshot.heldBytes();
  }

  /** Records that writers have handed to snapshots since the start. */
  public long preImages() {
    return preImages;
  }

  void countPreImage() {
    preImages++;
  }

  /** Opens a snapshot of all databases as they are now. Takes no time. There must be none open. */
  public SnapshotCursor openSnapshot() {
    Invariant.check(snapshot == null, "two snapshots at a time");
    if (epochsSinceWhole >= EPOCH_LIMIT) {
      forgetEpochs();
    }
    epochsSinceWhole++;
    epoch = epoch == 0xffff ? 1 : epoch + 1;
    snapshot = new SnapshotCursor(this, clock, databases);
    return snapshot;
  }

  /**
   * After very many snapshots none of which was finished, epochs would come round again: every
   * record is marked as old.
   */
  private void forgetEpochs() {
    for (Database database : databases) {
      Records records = database.records();
      database.forEach(record -> records.setEpoch(record, 0));
      database.contents().structures.forEach(Structure::forgetEpochs);
    }
    epochsSinceWhole = 0;
  }

  void snapshotClosed(boolean whole) {
    snapshot = null;
    if (whole) {
      epochsSinceWhole = 0;
    }
  }

  // ---- Digest ----

  /**
   * The 20 bytes that DEBUG DIGEST of Redis 7.0 gives for these data. Looks at every byte of every
   * value.
   */
  public byte[] digest() {
    return new Digest().ofKeyspace(this);
  }

  /** The 20 bytes that DEBUG DIGEST-VALUE of Redis 7.0 gives for the value of a record. */
  public byte[] digestOfValue(Database database, long record) {
    return new Digest().ofValue(database, record);
  }

  // ---- Checks ----

  /**
   * Checks every structure of every database and fails where something is wrong. For tests and the
   * simulator.
   */
  public void verify() {
    for (Database database : databases) {
      database.verify();
    }
  }
}
