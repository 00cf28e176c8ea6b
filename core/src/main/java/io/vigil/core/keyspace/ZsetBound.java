package io.vigil.core.keyspace;

import java.util.Arrays;

/** A place in the order of a sorted set, between two elements or at an end. */
public sealed interface ZsetBound {
  /** Before all elements. */
  ZsetBound START = new End(false);

  /** Behind all elements. */
  ZsetBound END = new End(true);

  /** True for elements that lie before this place. */
  boolean isAfter(double score, Item member);

  /** True when the member of an element is looked at, not its score alone. */
  boolean readsMembers();

  /** An end of the order. */
  record End(boolean last) implements ZsetBound {
    @Override
    public boolean isAfter(double score, Item member) {
      return last;
    }

    @Override
    public boolean readsMembers() {
      return false;
    }
  }

  /**
   * Before or behind the elements with a score.
   *
   * @param behind true: behind them
   */
  record Score(double score, boolean behind) implements ZsetBound {
    @Override
    public boolean isAfter(double other, Item member) {
      return behind ? other <= score : other < score;
    }

    @Override
    public boolean readsMembers() {
      return false;
    }
  }

  /**
   * Before or behind a member, in a sorted set whose scores are all the same.
   *
   * @param behind true: behind it
   */
  record Member(byte[] member, boolean behind) implements ZsetBound {
    @Override
    public boolean isAfter(double score, Item other) {
      int difference = Arrays.compareUnsigned(other.bytes(), member);
      return behind ? difference <= 0 : difference < 0;
    }

    @Override
    public boolean readsMembers() {
      return true;
    }
  }
}
