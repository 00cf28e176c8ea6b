package io.vigil.core.keyspace;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Invariant;
import io.vigil.core.base.OutputBuffer;
import io.vigil.core.base.Rng;
import io.vigil.core.memory.Pages;
import io.vigil.core.resp.UpcomingKeys;
import io.vigil.core.structure.Table;
import java.util.List;

/**
 * One numbered database: keys to records. See {@link Keyspace} for the rules of addresses, time and
 * expiry.
 */
public final class Database {
  /** No deadline: the key stays. */
  public static final long NO_DEADLINE = -1;

  /** For writing: the deadline the key has, if any. */
  public static final long KEEP_DEADLINE = -2;

  private static final int RANDOM_TRIES = 100;

  /** Into the cache line after that of a record's header. */
  private static final int FAR_BYTES = 40;

  private final Keyspace keyspace;
  private final int index;
  private final AccessClock clock;
  private final KeyspaceStats stats;
  private final StringValues strings;
  private final HashValues hashes;
  private final SetValues sets;
  private final ListValues lists;
  private final ZsetValues zsets;
  private final Records.Shape shape = new Records.Shape();
  private Contents contents;
  private Records records;
  private Table table;
  private long hash;
  private final long[] upcomingHashes = new long[UpcomingKeys.MOST];

  Database(
      Keyspace keyspace, int index, AccessClock clock, KeyspaceStats stats, Contents contents) {
    this.keyspace = keyspace;
    this.index = index;
    this.clock = clock;
    this.stats = stats;
    setContents(contents);
    this.strings = new StringValues(this);
    this.hashes = new HashValues(this);
    this.sets = new SetValues(this);
    this.lists = new ListValues(this);
    this.zsets = new ZsetValues(this);
  }

  void setContents(Contents newContents) {
    contents = newContents;
    contents.keyspace = keyspace;
    records = newContents.records;
    table = newContents.table;
  }

  Contents contents() {
    return contents;
  }

  Records records() {
    return records;
  }

  /** Its number. */
  public int index() {
    return index;
  }

  public Keyspace keyspace() {
    return keyspace;
  }

  /** Number of keys, those with a passed deadline that are not yet deleted included. */
  public long size() {
    return table.count();
  }

  /** Number of keys with a deadline. */
  public long deadlineCount() {
    return contents.deadlines;
  }

  /** Strings: reading and writing them. */
  public StringValues strings() {
    return strings;
  }

  /** Hashes: reading and writing them. */
  public HashValues hashes() {
    return hashes;
  }

  /** Sets: reading and writing them. */
  public SetValues sets() {
    return sets;
  }

  /** Lists: reading and writing them. */
  public ListValues lists() {
    return lists;
  }

  /** Sorted sets: reading and writing them. */
  public ZsetValues zsets() {
    return zsets;
  }

  /** A collection of a type, to be put together before it becomes the value of a key. */
  public CollectionBuilder builder(ValueType type) {
    return switch (type) {
      case HASH, SET -> new TableBuilder(this, type);
      case LIST -> new ListBuilder(this);
      case ZSET -> new ZsetBuilder(this);
      default -> throw Invariant.broken("no collection: " + type);
    };
  }

  /** Collections of a type, for what is the same for all. */
  public CollectionValues collections(ValueType type) {
    return switch (type) {
      case HASH -> hashes;
      case SET -> sets;
      case LIST -> lists;
      case ZSET -> zsets;
      default -> throw Invariant.broken("no collection: " + type);
    };
  }

  // ---- Lookup ----

  /** The record of a key for reading, or 0. Counts a hit or a miss and marks the key as used. */
  public long lookupRead(byte[] key, int offset, int length) {
    long record = live(find(key, offset, length), false);
    if (record == 0) {
      stats.misses++;
      return 0;
    }
    stats.hits++;
    touch(record);
    return record;
  }

  /** As {@link #lookupRead(byte[], int, int)}, of one word of a command. */
  public long lookupRead(Arguments words, int word) {
    return lookupRead(words.array(word), words.offset(word), words.length(word));
  }

  /**
   * As {@link #lookupRead(byte[], int, int)}, without marking the key as used: OBJECT, TYPE, TTL,
   * CLIENT NO-TOUCH.
   */
  public long lookupReadNoTouch(byte[] key, int offset, int length) {
    long record = live(find(key, offset, length), false);
    if (record == 0) {
      stats.misses++;
    } else {
      stats.hits++;
    }
    return record;
  }

