package io.vigil.core.resp;

/**
 * The places of the keys of commands that have arrived but not run yet: a hint, so that what they
 * will touch can be fetched into the processor's cache for many of them at once. It takes the
 * second word of a multibulk command for its key, looks only at commands that have arrived whole,
 * and gives up at the first thing that is out of the ordinary.
 */
public final class UpcomingKeys {
  /** Keys looked for at a time. */
  public static final int MOST = 64;

  private final int[] offsets = new int[MOST];
  private final int[] lengths = new int[MOST];
  private byte[] buffer = {};
  private int count;
  private int position;
  private int end;

  /** Looks at {@code bytes[from, to)}; returns how many keys there are. */
  int scan(byte[] bytes, int from, int to) {
    buffer = bytes;
    position = from;
    end = to;
    count = 0;
    while (count < MOST && takeCommand()) {
      count++;
    }
    return count;
  }

  private boolean takeCommand() {
    int words = number('*');
    if (words < 2 || !skipWord()) {
      return false;
    }
    int length = number('$');
    if (length < 0 || end - position < length) {
      return false;
    }
    offsets[count] = position;
    lengths[count] = length;
    position += length + 2;
    for (int i = 2; i < words; i++) {
      if (!skipWord()) {
        return false;
      }
    }
    return position <= end;
  }

  private boolean skipWord() {
    int length = number('$');
    if (length < 0 || end - position < length) {
      return false;
    }
    position += length + 2;
    return true;
  }

  /** The number of a header line that starts with {@code mark}; -1 when there is none. */
  private int number(char mark) {
    if (position >= end || buffer[position] != mark) {
      return -1;
    }
    int value = 0;
    for (int at = position + 1; at < end; at++) {
      int digit = buffer[at] - '0';
      if (digit < 0 || digit > 9) {
        position = at + 2;
        return buffer[at] == '\r' ? value : -1;
      }
      if (value > 100_000_000) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return -1;
  }

  public int count() {
    return count;
  }

  /** The array that all keys lie in. */
  public byte[] array() {
    return buffer;
  }

  public int offset(int index) {
    return offsets[index];
  }

  public int length(int index) {
    return lengths[index];
  }
}
