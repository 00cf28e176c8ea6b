package io.vigil.core.keyspace;

import io.vigil.core.base.KeyHash;
import io.vigil.core.memory.Allocator;
import io.vigil.core.memory.BigBytes;
import io.vigil.core.memory.MemoryAccount;
import io.vigil.core.memory.Pages;
import io.vigil.core.structure.Table;

/**
 * The records of one data set: how a key with its value lies in memory. The layout is frozen by a
 * test.
 *
 * <pre>
 *   byte 0        type, 4 bits | encoding, 4 bits
 *   byte 1-2      length of the key, 12 bits | flags, 4 bits: 1 deadline, 2 long key, 4 long value
 *   byte 3-4      epoch of the last snapshot that has seen the record, or after which it was made
 *   byte 5-7      access clock
 *   [8 bytes]     deadline in milliseconds since 1970, if flagged
 *   key           its bytes; of a long key (over 2,048 bytes) 4 bytes of length and 8 of the root of a {@link BigBytes}
 *   value         int:    8 bytes
 *                 bytes:  2 bytes of length, then the bytes; a long value: 8 bytes, the root of a {@link BigBytes}
 * </pre>
 */
final class Records implements Table.Elements {
  static final int HEADER_BYTES = 8;
  static final int MAX_INLINE_KEY = 2048;
  static final int FLAG_DEADLINE = 1;
  static final int FLAG_LONG_KEY = 2;
  static final int FLAG_LONG_VALUE = 4;

  /**
   * Longest value inside a record: with the longest key inside it and a deadline the record still
   * is one block.
   */
  static final int MAX_INLINE_VALUE =
      Allocator.MAX_BLOCK_BYTES - HEADER_BYTES - 8 - MAX_INLINE_KEY - 2;

  private static final int LONG_KEY_BYTES = 12;

  final Allocator allocator;
  final Pages pages;
  final BigBytes big;
  private final KeyHash keyHash;

  /** What these records are part of. */
  Contents contents;

  Records(MemoryAccount account, KeyHash keyHash, boolean checked) {
    this.allocator = new Allocator(account, checked);
    this.pages = allocator.pages();
    this.big = new BigBytes(allocator);
    this.keyHash = keyHash;
  }

  // ---- Header ----

  int type(long record) {
    return pages.getByte(record) & 15;
  }

  int encoding(long record) {
    return pages.getByte(record) >>> 4;
  }

  int flags(long record) {
    return pages.getShort(record + 1) >>> 12;
  }

  boolean hasDeadline(long record) {
    return (flags(record) & FLAG_DEADLINE) != 0;
  }

  @Override
  public int traits(long record) {
    int flags = flags(record);
    boolean compound = (flags & (FLAG_LONG_KEY | FLAG_LONG_VALUE)) != 0;
    return flags & FLAG_DEADLINE | (compound ? Table.COMPOUND : 0);
  }

  boolean hasLongValue(long record) {
    return (flags(record) & FLAG_LONG_VALUE) != 0;
  }

  /** Milliseconds since 1970, or {@link Database#NO_DEADLINE}. */
  long deadlineMs(long record) {
    return hasDeadline(record) ? pages.getLong(record + HEADER_BYTES) : Database.NO_DEADLINE;
  }

  int epoch(long record) {
    return pages.getShort(record + 3);
  }

  void setEpoch(long record, int epoch) {
    pages.putShort(record + 3, epoch);
  }

  int clock(long record) {
    return pages.getInt(record + 4) >>> 8;
  }

  void setClock(long record, int clock) {
    pages.putInt(record + 4, pages.getInt(record + 4) & 0xff | clock << 8);
  }

  void setEncoding(long record, int encoding) {
    pages.putByte(record, type(record) | encoding << 4);
  }

  private long writeHeader(
      long record, int type, int encoding, int flags, int keyLength, int epoch, int clock) {
    pages.putLong(
        record,
        type
            | encoding << 4
            | (long) (keyLength | flags << 12) << 8
            | (long) epoch << 24
            | (long) clock << 40);
    return record;
  }

  // ---- Key ----

