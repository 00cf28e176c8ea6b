package io.vigil.core.spec;

import io.vigil.core.base.Arguments;

/**
 * Where a command's keys stand in its arguments: first where to begin (an index, or a keyword to
 * look for), then how to go on from there (a range, or a count that stands among the arguments).
 * Immutable; the fluent methods return changed copies.
 *
 * <pre>{@code
 * key(1).ro().access()                        GET
 * key(1).range(-1, 1, 0).rm().delete()        DEL: every word from 1 on
 * keyword("STREAMS", 1).range(-1, 1, 2)       XREAD: the first half of the words behind STREAMS
 * key(1).keynum(0, 1, 1)                      EVAL-like: a count, then that many keys
 * }</pre>
 */
public final class KeySpec {
  /** How the first position is found. */
  public enum Begin {
    INDEX,
    KEYWORD,
    UNKNOWN
  }

  /** How the other positions follow from the first. */
  public enum Find {
    RANGE,
    KEYNUM,
    UNKNOWN
  }

  private final Begin begin;
  private final int index;
  private final String keyword;
  private final Find find;
  private final int first;
  private final int second;
  private final int third;
  private final int flags;
  private final String notes;

  private KeySpec(
      Begin begin,
      int index,
      String keyword,
      Find find,
      int first,
      int second,
      int third,
      int flags,
      String notes) {
    this.begin = begin;
    this.index = index;
    this.keyword = keyword;
    this.find = find;
    this.first = first;
    this.second = second;
    this.third = third;
    this.flags = flags;
    this.notes = notes;
  }

  /** One key at argument {@code index} (the command's name is 0). */
  public static KeySpec key(int index) {
    return new KeySpec(Begin.INDEX, index, null, Find.RANGE, 0, 1, 0, 0, null);
  }

  /**
   * Begins behind {@code keyword}, searched from argument {@code startFrom}, or backwards when it
   * is negative.
   */
  public static KeySpec keyword(String keyword, int startFrom) {
    return new KeySpec(Begin.KEYWORD, startFrom, keyword, Find.RANGE, 0, 1, 0, 0, null);
  }

  /** A place that no rule describes: the command finds its keys by a {@link KeyFinder}. */
  public static KeySpec unknown() {
    return new KeySpec(Begin.UNKNOWN, 0, null, Find.UNKNOWN, 0, 0, 0, 0, null);
  }

  /**
   * Keys from the first position up to {@code lastKey} (relative to it; negative: from the end of
   * the arguments), each {@code step} apart. With {@code lastKey} -1 a {@code limit} above 1 takes
   * only that fraction of the words that follow.
   */
  public KeySpec range(int lastKey, int step, int limit) {
    return new KeySpec(begin, index, keyword, Find.RANGE, lastKey, step, limit, flags, notes);
  }

  /**
   * A count {@code countIndex} words after the first position, keys from {@code firstKey} after it,
   * {@code step} apart.
   */
  public KeySpec keynum(int countIndex, int firstKey, int step) {
    return new KeySpec(
        begin, index, keyword, Find.KEYNUM, countIndex, firstKey, step, flags, notes);
  }

  /** The rule for the other positions cannot be told. */
  public KeySpec findUnknown() {
    return new KeySpec(begin, index, keyword, Find.UNKNOWN, 0, 0, 0, flags, notes);
  }

  public KeySpec notes(String text) {
    return new KeySpec(begin, index, keyword, find, first, second, third, flags, text);
  }

  public KeySpec with(KeyFlag flag) {
    return new KeySpec(
        begin, index, keyword, find, first, second, third, flags | flag.mask(), notes);
  }

  public KeySpec ro() {
    return with(KeyFlag.RO);
  }

  public KeySpec rw() {
    return with(KeyFlag.RW);
  }

  public KeySpec ow() {
    return with(KeyFlag.OW);
  }

  public KeySpec rm() {
    return with(KeyFlag.RM);
  }

  public KeySpec access() {
    return with(KeyFlag.ACCESS);
  }

  public KeySpec update() {
    return with(KeyFlag.UPDATE);
  }

  public KeySpec insert() {
    return with(KeyFlag.INSERT);
  }

  public KeySpec delete() {
    return with(KeyFlag.DELETE);
  }

  public KeySpec notKey() {
    return with(KeyFlag.NOT_KEY);
  }

  public KeySpec incomplete() {
    return with(KeyFlag.INCOMPLETE);
  }

  public KeySpec variableFlags() {
    return with(KeyFlag.VARIABLE_FLAGS);
  }

  public Begin begin() {
    return begin;
  }

  /** The index, or where the search for the keyword starts. */
  public int beginIndex() {
    return index;
  }

  public String beginKeyword() {
    return keyword;
  }

  public Find find() {
    return find;
  }

  /** Last key of a range; index of the count of a keynum. */
  public int findFirst() {
    return first;
  }

  /** Step of a range; first key of a keynum. */
  public int findSecond() {
    return second;
  }

  /** Limit of a range; step of a keynum. */
  public int findThird() {
    return third;
  }

  /** Set of {@link KeyFlag} masks. */
  public int flags() {
    return flags;
  }

  public boolean has(KeyFlag flag) {
    return (flags & flag.mask()) != 0;
  }

  public String notes() {
    return notes;
  }

  /** A command's own way to find its keys, where no rule describes it. */
  @FunctionalInterface
  public interface KeyFinder {
    /**
     * Adds the keys of {@code arguments}, whose command stands at {@code base}; false when they are
     * malformed.
     */
    boolean find(Arguments arguments, int base, KeyPositions result);
  }

  /**
   * Adds the keys this rule finds in the command that starts at argument {@code base}; false when
   * the arguments do not fit the rule.
   */
  boolean collect(Arguments arguments, int base, KeyPositions result) {
    int count = arguments.count() - base;
    int from = beginning(arguments, base, count);
    if (from < 0) {
      return begin == Begin.KEYWORD;
    }
    return switch (find) {
      case RANGE -> collectRange(count, from, base, result);
      case KEYNUM -> collectCounted(arguments, count, from, base, result);
      case UNKNOWN -> false;
    };
  }

  private int beginning(Arguments arguments, int base, int count) {
    if (begin == Begin.INDEX) {
      return index;
    }
    if (begin == Begin.UNKNOWN) {
      return -1;
    }
    int step = index > 0 ? 1 : -1;
    int at = index > 0 ? index : count + index;
    for (; at > 0 && at < count; at += step) {
      if (arguments.is(base + at, keyword)) {
        return at + 1;
      }
    }
    return -1;
  }

  private boolean collectRange(int count, int from, int base, KeyPositions result) {
    int last;
    if (first >= 0) {
      last = from + first;
    } else if (third <= 1) {
      last = count + first;
    } else {
      last = from + (count - from) / third + first;
    }
    return collectEach(count, from, last, second, base, result);
  }

  private boolean collectCounted(
      Arguments arguments, int count, int from, int base, KeyPositions result) {
    int countAt = from + first;
    if (countAt >= count) {
      return false;
    }
    int keys = KeyPositions.parseCount(arguments, base + countAt);
    if (keys < 0) {
      return false;
    }
    int start = from + second;
    return collectEach(count, start, start + (keys - 1) * third, third, base, result);
  }

  private boolean collectEach(
      int count, int from, int last, int step, int base, KeyPositions result) {
    if (last >= count || last < from) {
      return false;
    }
    for (int at = from; at <= last; at += step) {
      result.add(base + at, flags);
    }
    return true;
  }
}
