package io.vigil.lua;

import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.NumberText;
import io.vigil.lua.value.Numerics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a native function sees of the call: its arguments, numbered from 1, and a stack above them
 * for results and for calls of its own. There is one object per engine, so it must not be kept
 * beyond the call; a continuation gets it anew.
 */
public final class Call {
  /** Returned by a body: an invocation, a suspension and so on was asked for. */
  static final int INVOKE = -1;

  static final int RESUME = -2;
  static final int YIELD = -3;
  static final int SUSPEND = -4;

  private static final int SPARE_SLOTS = 24;

  final Interpreter interpreter;
  final LuaEngine engine;
  LuaThread thread;
  NativeFunction function;
  int base;
  int argumentCount;
  int resultsFrom;
  int top;

  // What a body asks for
  Continuation continuation;
  int invokeAt;
  LuaThread toResume;

  Call(Interpreter interpreter, LuaEngine engine) {
    this.interpreter = interpreter;
    this.engine = engine;
  }

  void begin(LuaThread on, NativeFunction callee, int first, int count) {
    thread = on;
    function = callee;
    base = first;
    argumentCount = count;
    top = first + count;
    resultsFrom = top;
    on.ensure(top + SPARE_SLOTS);
  }

  /** The engine in which this call runs. */
  public LuaEngine engine() {
    return engine;
  }

  // Arguments

  /** How many arguments there are. */
  public int argumentCount() {
    return argumentCount;
  }

  /** An argument; nil, which is null, if there is none. */
  public Object argument(int number) {
    return number <= argumentCount ? thread.stack[base + number - 1] : null;
  }

  /** Whether an argument is missing or nil. */
  public boolean isNone(int number) {
    return argument(number) == null;
  }

  /** An argument that may be nil but not missing. */
  public Object checkAny(int number) {
    if (number > argumentCount) {
      throw argumentError(number, "value expected");
    }
    return argument(number);
  }

  /** An argument that is a string, or a number and then becomes one. */
  public LuaString checkString(int number) {
    Object value = argument(number);
    if (value instanceof LuaString string) {
      return string;
    }
    if (value instanceof Double numeral) {
      LuaString text = NumberText.toLuaString(numeral);
      thread.stack[base + number - 1] = text;
      return text;
    }
    throw typeError(number, "string");
  }

  /** The same, or something else if the argument is missing or nil. */
  public LuaString optionalString(int number, LuaString otherwise) {
    return isNone(number) ? otherwise : checkString(number);
  }

  /** An argument that is a number, or a string that holds one. */
  public double checkNumber(int number) {
    Object value = argument(number);
    if (value instanceof Double numeral) {
      return numeral;
    }
    Double numeral = LuaOperators.toNumber(value);
    if (numeral == null) {
      throw typeError(number, "number");
    }
    return numeral;
  }

  /** A number argument, cut to an integer as C does. */
  public long checkInteger(int number) {
    return Numerics.toLong(checkNumber(number));
  }

  /** The same, or something else if the argument is missing or nil. */
  public long optionalInteger(int number, long otherwise) {
    return isNone(number) ? otherwise : checkInteger(number);
  }

  /** An argument that is a table. */
  public LuaTable checkTable(int number) {
    if (argument(number) instanceof LuaTable table) {
      return table;
    }
    throw typeError(number, "table");
  }

  /** An argument that is a function. */
  public LuaFunction checkFunction(int number) {
    if (argument(number) instanceof LuaFunction callee) {
      return callee;
    }
    throw typeError(number, "function");
  }

  // Results

  /** Puts a value on the stack. */
  public void push(Object value) {
    if (top >= thread.stack.length) {
      thread.ensure(top + SPARE_SLOTS);
    }
    thread.stack[top++] = value;
  }

  /** Takes the last value off the stack. */
  public void pop() {
    top--;
  }

  /** Returns one value: {@code return call.one(x)}. */
  public int one(Object value) {
    push(value);
    return 1;
  }

  /** Returns a number. */
  public int one(double value) {
    push(value);
    return 1;
  }

  /** Returns a boolean. */
  public int one(boolean value) {
    push(value ? Boolean.TRUE : Boolean.FALSE);
    return 1;
  }

  /** Returns a string of these bytes, which it takes over. */
  public int one(byte[] bytes) {
    push(newString(bytes));
    return 1;
  }

