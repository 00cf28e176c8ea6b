package io.vigil.core.command.data.string;

import io.vigil.core.base.Arguments;
import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.keyspace.Database;
import io.vigil.core.spec.CommandError;

/**
 * The words behind the value of SET, or behind the key of GETEX. Contradictions are syntax errors.
 */
final class SetOptions {
  private boolean onlyIfMissing;
  private boolean onlyIfPresent;
  private boolean returnOld;
  private boolean keepDeadline;
  private boolean persist;
  private ExpiryUnit unit;
  private int valueIndex;
  private long deadlineMs = Database.NO_DEADLINE;

  private SetOptions() {}

  static SetOptions withDeadline(long deadlineMs) {
    SetOptions options = new SetOptions();
    options.unit = ExpiryUnit.MILLISECONDS;
    options.deadlineMs = deadlineMs;
    return options;
  }

  static SetOptions ofSet(DataInvocation call) {
    SetOptions options = new SetOptions();
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "NX") && !options.onlyIfPresent) {
        options.onlyIfMissing = true;
      } else if (call.is(i, "XX") && !options.onlyIfMissing) {
        options.onlyIfPresent = true;
      } else if (call.is(i, "GET")) {
        options.returnOld = true;
      } else if (call.is(i, "KEEPTTL") && options.unit == null) {
        options.keepDeadline = true;
      } else if (options.takesUnit(call, i) && !options.keepDeadline) {
        options.valueIndex = ++i;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    options.readDeadline(call);
    return options;
  }

  /** Of GETEX, whose number is not read yet: a missing key makes it irrelevant. */
  static SetOptions ofGetEx(DataInvocation call) {
    SetOptions options = new SetOptions();
    for (int i = 2; i < call.count(); i++) {
      if (call.is(i, "PERSIST") && options.unit == null) {
        options.persist = true;
      } else if (options.takesUnit(call, i) && !options.persist) {
        options.valueIndex = ++i;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    return options;
  }

  /**
   * Takes a unit at {@code index} that a number follows, if it is the first one, or the same again.
   */
  private boolean takesUnit(DataInvocation call, int index) {
    ExpiryUnit found = unitAt(call, index);
    if (found == null || index + 1 >= call.count() || unit != null && unit != found) {
      return false;
    }
    unit = found;
    return true;
  }

  private static ExpiryUnit unitAt(DataInvocation call, int index) {
    if (call.is(index, "EX")) {
      return ExpiryUnit.SECONDS;
    }
    if (call.is(index, "PX")) {
      return ExpiryUnit.MILLISECONDS;
    }
    if (call.is(index, "EXAT")) {
      return ExpiryUnit.UNIX_SECONDS;
    }
    return call.is(index, "PXAT") ? ExpiryUnit.UNIX_MILLISECONDS : null;
  }

  /** Reads the number behind the unit, if there is one; an error when it is not valid. */
  void readDeadline(DataInvocation call) {
    if (unit != null) {
      deadlineMs = unit.deadlineMs(call, valueIndex);
    }
  }

  boolean isConditional() {
    return onlyIfMissing || onlyIfPresent || returnOld;
  }

  boolean onlyIfMissing() {
    return onlyIfMissing;
  }

  boolean onlyIfPresent() {
    return onlyIfPresent;
  }

  boolean returnOld() {
    return returnOld;
  }

  boolean keepDeadline() {
    return keepDeadline;
  }

  boolean persist() {
    return persist;
  }

  boolean hasDeadline() {
    return unit != null;
  }

  /** True when the deadline was given as a point in time, which may lie in the past. */
  boolean isAbsolute() {
    return unit != null && unit.isAbsolute();
  }

  /** Unix milliseconds, or {@link Database#NO_DEADLINE}. */
  long deadlineMs() {
    return deadlineMs;
  }

  /** The words of a SET without its GET option: what replicas need. */
  byte[][] wordsWithoutGet(Arguments words) {
    java.util.List<byte[]> kept = new java.util.ArrayList<>();
    for (int i = 0; i < words.count(); i++) {
      if (i < 3 || !words.is(i, "GET")) {
        kept.add(words.copy(i));
      }
    }
    return kept.toArray(byte[][]::new);
  }
}