  public long lookupReadNoTouch(Arguments words, int word) {
    return lookupReadNoTouch(words.array(word), words.offset(word), words.length(word));
  }

  /** The record of a key for writing, or 0. Marks the key as used; counts nothing. */
  public long lookupWrite(byte[] key, int offset, int length) {
    keyspace.payForSlabs(contents);
    long record = live(find(key, offset, length), true);
    if (record != 0) {
      touch(record);
    }
    return record;
  }

  public long lookupWrite(Arguments words, int word) {
    return lookupWrite(words.array(word), words.offset(word), words.length(word));
  }

  /**
   * The record of a key, or 0, and nothing else happens: no count, no mark of use, and a key whose
   * deadline has passed is missing but stays.
   */
  public long peek(byte[] key, int offset, int length) {
    long record = find(key, offset, length);
    return record != 0 && isDue(record) && keyspace.expiryMode() != ExpiryMode.KEEP ? 0 : record;
  }

  /**
   * As {@link #peek(byte[], int, int)}, but a key whose deadline has passed is there like any
   * other.
   */
  public long peekStored(byte[] key, int offset, int length) {
    return find(key, offset, length);
  }

  public long peek(Arguments words, int word) {
    return peek(words.array(word), words.offset(word), words.length(word));
  }

  /**
   * Touches what lookups of {@code keys} will touch: first every line of the table, then every
   * record, so that the processor waits for them all at once instead of one after the other.
   *
   * @return a sum over what was read, so that the reads are not optimised away
   */
  public long prefetch(UpcomingKeys keys) {
    int count = keys.count();
    long touched = 0;
    for (int i = 0; i < count; i++) {
      long each = records.hash(keys.array(), keys.offset(i), keys.length(i));
      upcomingHashes[i] = each;
      touched += table.prefetch(each);
    }
    for (int i = 0; i < count; i++) {
      long element = table.prefetchElement(upcomingHashes[i]);
      if (element != 0) {
        // The key and what follows it: a record rarely begins where a cache line does. The end of
        // a page is never in use, so a read past the record stays within the page.
        touched += records.type(element) + records.pages.getByte(element + FAR_BYTES);
      }
    }
    return touched;
  }

  private long find(byte[] key, int offset, int length) {
    hash = records.hash(key, offset, length);
    return table.find(hash, key, offset, length);
  }

  private boolean isDue(long record) {
    return records.hasDeadline(record) && records.deadlineMs(record) < clock.wallMs();
  }

  /** The record found last if it is not due; if it is, what the mode says. */
  private long live(long record, boolean forWriting) {
    if (record == 0 || !records.hasDeadline(record) || !isDue(record)) {
      return record;
    }
    return switch (keyspace.expiryMode()) {
      case KEEP -> record;
      case HIDE -> 0;
      case DELETE -> expire(record);
      case HIDE_UNLESS_WRITTEN -> forWriting ? expire(record) : 0;
    };
  }

  private long expire(long record) {
    byte[] key = records.key(record);
    removeFound(record);
    stats.expiredKeys++;
    keyspace.effects().expired(index, key);
    return 0;
  }

  private void touch(long record) {
    int old = records.clock(record);
    int fresh = clock.touched(old);
    if (fresh != old) {
      records.setClock(record, fresh);
    }
  }

  // ---- Properties of a record ----

  public ValueType type(long record) {
    return ValueType.of(records.type(record));
  }

  public Encoding encoding(long record) {
    return Encoding.of(records.encoding(record));
  }

  /** Milliseconds since 1970, or {@link #NO_DEADLINE}. */
  public long deadlineMs(long record) {
    return records.deadlineMs(record);
  }

  /** Seconds since the last use. Only meaningful without an LFU policy. */
  public long idleSeconds(long record) {
    return clock.idleSeconds(records.clock(record));
  }

  /**
   * The logarithmic frequency of use, 0 to 255, after decay. Only meaningful under an LFU policy.
   */
  public int frequency(long record) {
    return clock.frequency(records.clock(record));
  }

  /** The access clock as it stands in the record, 24 bits, as DEBUG OBJECT prints it. */
  public int accessClock(long record) {
    return records.clock(record);
  }

  /** Sets the idle time, as RESTORE IDLETIME and loading do. */
  public void setIdleSeconds(long record, long seconds) {
    records.setClock(record, clock.withIdleSeconds(seconds));
  }

  /** Sets the frequency of use, as RESTORE FREQ and loading do. */
  public void setFrequency(long record, int frequency) {
    records.setClock(record, clock.withFrequency(frequency));
  }

