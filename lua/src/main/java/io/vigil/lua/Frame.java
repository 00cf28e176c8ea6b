package io.vigil.lua;

/**
 * One function that is being called. Frames are reused: a thread keeps those it once needed.
 *
 * <p>A frame of a Lua function has code. One of a native function exists only while it waits for
 * something that it asked for, and has a continuation instead.
 */
final class Frame {
  /** What becomes of the results when the function returns. */
  enum Then {
    /** They go to the registers from {@code target} on, as many as {@code wanted}. */
    RESULTS,
    /** The first goes to the register {@code target}: a metamethod that gives a value. */
    STORE,
    /** They are dropped: __newindex. */
    DROP,
    /** Their truth decides the comparison at which the frame below stands. */
    TEST,
    /** The same, reversed: a <= b by way of __lt(b, a). */
    TEST_NOT,
    /** The first goes to the register {@code target}, and the concatenation goes on there. */
    CONCAT,
    /** The native function below goes on with them. */
    NATIVE,
    /** This was the thread's first function. */
    FINISH
  }

  /** The code of a Lua function; null in a native function's frame. */
  int[] code;

  Object[] constants;
  LuaClosure closure;
  int pc;

  /** The slot of the function itself, and of the first register or argument. */
  int function;

  int base;

  /** Extra arguments, which stand right below the base. */
  int extra;

  /** Calls that gave up their frame for this one. */
  int tailCalls;

  Then then;
  int wanted;
  int target;

  /** Calls from native functions and metamethods below this one, itself included. */
  int boundaries;

  // Native functions

  NativeFunction nativeFunction;
  Continuation continuation;
  int argumentCount;

  /** Where the results of what was asked for begin, and where they end. */
  int resultsFrom;

  int top;
}