  /** Returns two values. */
  public int two(Object first, Object second) {
    push(first);
    push(second);
    return 2;
  }

  /** Returns all arguments. */
  public int allArguments() {
    top = base + argumentCount;
    return argumentCount;
  }

  /**
   * Makes room for values to push.
   *
   * @return false if there are more than a call may leave
   */
  public boolean reserve(long count) {
    if (count < 0 || count > 8000 || top - base + count > 8000) {
      return false;
    }
    thread.ensure(top + (int) count + SPARE_SLOTS);
    return true;
  }

  /** A new string that counts into the memory account; it takes the bytes over. */
  public LuaString newString(byte[] bytes) {
    engine.memory.charge(LuaString.OVERHEAD_BYTES + (long) bytes.length);
    return LuaString.wrap(bytes);
  }

  /** A new table with room for entries. */
  public LuaTable newTable(int arraySize, int hashSize) {
    return engine.newTable(arraySize, hashSize);
  }

  /**
   * Says that so many bytes are about to be allocated.
   *
   * @throws LuaError if they are too many
   */
  public void reserveMemory(long bytes) {
    engine.memory.charge(bytes);
  }

  /** Says that work was done which counts as so many steps of the script. */
  public void spend(int steps) {
    interpreter.spend(steps);
  }

  // Calls

  /**
   * Calls a function: it and its arguments were pushed last. To be returned by the body, which goes
   * on in the continuation; no native call waits on Java's stack for a Lua function.
   */
  public int invoke(int arguments, Continuation next) {
    continuation = next;
    invokeAt = top - arguments - 1;
    return INVOKE;
  }

  /**
   * Lets the run stop until the host resumes it. To be returned by the body; the continuation finds
   * the values that the host hands in as results.
   */
  public int suspend(Continuation next) {
    continuation = next;
    invokeAt = top;
    return SUSPEND;
  }

  int resumeCoroutine(LuaThread coroutine, int arguments, Continuation next) {
    continuation = next;
    toResume = coroutine;
    invokeAt = top - arguments;
    return RESUME;
  }

  /** How many results the call gave for which the continuation waited. */
  public int resultCount() {
    return top - resultsFrom;
  }

  /** A result, numbered from 1; null if there are fewer. */
  public Object result(int number) {
    return number <= resultCount() ? thread.stack[resultsFrom + number - 1] : null;
  }

  /** Takes the results off the stack. */
  public void dropResults() {
    top = resultsFrom;
  }

  /** Puts a value in front of the results and returns it with them. */
  int withResults(Object first) {
    int count = resultCount();
    push(null);
    Object[] stack = thread.stack;
    System.arraycopy(stack, resultsFrom, stack, resultsFrom + 1, count);
    stack[resultsFrom] = first;
    return count + 1;
  }

  // Errors

  /** An error at the place where this function was called. */
  public LuaError error(String message) {
    return new LuaError(where(1) + message);
  }

  /** The same with a message of any bytes. */
  public LuaError error(LuaString message) {
    byte[] where = where(1).getBytes(StandardCharsets.UTF_8);
    byte[] text = Arrays.copyOf(where, where.length + message.length());
    System.arraycopy(message.sharedBytes(), 0, text, where.length, message.length());
    return new LuaError(LuaString.wrap(text));
  }

  /** An error about an argument, in the words of Lua. */
  public LuaError argumentError(int number, String message) {
    String name = interpreter.calleeName(thread);
    int shown = number;
    boolean method = name != null && name.startsWith("method ");
    if (name == null) {
      name = "?";
    } else if (method) {
      shown--;
    }
    String plain = name.substring(name.indexOf('\'') + 1).replaceAll("'$", "");
    if (method && shown == 0) {
      return error("calling '" + plain + "' on bad self (" + message + ")");
    }
    return error("bad argument #" + shown + " to '" + plain + "' (" + message + ")");
  }

  /** An error about the type of an argument. */
  public LuaError typeError(int number, String expected) {
    String got = number > argumentCount ? "no value" : LuaOperators.typeName(argument(number));
    return argumentError(number, expected + " expected, got " + got);
  }

  /**
   * Position, as it begins a message, of a function some levels up; 1 is the caller of this one.
   */
  public String where(int level) {
    return interpreter.where(thread, level);
  }
}
