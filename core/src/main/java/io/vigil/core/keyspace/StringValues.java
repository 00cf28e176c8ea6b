package io.vigil.core.keyspace;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Invariant;
import io.vigil.core.base.Numbers;
import io.vigil.core.base.OutputBuffer;
import io.vigil.core.memory.BigBytes;

/**
 * Strings of one database. A string is an int (what prints as itself as a 64-bit number), embstr
 * (up to 44 bytes) or raw, by the rules of Redis; how it lies in memory is another matter: inline
 * in its record up to about 16,000 bytes, else in chunks.
 *
 * <p>Readers take the address of a record that a lookup has just given and that is a string.
 * Writers take a key, find it themselves (a due key counts as missing and is deleted, where the
 * {@link ExpiryMode} says so), and expect that what they find is a string where they change it;
 * {@link #set} replaces a value of any type.
 */
public final class StringValues {
  /** Longest value that OBJECT ENCODING calls embstr. */
  public static final int MAX_EMBSTR_BYTES = 44;

  private static final int STRING = ValueType.STRING.code();
  private static final int MAX_SCRATCH = Records.MAX_INLINE_VALUE;

  private final Database database;
  private final byte[] digits = new byte[Numbers.MAX_LONG_CHARS];
  private byte[] scratch = new byte[64];

  StringValues(Database database) {
    this.database = database;
  }

  private Records records() {
    return database.records();
  }

  // ---- Reading ----

  /** True when the value is kept as an int. */
  public boolean isInteger(long record) {
    return records().encoding(record) == Encoding.INT.code();
  }

  /** The number of a value that {@link #isInteger}. */
  public long integer(long record) {
    Records records = records();
    return records.pages.getLong(records.value(record));
  }

  /** Length of the value in bytes, as text if it is an int. */
  public long length(long record) {
    Records records = records();
    if (isInteger(record)) {
      return Numbers.longLength(integer(record));
    }
    if (records.hasLongValue(record)) {
      return records.big.length(StringHandler.root(records, record));
    }
    return records.pages.getShort(records.value(record));
  }

  /** Copies part of the value; the range must lie within it. */
  public void copy(long record, long from, byte[] target, int offset, int length) {
    Records records = records();
    if (isInteger(record)) {
      Numbers.writeLong(integer(record), digits, 0);
      System.arraycopy(digits, (int) from, target, offset, length);
    } else if (records.hasLongValue(record)) {
      records.big.read(StringHandler.root(records, record), from, target, offset, length);
    } else {
      records.pages.copyOut(records.value(record) + 2 + from, target, offset, length);
    }
  }

  /** A copy of the whole value, which must be shorter than 2 GiB. */
  public byte[] bytes(long record) {
    byte[] copy = new byte[Math.toIntExact(length(record))];
    copy(record, 0, copy, 0, copy.length);
    return copy;
  }

  /** Appends part of the value to an output buffer; the range must lie within it. */
  public void writeTo(long record, long from, long length, OutputBuffer output) {
    Records records = records();
    if (isInteger(record)) {
      Numbers.writeLong(integer(record), digits, 0);
      output.write(digits, (int) from, (int) length);
    } else if (records.hasLongValue(record)) {
      records.big.copyOut(StringHandler.root(records, record), from, length, output);
    } else {
      records.pages.copyOut(records.value(record) + 2 + from, output, (int) length);
    }
  }

  /** Appends the whole value as a RESP bulk string: what GET answers. */
  public void writeBulk(long record, OutputBuffer output) {
    long length = length(record);
    int size = 1 + Numbers.MAX_LONG_CHARS + 2;
    byte[] array = output.reserve(size);
    int at = output.tailPosition();
    array[at++] = '$';
    at = Numbers.writeLong(length, array, at);
    array[at++] = '\r';
    array[at++] = '\n';
    output.advanceTo(at);
    writeTo(record, 0, length, output);
    array = output.reserve(2);
    at = output.tailPosition();
    array[at++] = '\r';
    array[at++] = '\n';
    output.advanceTo(at);
  }

  /** One byte of the value, 0 to 255. */
  public int byteAt(long record, long position) {
    Records records = records();
    if (isInteger(record)) {
      Numbers.writeLong(integer(record), digits, 0);
      return digits[(int) position] & 0xff;
    }
    if (records.hasLongValue(record)) {
      return records.big.getByte(StringHandler.root(records, record), position);
    }
    return records.pages.getByte(records.value(record) + 2 + position);
  }

  /** A bit of the value, counted from the highest bit of the first byte; 0 past the end. */
  public int getBit(long record, long bit) {
    long position = bit >>> 3;
    return position < length(record) ? byteAt(record, position) >>> (7 - (int) (bit & 7)) & 1 : 0;
  }

  // ---- Writing ----