  /** Length of the key, in bytes. */
  public int keyLength(long record) {
    return records.keyLength(record);
  }

  /** A copy of the key. */
  public byte[] key(long record) {
    return records.key(record);
  }

  /** Copies the key into {@code target} from {@code offset} on. */
  public void copyKey(long record, byte[] target, int offset) {
    records.copyKey(record, target, offset);
  }

  /**
   * Bytes of memory that a key takes with all that belongs to it: blocks, and its share of the
   * table.
   */
  public long memoryUsageBytes(long record) {
    long tableShare = (table.slots() * 8 + table.directoryBytes()) / Math.max(1, table.count());
    return records.ownBytes(record)
        + TypeHandler.of(records.type(record)).blockBytes(records, record)
        + tableShare;
  }

  // ---- Change ----

  /** Deletes a key; false if it was not there (or its deadline had passed). */
  public boolean delete(byte[] key, int offset, int length) {
    long record = live(find(key, offset, length), true);
    if (record == 0) {
      return false;
    }
    removeFound(record);
    return true;
  }

  public boolean delete(Arguments words, int word) {
    return delete(words.array(word), words.offset(word), words.length(word));
  }

  /** Deletes the record found last. */
  void removeFound(long record) {
    table.removeFound();
    if (records.hasDeadline(record)) {
      contents.deadlines--;
    }
    retire(record);
  }

  /**
   * A record that is out of the table goes to the open snapshot, if that has yet to see it, or is
   * freed.
   */
  private void retire(long record) {
    if (mustPreserve(record)) {
      contents.snapshot.takeOver(contents, record);
    } else {
      keyspace.free(records, record);
    }
  }

  private boolean mustPreserve(long record) {
    return contents.snapshot != null && records.epoch(record) != keyspace.epoch();
  }

  /**
   * Sets the deadline of a key; one in the past is kept as such, the key then is due.
   *
   * @param deadlineMs milliseconds since 1970, not negative
   * @return false if there is no such key
   */
  public boolean setDeadline(byte[] key, int offset, int length, long deadlineMs) {
    Invariant.check(deadlineMs >= 0, "deadline below zero");
    long record = live(find(key, offset, length), true);
    if (record == 0) {
      return false;
    }
    if (records.hasDeadline(record)) {
      records.pages.putLong(writable(record) + Records.HEADER_BYTES, deadlineMs);
    } else {
      rewrite(record, deadlineMs);
      contents.deadlines++;
    }
    table.noteDeadline(hash, deadlineMs);
    return true;
  }

  public boolean setDeadline(Arguments words, int word, long deadlineMs) {
    return setDeadline(words.array(word), words.offset(word), words.length(word), deadlineMs);
  }

  /** Takes the deadline of a key away; false if there is no such key or it had none. */
  public boolean removeDeadline(byte[] key, int offset, int length) {
    long record = live(find(key, offset, length), true);
    if (record == 0 || !records.hasDeadline(record)) {
      return false;
    }
    rewrite(record, NO_DEADLINE);
    contents.deadlines--;
    return true;
  }

  public boolean removeDeadline(Arguments words, int word) {
    return removeDeadline(words.array(word), words.offset(word), words.length(word));
  }

  /** Writes the record found last anew with or without a deadline; the value is not touched. */
  private void rewrite(long record, long deadlineMs) {
    TypeHandler handler = TypeHandler.of(records.type(record));
    describe(record, handler, deadlineMs);
    long copy = records.createWithKeyOf(record, shape);
    records.pages.copy(records.value(record), records.value(copy), shape.valueBytes);
    if (mustPreserve(record)) {
      records.duplicateLongKey(copy);
      handler.duplicate(records, copy);
      contents.snapshot.takeOver(contents, record);
    } else {
      records.allocator.free(record);
    }
    table.replaceFound(copy);
  }

  private void describe(long record, TypeHandler handler, long deadlineMs) {
    shape.type = records.type(record);
    shape.encoding = records.encoding(record);
    shape.valueFlags = records.flags(record) & Records.FLAG_LONG_VALUE;
    shape.valueBytes = handler.valueBytes(records, record);
    shape.epoch = keyspace.epoch();
    shape.clock = records.clock(record);
    shape.deadlineMs = deadlineMs;
  }

