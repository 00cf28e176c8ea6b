package io.vigil.core.command.data.zset;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.spec.CommandError;

/**
 * The words between the key of ZADD and its first score.
 *
 * @param onlyMissing NX: members that are there stay as they are
 * @param onlyPresent XX: members that are missing are not added
 * @param onlyGreater GT: a score is never lowered
 * @param onlyLess LT: a score is never raised
 * @param countsChanges CH: changed scores count as well
 * @param increments INCR: the number is added to the score
 * @param firstPair index of the first score
 */
record AddOptions(
    boolean onlyMissing,
    boolean onlyPresent,
    boolean onlyGreater,
    boolean onlyLess,
    boolean countsChanges,
    boolean increments,
    int firstPair) {
  private static final CommandError NOT_A_NUMBER =
      new CommandError("ERR resulting score is not a number (NaN)");

  /** Those of ZADD itself when it is asked to do nothing special. */
  static AddOptions none() {
    return new AddOptions(false, false, false, false, false, false, 2);
  }

  /** Those of ZINCRBY. */
  static AddOptions increment() {
    return new AddOptions(false, false, false, false, false, true, 2);
  }

  static AddOptions of(DataInvocation call) {
    boolean missing = false;
    boolean present = false;
    boolean greater = false;
    boolean less = false;
    boolean changes = false;
    boolean increments = false;
    int at = 2;
    boolean option = true;
    while (option && at < call.count()) {
      if (call.is(at, "NX")) {
        missing = true;
      } else if (call.is(at, "XX")) {
        present = true;
      } else if (call.is(at, "GT")) {
        greater = true;
      } else if (call.is(at, "LT")) {
        less = true;
      } else if (call.is(at, "CH")) {
        changes = true;
      } else if (call.is(at, "INCR")) {
        increments = true;
      } else {
        option = false;
      }
      at += option ? 1 : 0;
    }
    AddOptions options = new AddOptions(missing, present, greater, less, changes, increments, at);
    options.check(call.count() - at);
    return options;
  }

  private void check(int words) {
    if (words % 2 != 0 || words == 0) {
      throw CommandError.SYNTAX;
    }
    if (onlyMissing && onlyPresent) {
      throw new CommandError("ERR XX and NX options at the same time are not compatible");
    }
    if (onlyGreater && onlyMissing || onlyLess && onlyMissing || onlyGreater && onlyLess) {
      throw new CommandError("ERR GT, LT, and/or NX options at the same time are not compatible");
    }
    if (increments && words > 2) {
      throw new CommandError("ERR INCR option supports a single increment-element pair");
    }
  }

  /**
   * The score that a member is to have.
   *
   * @param old its score now, not-a-number if it is missing
   * @return not-a-number when it is to be left alone
   */
  double apply(double old, double number) {
    if (Double.isNaN(old)) {
      return onlyPresent ? Double.NaN : number;
    }
    if (onlyMissing) {
      return Double.NaN;
    }
    double score = increments ? old + number : number;
    if (Double.isNaN(score)) {
      throw NOT_A_NUMBER;
    }
    return onlyLess && score >= old || onlyGreater && score <= old ? Double.NaN : score;
  }
}