  /**
   * Sets a key to a string, in the encoding that SET chooses. A former value, of whatever type, is
   * gone.
   *
   * @param deadlineMs milliseconds since 1970, {@link Database#NO_DEADLINE} or {@link
   *     Database#KEEP_DEADLINE}
   */
  public void set(
      byte[] key,
      int keyOffset,
      int keyLength,
      byte[] value,
      int offset,
      int length,
      long deadlineMs) {
    if (length <= Numbers.MAX_LONG_CHARS && Numbers.isLong(value, offset, length)) {
      setInteger(
          key, keyOffset, keyLength, Numbers.parseLong(value, offset, length, 0), deadlineMs);
    } else {
      setText(key, keyOffset, keyLength, value, offset, length, deadlineMs);
    }
  }

  /** As {@link #set(byte[], int, int, byte[], int, int, long)}, of two words of a command. */
  public void set(Arguments words, int key, int value, long deadlineMs) {
    set(
        words.array(key),
        words.offset(key),
        words.length(key),
        words.array(value),
        words.offset(value),
        words.length(value),
        deadlineMs);
  }

  /**
   * Sets a key to a string that is not made an int even if it could be: the result of INCRBYFLOAT.
   */
  public void setText(
      byte[] key,
      int keyOffset,
      int keyLength,
      byte[] value,
      int offset,
      int length,
      long deadlineMs) {
    int encoding = length <= MAX_EMBSTR_BYTES ? Encoding.EMBSTR.code() : Encoding.RAW.code();
    setBytes(key, keyOffset, keyLength, value, offset, length, encoding, deadlineMs);
  }

  private void setBytes(
      byte[] key,
      int keyOffset,
      int keyLength,
      byte[] value,
      int offset,
      int length,
      int encoding,
      long deadlineMs) {
    if (length > Records.MAX_INLINE_VALUE) {
      setLong(key, keyOffset, keyLength, records().big.create(value, offset, length), deadlineMs);
      return;
    }
    long record =
        database.put(key, keyOffset, keyLength, STRING, encoding, 0, 2 + length, deadlineMs);
    Records records = records();
    long at = records.value(record);
    records.pages.putShort(at, length);
    records.pages.copyIn(value, offset, at + 2, length);
  }

  /** Sets a key to a raw string, however short: what commands leave that work on bytes. */
  public void setRaw(Arguments words, int key, byte[] value, int length, long deadlineMs) {
    setBytes(
        words.array(key),
        words.offset(key),
        words.length(key),
        value,
        0,
        length,
        Encoding.RAW.code(),
        deadlineMs);
  }

  /** Gives the bytes of a string piece by piece, in order. */
  @FunctionalInterface
  public interface Source {
    /** Writes {@code length} bytes of the string, from {@code position} on, into the target. */
    void read(long position, byte[] target, int length);
  }

  /**
   * Sets a key without a deadline to a raw string that {@code source} gives, of any length, in
   * pieces that fit into memory beside it. The source may read the key's former value.
   */
  public void setRaw(Arguments words, int key, long length, Source source) {
    byte[] piece = new byte[(int) Math.min(length, BigBytes.CHUNK_BYTES)];
    if (length <= Records.MAX_INLINE_VALUE) {
      source.read(0, piece, piece.length);
      setRaw(words, key, piece, piece.length, Database.NO_DEADLINE);
      return;
    }
    BigBytes big = records().big;
    long root = big.create(length);
    for (long at = 0; at < length; at += piece.length) {
      int bytes = (int) Math.min(piece.length, length - at);
      source.read(at, piece, bytes);
      big.write(root, at, piece, 0, bytes);
    }
    setLong(words.array(key), words.offset(key), words.length(key), root, Database.NO_DEADLINE);
  }

  private void setLong(byte[] key, int keyOffset, int keyLength, long root, long deadlineMs) {
    int raw = Encoding.RAW.code();
    long record =
        database.put(
            key, keyOffset, keyLength, STRING, raw, Records.FLAG_LONG_VALUE, 8, deadlineMs);
    records().pages.putLong(records().value(record), root);
  }

  private void setInteger(byte[] key, int keyOffset, int keyLength, long value, long deadlineMs) {
    long record =
        database.put(key, keyOffset, keyLength, STRING, Encoding.INT.code(), 0, 8, deadlineMs);
    records().pages.putLong(records().value(record), value);
  }

  /**
   * Gives a key another int, where {@code record} is what {@link Database#lookupChange} has just
   * found under it, 0 for none. An int is overwritten where it lies. The deadline stays.
   */
  public void changeInteger(long record, Arguments words, int key, long value) {
    long target = record;
    if (record == 0 || !isInteger(record) || !database.isWritable(record)) {
      target =
          database.putFound(
              record,
              words.array(key),
              words.offset(key),
              words.length(key),
              STRING,
              Encoding.INT.code(),
              0,
              8,
              Database.KEEP_DEADLINE);
    }
    Records records = records();
    records.pages.putLong(records.value(target), value);
  }

  /**
   * Adds bytes at the end; a missing key is set to them. The deadline stays.
   *
   * @return the new length
   */
  public long append(
      byte[] key, int keyOffset, int keyLength, byte[] value, int offset, int length) {
    long record = database.findForWriting(key, keyOffset, keyLength);
    if (record == 0) {
      set(key, keyOffset, keyLength, value, offset, length, Database.NO_DEADLINE);
      return length;
    }
    long oldLength = length(record);
    long grown = resize(record, key, keyOffset, keyLength, oldLength + length);
    write(grown, oldLength, value, offset, length);
    return oldLength + length;
  }