  /**
   * The address at which the record found last may be changed in place: its own, or that of a copy
   * if a snapshot needs the old one.
   */
  long writable(long record) {
    if (!mustPreserve(record)) {
      return record;
    }
    int bytes = records.allocator.capacity(record);
    long copy = records.allocator.allocate(bytes);
    records.pages.copy(record, copy, bytes);
    records.duplicateLongKey(copy);
    TypeHandler.of(records.type(copy)).duplicate(records, copy);
    records.setEpoch(copy, keyspace.epoch());
    table.replaceFound(copy);
    contents.snapshot.takeOver(contents, record);
    return copy;
  }

  /**
   * As {@link #lookupWrite(Arguments, int)}, for a change of the value that follows at once and
   * takes the record found: {@link StringValues#changeInteger}.
   */
  public long lookupChange(Arguments words, int word) {
    keyspace.payForSlabs(contents);
    return lookupWrite(words, word);
  }

  /** True when a record may be changed in place: no snapshot has yet to see it. */
  boolean isWritable(long record) {
    return !mustPreserve(record);
  }

  /**
   * Gives the record found last room for so many bytes of value; as much of the value as fits
   * stays. What is made larger may then be written to; what is made smaller must be {@link
   * #writable} before. Returns where the record is now.
   */
  long resizeFound(long record, int valueBytes) {
    TypeHandler handler = TypeHandler.of(records.type(record));
    describe(record, handler, records.deadlineMs(record));
    int kept = Math.min(shape.valueBytes, valueBytes);
    shape.valueBytes = valueBytes;
    boolean preserve = mustPreserve(record);
    if (!preserve && records.fits(record, shape)) {
      return record;
    }
    long resized = records.createWithKeyOf(record, shape);
    records.pages.copy(records.value(record), records.value(resized), kept);
    if (preserve) {
      records.duplicateLongKey(resized);
      contents.snapshot.takeOver(contents, record);
    } else {
      records.allocator.free(record);
    }
    table.replaceFound(resized);
    return resized;
  }

  /**
   * The record found last, a collection, from now on has its value in a structure. The deadline
   * stays. Returns where the record is now.
   */
  long moveToStructure(long record, int encoding, Structure structure) {
    shape.type = records.type(record);
    shape.encoding = encoding;
    shape.valueFlags = Records.FLAG_LONG_VALUE;
    shape.valueBytes = 8;
    shape.epoch = keyspace.epoch();
    long moved = overwrite(record, KEEP_DEADLINE);
    records.pages.putLong(records.value(moved), contents.structures.add(structure));
    return moved;
  }

  /** Says of the record found last what OBJECT ENCODING calls it. Returns where it is now. */
  long setEncoding(long record, Encoding encoding) {
    long writable = writable(record);
    records.setEncoding(writable, encoding.code());
    return writable;
  }

  /** The record of a key for a change that depends on its value, found last; 0 if missing. */
  long findForWriting(byte[] key, int offset, int length) {
    keyspace.payForSlabs(contents);
    return live(find(key, offset, length), true);
  }

  /**
   * The record of a key, new or not, with room for a value of this kind, still to be written; a
   * former value is gone.
   *
   * @param deadlineMs the deadline from now on, or {@link #NO_DEADLINE} or {@link #KEEP_DEADLINE}
   */
  long put(
      byte[] key,
      int offset,
      int length,
      int type,
      int encoding,
      int valueFlags,
      int valueBytes,
      long deadlineMs) {
    keyspace.payForSlabs(contents);
    long old = live(find(key, offset, length), true);
    return putFound(old, key, offset, length, type, encoding, valueFlags, valueBytes, deadlineMs);
  }

  /** As {@link #put}, where {@code old} is what {@link #findForWriting} has just found. */
  long putFound(
      long old,
      byte[] key,
      int offset,
      int length,
      int type,
      int encoding,
      int valueFlags,
      int valueBytes,
      long deadlineMs) {
    shape.type = type;
    shape.encoding = encoding;
    shape.valueFlags = valueFlags;
    shape.valueBytes = valueBytes;
    shape.epoch = keyspace.epoch();
    if (old != 0) {
      return overwrite(old, deadlineMs);
    }
    shape.clock = clock.fresh();
    shape.deadlineMs = deadlineMs == KEEP_DEADLINE ? NO_DEADLINE : deadlineMs;
    long record = records.create(key, offset, length, shape);
    add(hash, record, shape.deadlineMs);
    return record;
  }

  private void add(long keyHash, long record, long deadlineMs) {
    table.insert(keyHash, record);
    if (deadlineMs != NO_DEADLINE) {
      contents.deadlines++;
      table.noteDeadline(keyHash, deadlineMs);
    }
    if (!keyspace.blockedKeys().isEmpty()) {
      keyspace.blockedKeys().signal(index, records.key(record));
    }
    if (keyspace.settings().tellsNewKeys) {
      keyspace.effects().created(index, records.key(record));
    }
  }

