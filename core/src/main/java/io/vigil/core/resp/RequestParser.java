package io.vigil.core.resp;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Numbers;
import io.vigil.core.base.SplitArguments;
import java.util.Arrays;
import java.util.List;

/**
 * Takes a client's byte stream apart into commands, inline or multibulk, with the limits and error
 * texts of Redis.
 *
 * <p>Bytes arrive in a buffer that belongs to the event loop. Whole commands are handed out as
 * views of that buffer, without a copy and without an object. What is left over at the end of a
 * burst, a command in part or commands of a client that must wait, is copied into an array of the
 * parser's own by {@link #retain}; later bytes are appended to it, and it is given up as soon as it
 * is used up. That array grows with the bytes that really came: a header that promises much gets
 * nothing.
 *
 * <pre>
 *   feed(buffer)  { next(arguments) == COMMAND: execute }*  retain()
 *
 *   [ rawStart ... bytes of the command being read ... position ... not yet looked at ... end )
 * </pre>
 *
 * <p>A half-read multibulk command keeps the places of the words it has, so that its bytes are
 * looked at once however they trickle in.
 */
public final class RequestParser {
  /** Longest inline request, and longest header line, in bytes. */
  public static final int INLINE_LIMIT = 64 * 1024;

  private static final int UNAUTHENTICATED_WORDS = 10;
  private static final int UNAUTHENTICATED_BULK = 16384;
  private static final int SMALL_ARRAY = 16 * 1024;

  /** What one array can hold beside its headers. */
  private static final int LARGEST_BULK = Integer.MAX_VALUE - 2 * INLINE_LIMIT;

  /** What {@link #next} found. */
  public enum Outcome {
    COMMAND,
    NEED_MORE,
    ERROR
  }

  private byte[] buffer = Words.NO_BYTES;
  private boolean owned;
  private int rawStart;
  private int position;
  private int end;

  /** Where the bytes of this burst begin, those of commands already handed out included. */
  private int burstStart;

  /** Bytes from {@link #position} on in which the end of a line was looked for in vain. */
  private int scanned;

  private boolean inMultibulk;
  private int wordsLeft;
  private long bulkLength = -1;

  /** Places, from {@link #rawStart}, of the words of a command that did not arrive at once. */
  private Words partial;

  private long maxBulkBytes = 512L * 1024 * 1024;
  private boolean unauthenticated;
  private boolean fromPrimary;
  private ProtocolError error;

  // What the last command looked like on the wire.
  private int commandStart;
  private int commandEnd;

  /** A growing list of slices. */
  private static final class Words {
    static final byte[] NO_BYTES = {};
    int[] offsets = new int[16];
    int[] lengths = new int[16];
    int count;