  public long append(Arguments words, int key, int value) {
    return append(
        words.array(key),
        words.offset(key),
        words.length(key),
        words.array(value),
        words.offset(value),
        words.length(value));
  }

  /**
   * Overwrites bytes from {@code position} on, after padding with zero bytes where the value, or a
   * missing key, is too short. Does nothing if there is nothing to write. The deadline stays.
   *
   * @return the new length
   */
  public long setRange(
      byte[] key,
      int keyOffset,
      int keyLength,
      long position,
      byte[] value,
      int offset,
      int length) {
    long record = database.findForWriting(key, keyOffset, keyLength);
    long oldLength = record == 0 ? 0 : length(record);
    if (length == 0) {
      return oldLength;
    }
    long newLength = Math.max(oldLength, position + length);
    long resized = resize(record, key, keyOffset, keyLength, newLength);
    write(resized, position, value, offset, length);
    return newLength;
  }

  /** As {@link #setRange}, of bytes that are no word of the command. */
  public long setRange(Arguments words, int key, long position, byte[] value, int length) {
    return setRange(
        words.array(key), words.offset(key), words.length(key), position, value, 0, length);
  }

  public long setRange(Arguments words, int key, long position, int value) {
    return setRange(
        words.array(key),
        words.offset(key),
        words.length(key),
        position,
        words.array(value),
        words.offset(value),
        words.length(value));
  }

  /**
   * Sets a bit, counted from the highest bit of the first byte, after padding as {@link #setRange}.
   * Returns the old bit.
   */
  public int setBit(byte[] key, int keyOffset, int keyLength, long bit, int value) {
    long record = database.findForWriting(key, keyOffset, keyLength);
    long position = bit >>> 3;
    long length = Math.max(record == 0 ? 0 : length(record), position + 1);
    long resized = resize(record, key, keyOffset, keyLength, length);
    int shift = 7 - (int) (bit & 7);
    int old = byteAt(resized, position);
    putByte(resized, position, old & ~(1 << shift) | value << shift);
    return old >>> shift & 1;
  }

  public int setBit(Arguments words, int key, long bit, int value) {
    return setBit(words.array(key), words.offset(key), words.length(key), bit, value);
  }

  /**
   * Makes the string raw, not shorter than before, new bytes zero, and writable in place.
   *
   * @param record what findForWriting has just found under the key, 0 for none
   */
  private long resize(long record, byte[] key, int keyOffset, int keyLength, long newLength) {
    Records records = records();
    if (record != 0 && records.hasLongValue(record)) {
      long writable = database.writable(record);
      long at = records.value(writable);
      long root = records.pages.getLong(at);
      if (newLength > records.big.length(root)) {
        records.pages.putLong(at, records.big.grow(root, newLength));
      }
      return writable;
    }
    if (record != 0
        && records.encoding(record) == Encoding.RAW.code()
        && records.pages.getShort(records.value(record)) == newLength) {
      return database.writable(record);
    }
    int oldLength = record == 0 ? 0 : (int) length(record);
    copyToScratch(record, oldLength);
    boolean inline = newLength <= Records.MAX_INLINE_VALUE;
    int raw = Encoding.RAW.code();
    long keep = Database.KEEP_DEADLINE;
    if (inline) {
      int bytes = (int) newLength;
      long resized =
          database.putFound(record, key, keyOffset, keyLength, STRING, raw, 0, 2 + bytes, keep);
      long at = records.value(resized);
      records.pages.putShort(at, bytes);
      records.pages.copyIn(scratch, 0, at + 2, oldLength);
      records.pages.fill(at + 2 + oldLength, bytes - oldLength, 0);
      return resized;
    }
    long root = records.big.create(newLength);
    records.big.write(root, 0, scratch, 0, oldLength);
    long resized =
        database.putFound(
            record, key, keyOffset, keyLength, STRING, raw, Records.FLAG_LONG_VALUE, 8, keep);
    records.pages.putLong(records.value(resized), root);
    return resized;
  }

  private void copyToScratch(long record, int length) {
    Invariant.check(length <= MAX_SCRATCH, "inline value too long");
    if (length > scratch.length) {
      scratch = new byte[Math.max(length, 2 * scratch.length)];
    }
    if (length > 0) {
      copy(record, 0, scratch, 0, length);
    }
  }

  private void write(long record, long position, byte[] value, int offset, int length) {
    Records records = records();
    if (records.hasLongValue(record)) {
      records.big.write(StringHandler.root(records, record), position, value, offset, length);
    } else {
      records.pages.copyIn(value, offset, records.value(record) + 2 + position, length);
    }
  }

  private void putByte(long record, long position, int value) {
    Records records = records();
    if (records.hasLongValue(record)) {
      records.big.putByte(StringHandler.root(records, record), position, value);
    } else {
      records.pages.putByte(records.value(record) + 2 + position, value);
    }
  }
}