  private long overwrite(long old, long deadlineMs) {
    long oldDeadlineMs = records.deadlineMs(old);
    shape.deadlineMs = deadlineMs == KEEP_DEADLINE ? oldDeadlineMs : deadlineMs;
    shape.clock = clock.keepsOnOverwrite() ? records.clock(old) : clock.fresh();
    long record = old;
    if (mustPreserve(old)) {
      record = records.createWithKeyOf(old, shape);
      records.duplicateLongKey(record);
      table.replaceFound(record);
      contents.snapshot.takeOver(contents, old);
    } else {
      TypeHandler.of(records.type(old)).free(records, old);
      if (records.fits(old, shape)) {
        int traits = records.traits(old);
        records.reshape(old, shape);
        if (traits != records.traits(old)) {
          table.replaceFound(old);
        }
      } else {
        record = records.createWithKeyOf(old, shape);
        records.allocator.free(old);
        table.replaceFound(record);
      }
    }
    noteDeadlineChange(oldDeadlineMs, shape.deadlineMs);
    return record;
  }

  private void noteDeadlineChange(long oldMs, long newMs) {
    if (oldMs != NO_DEADLINE) {
      contents.deadlines--;
    }
    if (newMs != NO_DEADLINE) {
      contents.deadlines++;
      if (newMs != oldMs) {
        table.noteDeadline(hash, newMs);
      }
    }
  }

  /**
   * Gives the value of one key, with its deadline, another key, whose own value is deleted first.
   * The two keys must differ.
   *
   * @return false if there is no key {@code from}
   */
  public boolean rename(byte[] from, byte[] to) {
    if (live(find(from, 0, from.length), true) == 0) {
      return false;
    }
    delete(to, 0, to.length);
    long source = find(from, 0, from.length);
    long deadlineMs = records.deadlineMs(source);
    TypeHandler handler = TypeHandler.of(records.type(source));
    describe(source, handler, deadlineMs);
    long record = records.create(to, 0, to.length, shape);
    records.pages.copy(records.value(source), records.value(record), shape.valueBytes);
    table.removeFound();
    if (deadlineMs != NO_DEADLINE) {
      contents.deadlines--;
    }
    if (mustPreserve(source)) {
      handler.duplicate(records, record);
      contents.snapshot.takeOver(contents, source);
    } else {
      records.freeLongKey(source);
      records.allocator.free(source);
    }
    add(records.hash(to, 0, to.length), record, deadlineMs);
    return true;
  }

  /**
   * Copies a value with its deadline to a key of this or another database; what was there is
   * deleted first. Source and target must differ.
   *
   * @return false if there is no key {@code from}
   */
  public boolean copy(byte[] from, Database target, byte[] to) {
    if (live(find(from, 0, from.length), true) == 0) {
      return false;
    }
    target.delete(to, 0, to.length);
    long source = find(from, 0, from.length);
    Records.Shape copied = target.shape;
    TypeHandler handler = TypeHandler.of(records.type(source));
    describe(source, handler, records.deadlineMs(source));
    copied.type = shape.type;
    copied.encoding = shape.encoding;
    copied.valueFlags = shape.valueFlags;
    copied.valueBytes = shape.valueBytes;
    copied.epoch = keyspace.epoch();
    copied.clock = shape.clock;
    copied.deadlineMs = shape.deadlineMs;
    Records other = target.records;
    long record = other.create(to, 0, to.length, copied);
    other.pages.copyFrom(
        records.pages, records.value(source), other.value(record), copied.valueBytes);
    handler.copyFrom(other, record, records, source);
    target.add(other.hash(to, 0, to.length), record, copied.deadlineMs);
    return true;
  }

  /** Moves a key to another database, where it must not be; false if it is not here. */
  public boolean move(byte[] key, Database target) {
    return copy(key, target, key) && delete(key, 0, key.length);
  }

  /** Deletes every key at once; returns how many. */
  public long flush() {
    return keyspace.flush(this);
  }

  // ---- Walking ----

