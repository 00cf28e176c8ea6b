package io.vigil.core.observe;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Ascii;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** The commands that took longest, newest first: SLOWLOG. Long commands are kept shortened. */
public final class SlowLog {
  private static final int MOST_WORDS = 32;
  private static final int LONGEST_WORD = 128;
  private static final byte[] REDACTED = Ascii.bytes("(redacted)");

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long nextId;

  /**
   * One slow command.
   *
   * @param seconds wall time at its end, in seconds
   * @param micros how long it took
   */
  public record Entry(
      long id, long seconds, long micros, List<byte[]> words, String address, String clientName) {}

  /**
   * Keeps a command and drops the oldest beyond {@code mostEntries}.
   *
   * @param redacted tells words that must not be shown
   */
  public void add(
      Arguments arguments,
      IntPredicate redacted,
      long seconds,
      long micros,
      String address,
      String clientName,
      long mostEntries) {
    List<byte[]> words = words(arguments, redacted);
    entries.addFirst(new Entry(nextId++, seconds, micros, words, address, clientName));
    trim(mostEntries);
  }

  /** Drops the oldest entries beyond {@code mostEntries}. */
  public void trim(long mostEntries) {
    while (entries.size() > mostEntries) {
      entries.removeLast();
    }
  }

  private static List<byte[]> words(Arguments arguments, IntPredicate redacted) {
    int count = arguments.count();
    int kept = Math.min(count, MOST_WORDS);
    List<byte[]> words = new ArrayList<>(kept);
    for (int i = 0; i < kept; i++) {
      if (kept < count && i == kept - 1) {
        words.add(Ascii.bytes("... (" + (count - kept + 1) + " more arguments)"));
      } else {
        words.add(redacted.test(i) ? REDACTED : shortened(arguments, i));
      }
    }
    return words;
  }

  private static byte[] shortened(Arguments arguments, int index) {
    int length = arguments.length(index);
    if (length <= LONGEST_WORD) {
      return arguments.copy(index);
    }
    byte[] more = Ascii.bytes("... (" + (length - LONGEST_WORD) + " more bytes)");
    byte[] word = new byte[LONGEST_WORD + more.length];
    System.arraycopy(arguments.array(index), arguments.offset(index), word, 0, LONGEST_WORD);
    System.arraycopy(more, 0, word, LONGEST_WORD, more.length);
    return word;
  }

  /** Entries, newest first. */
  public Iterable<Entry> entries() {
    return entries;
  }

  public int length() {
    return entries.size();
  }

  public void reset() {
    entries.clear();
  }
}