    void add(int offset, int length) {
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, count * 2);
        lengths = Arrays.copyOf(lengths, count * 2);
      }
      offsets[count] = offset;
      lengths[count++] = length;
    }
  }

  /** Largest bulk taken, in bytes: {@code proto-max-bulk-len}; never more than about 2 GiB. */
  public void maxBulkBytes(long bytes) {
    maxBulkBytes = Math.min(bytes, LARGEST_BULK);
  }

  /** While true, only small commands are taken: the client has yet to authenticate. */
  public void unauthenticated(boolean value) {
    unauthenticated = value;
  }

  /** Marks the stream of a primary: bulks of any length, no inline commands but empty lines. */
  public void fromPrimary(boolean value) {
    fromPrimary = value;
  }

  /** Gives the parser new bytes, valid until {@link #retain}. */
  public void feed(byte[] bytes, int offset, int length) {
    if (end == rawStart) {
      buffer = bytes;
      owned = false;
      rawStart = offset;
      burstStart = offset;
      position = offset;
      end = offset + length;
      return;
    }
    if (!owned) {
      throw new IllegalStateException("bytes of an earlier burst were not retained");
    }
    makeRoom(length);
    burstStart = rawStart;
    System.arraycopy(bytes, offset, buffer, end, length);
    end += length;
  }

  /** Room for {@code length} more bytes in the own array, up to the end of a known bulk. */
  private void makeRoom(int length) {
    if (buffer.length - end >= length) {
      return;
    }
    int kept = end - rawStart;
    int needed = Math.addExact(kept, length);
    if (rawStart > 0 && buffer.length >= needed && buffer.length >= kept * 2L) {
      moveTo(buffer);
      return;
    }
    long capacity = Math.max(needed, Math.min(2L * kept, Integer.MAX_VALUE - 8));
    if (inMultibulk && bulkLength > SMALL_ARRAY) {
      capacity = Math.min(capacity, position - rawStart + bulkLength + 2);
    }
    moveTo(new byte[(int) Math.max(needed, capacity)]);
  }

  private void moveTo(byte[] target) {
    System.arraycopy(buffer, rawStart, target, 0, end - rawStart);
    buffer = target;
    position -= rawStart;
    end -= rawStart;
    rawStart = 0;
    owned = true;
  }

  /**
   * Ends a burst: copies what is left, so that the buffer given to {@link #feed} may be used again.
   * Views handed out before are void.
   */
  public void retain() {
    trim();
    burstStart = rawStart;
  }

  private void trim() {
    if (end == rawStart) {
      buffer = Words.NO_BYTES;
      owned = true;
      rawStart = 0;
      position = 0;
      end = 0;
    } else if (!owned) {
      moveTo(new byte[end - rawStart]);
    } else if (rawStart > 0 && end - rawStart < buffer.length / 4) {
      moveTo(new byte[end - rawStart]);
    }
  }

  /**
   * Reads the next command into {@code into}, which is cleared first. After ERROR the stream cannot
   * be read on.
   */
  public Outcome next(Arguments into) {
    into.clear();
    if (error != null) {
      return Outcome.ERROR;
    }
    if (partial == null && !fromPrimary) {
      rawStart = position;
    }
    while (position < end || inMultibulk) {
      Outcome outcome = inMultibulk || buffer[position] == '*' ? multibulk(into) : inline(into);
      if (outcome != Outcome.COMMAND) {
        return outcome;
      }
      if (into.count() > 0) {
        commandStart = rawStart;
        commandEnd = position;
        rawStart = position;
        return Outcome.COMMAND;
      }
      // An empty line or an empty array is skipped; on the link of a primary it counts as part of
      // the next command, whose bytes are passed on.
      if (!fromPrimary) {
        rawStart = position;
      }
    }
    return Outcome.NEED_MORE;
  }

  /** Finds the keys of commands that wait in the buffer; returns how many there are. */
  public int upcoming(UpcomingKeys keys) {
    return inMultibulk ? 0 : keys.scan(buffer, position, end);
  }

  // ---- inline

  private Outcome inline(Arguments into) {
    int newline = find('\n');
    if ((newline < 0 ? end : newline) - position > INLINE_LIMIT) {
      return fail(ProtocolError.INLINE_TOO_BIG);
    }
    if (newline < 0) {
      return Outcome.NEED_MORE;
    }
    int lineEnd = newline > position && buffer[newline - 1] == '\r' ? newline - 1 : newline;
    if (fromPrimary && lineEnd > position) {
      return fail(ProtocolError.INLINE_FROM_PRIMARY);
    }
    if (!splitPlain(into, lineEnd)) {
      List<byte[]> words = SplitArguments.of(buffer, position, lineEnd - position);
      if (words == null) {
        return fail(ProtocolError.UNBALANCED_QUOTES);
      }
      into.clear();
      for (byte[] word : words) {
        into.add(word, 0, word.length);
      }
    }
    position = newline + 1;
    return Outcome.COMMAND;
  }

  /** Splits a line at blanks; false when it has quotes, which need more care. */
  private boolean splitPlain(Arguments into, int lineEnd) {
    int at = position;
    while (true) {
      while (at < lineEnd && SplitArguments.isSpace(buffer[at])) {
        at++;
      }
      if (at == lineEnd) {
        return true;
      }
      int start = at;
      for (; at < lineEnd; at++) {
        byte b = buffer[at];
        if (b == '"' || b == '\'') {
          return false;
        }
        if (b == ' ' || b == '\t' || b == '\r') {
          break;
        }
      }
      into.add(buffer, start, at - start);
    }
  }

  // ---- multibulk

  private Outcome multibulk(Arguments into) {
    if (!inMultibulk) {
      Outcome outcome = count();
      if (outcome != Outcome.COMMAND || !inMultibulk) {
        return outcome;
      }
    }
    while (wordsLeft > 0) {
      if (bulkLength < 0) {
        Outcome outcome = bulkHeader();
        if (outcome != Outcome.COMMAND) {
          return suspend(into, outcome);
        }
      }
      if (end - position < bulkLength + 2) {
        return suspend(into, Outcome.NEED_MORE);
      }
      int length = (int) bulkLength;
      if (partial != null) {
        partial.add(position - rawStart, length);
      } else {
        into.add(buffer, position, length);
      }
      position += length + 2;
      bulkLength = -1;
      wordsLeft--;
    }
    inMultibulk = false;
    if (partial != null) {
      for (int i = 0; i < partial.count; i++) {
        into.add(buffer, rawStart + partial.offsets[i], partial.lengths[i]);
      }
      partial = null;
    }
    return Outcome.COMMAND;
  }

  /** Keeps the places of the words read so far. */
  private Outcome suspend(Arguments into, Outcome outcome) {
    if (outcome == Outcome.NEED_MORE && partial == null) {
      partial = new Words();
      for (int i = 0; i < into.count(); i++) {
        partial.add(into.offset(i) - rawStart, into.length(i));
      }
    }
    into.clear();
    return outcome;
  }

  /** Reads {@code *<count>}. */
  private Outcome count() {
    int lineEnd = find('\r');
    if ((lineEnd < 0 ? end : lineEnd) - position > INLINE_LIMIT) {
      return fail(ProtocolError.COUNT_TOO_BIG);
    }
    if (lineEnd < 0 || lineEnd + 1 >= end) {
      return Outcome.NEED_MORE;
    }
    long count = number(lineEnd);
    if (count > Integer.MAX_VALUE) {
      return fail(ProtocolError.INVALID_COUNT);
    }
    if (count > UNAUTHENTICATED_WORDS && unauthenticated) {
      return fail(ProtocolError.UNAUTHENTICATED_COUNT);
    }
    position = lineEnd + 2;
    scanned = 0;
    if (count > 0) {
      inMultibulk = true;
      wordsLeft = (int) count;
    }
    return Outcome.COMMAND;
  }

  /** Reads {@code $<length>}. */
  private Outcome bulkHeader() {
    int lineEnd = find('\r');
    if ((lineEnd < 0 ? end : lineEnd) - position > INLINE_LIMIT) {
      return fail(ProtocolError.BULK_HEADER_TOO_BIG);
    }
    if (lineEnd < 0 || lineEnd + 1 >= end) {
      return Outcome.NEED_MORE;
    }
    if (buffer[position] != '$') {
      return fail(ProtocolError.expectedBulk(buffer[position]));
    }
    long length = number(lineEnd);
    if (length < 0 || length > (fromPrimary ? LARGEST_BULK : maxBulkBytes)) {
      return fail(ProtocolError.INVALID_BULK);
    }
    if (length > UNAUTHENTICATED_BULK && unauthenticated) {
      return fail(ProtocolError.UNAUTHENTICATED_BULK);
    }
    position = lineEnd + 2;
    scanned = 0;
    bulkLength = length;
    return Outcome.COMMAND;
  }

  /** The number between the mark at the position and the end of its line; too large if invalid. */
  private long number(int lineEnd) {
    int from = position + 1;
    int length = lineEnd - from;
    // One digit is by far the most frequent.
    if (length == 1 && buffer[from] >= '0' && buffer[from] <= '9') {
      return buffer[from] - '0';
    }
    return Numbers.parseLong(buffer, from, length, Long.MAX_VALUE);
  }

  /**
   * Index of {@code wanted} from the position on, or -1. A NUL byte hides what comes after it, as
   * it does in Redis.
   */
  private int find(char wanted) {
    byte[] bytes = buffer;
    int limit = end;
    int at = position + scanned;
    while (at < limit) {
      byte b = bytes[at];
      if (b == wanted) {
        scanned = 0;
        return at;
      }
      if (b == 0) {
        break;
      }
      at++;
    }
    scanned = at - position;
    return -1;
  }

  private Outcome fail(ProtocolError reason) {
    error = reason;
    return Outcome.ERROR;
  }

  /** Why the stream cannot be read on, after ERROR. */
  public ProtocolError error() {
    return error;
  }

  // ---- the bytes themselves

  /** Array that holds the last command as it came, until the next {@link #feed}. */
  public byte[] commandArray() {
    return buffer;
  }

  /** Where the last command starts in {@link #commandArray}. */
  public int commandOffset() {
    return commandStart;
  }

  /** Length of the last command on the wire, in bytes. */
  public int commandLength() {
    return commandEnd - commandStart;
  }

  /** Bytes given but not yet part of a command handed out. */
  public int pendingBytes() {
    return end - rawStart;
  }

  /** Bytes of the burst under way, commands that ran included, or what was left of the last one. */
  public int burstBytes() {
    return end - burstStart;
  }

  /** Bytes of memory kept between bursts. */
  public int heldBytes() {
    return owned ? buffer.length : 0;
  }

  /** Words of a half-read command, and the bytes they take: for the accounts of CLIENT LIST. */
  public int partialWords() {
    return partial == null ? 0 : partial.count;
  }

  /** The bytes not yet part of a command, for what the log shows of a protocol error. */
  public byte[] pendingCopy() {
    return Arrays.copyOfRange(buffer, position, end);
  }
}