  /**
   * One step of SCAN: appends copies of keys, due ones included, until {@code count} or more are
   * found or the end is reached.
   *
   * @param cursor 0 at first, then what the last step returned
   * @return the next cursor, below 2^48; 0 at the end
   */
  public long scan(long cursor, int count, List<byte[]> keys) {
    // An empty stretch must not make one step endless: ten buckets per key wanted, as Redis allows
    // itself.
    long buckets = Math.max(1, count) * 10L;
    long hashCursor = cursor << 16;
    Table.Visitor collect = record -> keys.add(records.key(record));
    int before = keys.size();
    do {
      hashCursor = table.step(hashCursor, collect);
      buckets--;
    } while (hashCursor != 0 && buckets > 0 && keys.size() - before < count);
    return hashCursor >>> 16;
  }

  /** Shows every record, due ones included, to a visitor that must not change the database. */
  public void forEach(Table.Visitor visitor) {
    long cursor = 0;
    do {
      cursor = table.step(cursor, visitor);
    } while (cursor != 0);
  }

  /** True when the record's deadline has passed. */
  public boolean isExpired(long record) {
    return isDue(record);
  }

  /**
   * A copy of a key drawn with equal chances among those not due, or null if there is none. Due
   * ones it meets are deleted, if the mode says so.
   */
  public byte[] randomKey() {
    Rng rng = keyspace.rng();
    byte[] key = null;
    for (int tries = 0; tries < RANDOM_TRIES; tries++) {
      long record = table.random(rng);
      if (record == 0) {
        return null;
      }
      key = records.key(record);
      if (!isDue(record) || live(find(key, 0, key.length), false) != 0) {
        return key;
      }
    }
    // All keys drawn are due and may not be deleted here: a replica. One of them is the answer, as
    // Redis has it.
    return key;
  }

  // ---- Expiry ----

  /**
   * A moment before which no key of this database is due; {@link Long#MAX_VALUE} if none has a
   * deadline.
   */
  public long earliestDeadlineMs() {
    return table.earliestDeadlineMs();
  }

  /** Deletes the due keys of the segment that is due first; returns the work done. */
  long expireSegment() {
    int candidates = table.takeDueSegment();
    // Those that stay are noted before anything is deleted: a deletion may merge segments.
    int due = 0;
    long[] dueRecords = new long[candidates];
    for (int i = 0; i < candidates; i++) {
      long record = table.dueElement(i);
      if (isDue(record)) {
        dueRecords[due++] = record;
      } else {
        table.noteDeadline(records.hash(record), records.deadlineMs(record));
      }
    }
    for (int i = 0; i < due; i++) {
      hash = records.hash(dueRecords[i]);
      table.findElement(hash, dueRecords[i]);
      expire(dueRecords[i]);
    }
    return 1 + candidates + 4L * due;
  }

  // ---- Prefetch ----

  /** The hash of a key, for {@link #prefetchSlot} and {@link #prefetchRecord}. */
  public long hashOf(byte[] key, int offset, int length) {
    return records.hash(key, offset, length);
  }

  /**
   * Brings the table's line for this hash nearer. Meant for all keys of a burst before the first is
   * used; the result is only there to be used.
   */
  public long prefetchSlot(long keyHash) {
    return table.prefetch(keyHash);
  }

  /** Brings the record that seems to belong to this hash nearer. */
  public long prefetchRecord(long keyHash) {
    long record = table.prefetchElement(keyHash);
    // A record of usual size lies in three cache lines. The end of a page is never in use, so the
    // reads stay within it.
    Pages pages = records.pages;
    return record == 0
        ? 0
        : pages.getByte(record) + pages.getByte(record + 64) + pages.getByte(record + 128);
  }

  void writeValue(long address, OutputBuffer output, int length) {
    records.pages.copyOut(address, output, length);
  }

  // ---- Checks ----

  /** Checks the whole database and fails where something is wrong. For tests and the simulator. */
  public void verify() {
    keyspace.reclaimer().finish();
    contents.structures.forEach(Structure::verify);
    table.verify();
    records.allocator.verify();
    long[] sums = new long[2];
    forEach(
        record -> {
          sums[0] += records.hasDeadline(record) ? 1 : 0;
          sums[1] +=
              records.ownBytes(record)
                  + TypeHandler.of(records.type(record)).blockBytes(records, record);
          boolean noted =
              !records.hasDeadline(record)
                  || table.earliestDeadlineMs() <= records.deadlineMs(record);
          Invariant.check(noted, "deadline unknown to the table");
        });
    Invariant.check(sums[0] == contents.deadlines, "keys with a deadline miscounted");
    if (contents.snapshot == null) {
      long owned = sums[1] + table.blockBytes();
      Invariant.check(
          owned == records.allocator.ownedBytes(), "blocks without an owner, or with two");
    }
  }
}