  private static int keyOffset(int flags) {
    return HEADER_BYTES + ((flags & FLAG_DEADLINE) << 3);
  }

  private static int keyArea(int flags, int keyLength) {
    return (flags & FLAG_LONG_KEY) != 0 ? LONG_KEY_BYTES : keyLength;
  }

  int keyLength(long record) {
    int field = pages.getShort(record + 1);
    int flags = field >>> 12;
    return (flags & FLAG_LONG_KEY) == 0 ? field & 0xfff : pages.getInt(record + keyOffset(flags));
  }

  /** The root of a key that lies in chunks, or 0. */
  long keyRoot(long record) {
    int flags = flags(record);
    return (flags & FLAG_LONG_KEY) != 0 ? longKeyRoot(record, flags) : 0;
  }

  /** The address of the first byte of a key that lies in its record. */
  long keyAddress(long record) {
    return record + keyOffset(flags(record));
  }

  private long longKeyRoot(long record, int flags) {
    return pages.getLong(record + keyOffset(flags) + 4);
  }

  @Override
  public boolean keyEquals(long record, byte[] key, int offset, int length) {
    int field = pages.getShort(record + 1);
    int flags = field >>> 12;
    if ((flags & FLAG_LONG_KEY) == 0) {
      return (field & 0xfff) == length
          && pages.equal(record + keyOffset(flags), key, offset, length);
    }
    return length > MAX_INLINE_KEY && big.equal(longKeyRoot(record, flags), key, offset, length);
  }

  @Override
  public long hash(long record) {
    int field = pages.getShort(record + 1);
    int flags = field >>> 12;
    if ((flags & FLAG_LONG_KEY) == 0) {
      return pages.hash(keyHash, record + keyOffset(flags), field & 0xfff);
    }
    byte[] key = key(record);
    return keyHash.hash(key, 0, key.length);
  }

  long hash(byte[] key, int offset, int length) {
    return keyHash.hash(key, offset, length);
  }

  /** Copies the key, {@link #keyLength} bytes. */
  void copyKey(long record, byte[] target, int offset) {
    int flags = flags(record);
    int length = keyLength(record);
    if ((flags & FLAG_LONG_KEY) == 0) {
      pages.copyOut(record + keyOffset(flags), target, offset, length);
    } else {
      big.read(longKeyRoot(record, flags), 0, target, offset, length);
    }
  }

  byte[] key(long record) {
    byte[] key = new byte[keyLength(record)];
    copyKey(record, key, 0);
    return key;
  }

  // ---- Value ----

  /** The address of the value's first byte. */
  long value(long record) {
    int field = pages.getShort(record + 1);
    int flags = field >>> 12;
    return record + keyOffset(flags) + keyArea(flags, field & 0xfff);
  }

  /**
   * Bytes of the block that a record with this key and so many bytes of value takes, before
   * rounding.
   */
  static int recordBytes(int keyLength, boolean deadline, int valueBytes) {
    int keyArea = keyLength > MAX_INLINE_KEY ? LONG_KEY_BYTES : keyLength;
    return HEADER_BYTES + (deadline ? 8 : 0) + keyArea + valueBytes;
  }

  /** A new record with room for {@code valueBytes} bytes of value, not yet written. */
  long create(byte[] key, int offset, int length, Shape shape) {
    boolean longKey = length > MAX_INLINE_KEY;
    // The root of a long key is made first: an allocation may not come between an address and its
    // use.
    long keyRoot = longKey ? big.create(key, offset, length) : 0;
    boolean deadline = shape.deadlineMs != Database.NO_DEADLINE;
    long record = allocator.allocate(recordBytes(length, deadline, shape.valueBytes));
    int flags = shape.valueFlags | (longKey ? FLAG_LONG_KEY : 0) | (deadline ? FLAG_DEADLINE : 0);
    writeHeader(
        record, shape.type, shape.encoding, flags, longKey ? 0 : length, shape.epoch, shape.clock);
    if (deadline) {
      pages.putLong(record + HEADER_BYTES, shape.deadlineMs);
    }
    long at = record + keyOffset(flags);
    if (longKey) {
      pages.putInt(at, length);
      pages.putLong(at + 4, keyRoot);
    } else {
      pages.copyIn(key, offset, at, length);
    }
    return record;
  }

