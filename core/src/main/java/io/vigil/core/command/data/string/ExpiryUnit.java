package io.vigil.core.command.data.string;

import io.vigil.core.command.data.DataInvocation;
import io.vigil.core.spec.CommandError;

/** How a time to live or a deadline stands in an argument. */
enum ExpiryUnit {
  SECONDS(1000, false),
  MILLISECONDS(1, false),
  UNIX_SECONDS(1000, true),
  UNIX_MILLISECONDS(1, true);

  private final long factor;
  private final boolean absolute;

  ExpiryUnit(long factor, boolean absolute) {
    this.factor = factor;
    this.absolute = absolute;
  }

  boolean isAbsolute() {
    return absolute;
  }

  /**
   * The deadline that the word at {@code index} means, in Unix milliseconds; an error when it is
   * not positive.
   */
  long deadlineMs(DataInvocation call, int index) {
    long value = call.integer(index);
    if (value <= 0 || value > Long.MAX_VALUE / factor) {
      throw invalid(call);
    }
    long milliseconds = value * factor;
    if (absolute) {
      return milliseconds;
    }
    long deadlineMs = milliseconds + call.nowMs();
    if (deadlineMs <= 0) {
      throw invalid(call);
    }
    return deadlineMs;
  }

  private static CommandError invalid(DataInvocation call) {
    return new CommandError("ERR invalid expire time in '" + call.spec().name() + "' command");
  }
}