  /**
   * True when a record of this shape and the key of {@code record} is best kept in the block it
   * has.
   */
  boolean fits(long record, Shape shape) {
    int field = pages.getShort(record + 1);
    int flags = field >>> 12;
    boolean deadline = shape.deadlineMs != Database.NO_DEADLINE;
    if (deadline != ((flags & FLAG_DEADLINE) != 0)) {
      return false;
    }
    int bytes = keyOffset(flags) + keyArea(flags, field & 0xfff) + shape.valueBytes;
    return Allocator.blockBytes(bytes) == allocator.capacity(record);
  }

  /**
   * Gives a record another shape in the block it has; the caller knows that it fits. The value is
   * not yet written.
   */
  void reshape(long record, Shape shape) {
    int field = pages.getShort(record + 1);
    int flags = (field >>> 12 & ~FLAG_LONG_VALUE) | shape.valueFlags;
    writeHeader(record, shape.type, shape.encoding, flags, field & 0xfff, shape.epoch, shape.clock);
    if ((flags & FLAG_DEADLINE) != 0) {
      pages.putLong(record + HEADER_BYTES, shape.deadlineMs);
    }
  }

  /**
   * A new record with the key of another, which gives up its own: it must then be freed by {@link
   * #freeBlock} alone.
   */
  long createWithKeyOf(long old, Shape shape) {
    int field = pages.getShort(old + 1);
    int oldFlags = field >>> 12;
    boolean deadline = shape.deadlineMs != Database.NO_DEADLINE;
    int keyFlag = oldFlags & FLAG_LONG_KEY;
    int flags = shape.valueFlags | keyFlag | (deadline ? FLAG_DEADLINE : 0);
    int keyArea = keyArea(oldFlags, field & 0xfff);
    long record = allocator.allocate(keyOffset(flags) + keyArea + shape.valueBytes);
    writeHeader(record, shape.type, shape.encoding, flags, field & 0xfff, shape.epoch, shape.clock);
    if (deadline) {
      pages.putLong(record + HEADER_BYTES, shape.deadlineMs);
    }
    pages.copy(old + keyOffset(oldFlags), record + keyOffset(flags), keyArea);
    return record;
  }

  /** Frees a record's key where that lies in blocks of its own. */
  void freeLongKey(long record) {
    int flags = flags(record);
    if ((flags & FLAG_LONG_KEY) != 0) {
      big.free(longKeyRoot(record, flags));
    }
  }

  /** Gives a record a copy of its own of a long key that it shares with another record. */
  void duplicateLongKey(long record) {
    int flags = flags(record);
    if ((flags & FLAG_LONG_KEY) != 0) {
      pages.putLong(record + keyOffset(flags) + 4, big.duplicate(longKeyRoot(record, flags)));
    }
  }

  /** Bytes of the blocks that hold the record's header and key. */
  long ownBytes(long record) {
    int flags = flags(record);
    long keyBytes = (flags & FLAG_LONG_KEY) != 0 ? big.blockBytes(longKeyRoot(record, flags)) : 0;
    return allocator.capacity(record) + keyBytes;
  }

  /** Moves the record's blocks where the allocator asks for it; returns its address. */
  long moveOwn(long record) {
    int flags = flags(record);
    if ((flags & FLAG_LONG_KEY) != 0) {
      pages.putLong(record + keyOffset(flags) + 4, big.move(longKeyRoot(record, flags)));
    }
    if (!allocator.shouldMove(record)) {
      return record;
    }
    int bytes = allocator.capacity(record);
    long copy = allocator.allocate(bytes);
    pages.copy(record, copy, bytes);
    allocator.free(record);
    return copy;
  }

  /** What a record is to be like: filled anew for every use, so that it costs no allocation. */
  static final class Shape {
    int type;
    int encoding;
    int valueFlags;
    int valueBytes;
    int epoch;
    int clock;
    long deadlineMs;
  }
}
