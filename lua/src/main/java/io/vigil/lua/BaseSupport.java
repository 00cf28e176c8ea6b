package io.vigil.lua;

import io.vigil.lua.value.LuaError;

/** Functions of the base and coroutine libraries that need to see inside the machine. */
public final class BaseSupport {
  private BaseSupport() {}

  /** The results of a call with {@code true} in front. */
  public static int withFlag(Call call) {
    return call.withResults(Boolean.TRUE);
  }

  /** The metamethod that makes the text of a value, or null. */
  public static Object textMethod(Call call, Object value) {
    return Event.TOSTRING.in(call.engine.metatable(value));
  }

  /** The metamethod for reading fields of a value, or null. */
  public static Object indexMethod(Call call, Object value) {
    return Event.INDEX.in(call.engine.metatable(value));
  }

  /** The metamethod by which two values of one type are ordered, or null. */
  public static Object lessMethod(Call call, Object x, Object y) {
    return call.interpreter.metamethods.orderMethod(x, y, Event.LT);
  }

  /** The error that two values cannot be compared. */
  public static LuaError orderError(Object x, Object y) {
    String first = LuaOperators.typeName(x);
    String second = LuaOperators.typeName(y);
    return new LuaError(
        first.equals(second)
            ? "attempt to compare two " + first + " values"
            : "attempt to compare " + first + " with " + second);
  }

  /** getmetatable. */
  public static int getMetatable(Call call) {
    LuaTable metatable = call.engine.metatable(call.checkAny(1));
    Object shown = Event.METATABLE.in(metatable);
    return call.one(shown != null ? shown : metatable);
  }

  /** setmetatable. */
  public static int setMetatable(Call call) {
    LuaTable table = call.checkTable(1);
    Object metatable = call.argument(2);
    boolean fits = metatable == null ? call.argumentCount() >= 2 : metatable instanceof LuaTable;
    if (!fits) {
      throw call.argumentError(2, "nil or table expected");
    }
    if (Event.METATABLE.in(table.metatable) != null) {
      throw call.error("cannot change a protected metatable");
    }
    table.requireWritable();
    table.metatable = (LuaTable) metatable;
    return call.one((Object) table);
  }

  /** newproxy. */
  public static int newProxy(Call call) {
    Object model = call.argument(1);
    LuaUserdata proxy = call.engine.newUserdata();
    if (model instanceof LuaUserdata other && other.metatable != null) {
      proxy.metatable = other.metatable;
    } else if (model == Boolean.TRUE) {
      proxy.metatable = call.engine.newTable();
    } else if (LuaOperators.isTrue(model)) {
      throw call.argumentError(1, "boolean or proxy expected");
    }
    return call.one((Object) proxy);
  }

  /** getfenv. */
  public static int getEnvironment(Call call) {
    LuaFunction function = leveled(call, true);
    LuaTable own = function == null ? null : function.environment;
    return call.one((Object) (own == null ? call.engine.globals() : own));
  }

  /** setfenv. */
  public static int setEnvironment(Call call) {
    LuaTable environment = call.checkTable(2);
    if (call.argument(1) instanceof Double level && level == 0) {
      return 0; // the thread's own environment, which nothing here reads
    }
    LuaFunction function = leveled(call, false);
    if (!(function instanceof LuaClosure)) {
      throw call.error("'setfenv' cannot change environment of given object");
    }
    function.environment = environment;
    return call.one((Object) function);
  }

  private static LuaFunction leveled(Call call, boolean optional) {
    if (call.argument(1) instanceof LuaFunction function) {
      return function;
    }
    int level = (int) (optional ? call.optionalInteger(1, 1) : call.checkInteger(1));
    if (level < 0) {
      throw call.argumentError(1, "level must be non-negative");
    }
    if (level == 0) {
      return null;
    }
    Frame frame = call.interpreter.frameAt(call.thread, level);
    if (frame == null) {
      throw call.argumentError(1, "invalid level");
    }
    return frame.code == null ? frame.nativeFunction : frame.closure;
  }

  // Coroutines

  /** coroutine.create. */
  public static LuaThread createThread(Call call) {
    if (!(call.checkFunction(1) instanceof LuaClosure closure)) {
      throw call.argumentError(1, "Lua function expected");
    }
    LuaThread thread = new LuaThread(call.engine.nextId(), call.engine.memory);
    thread.stack[0] = closure;
    thread.top = 1;
    return thread;
  }

  /** How a coroutine stands, seen from the one that runs. */
  public static LuaThread.Status status(LuaThread thread) {
    return thread.status;
  }

  /** The coroutine that runs; null in the main thread. */
  public static LuaThread running(Call call) {
    return call.thread.resumer == null ? null : call.thread;
  }

  /** Hands the last so many values on the stack to a coroutine and lets it run. */
  public static int resume(Call call, LuaThread thread, int arguments, Continuation next) {
    return call.resumeCoroutine(thread, arguments, next);
  }

  /** Yields all arguments. */
  public static int yieldAll(Call call) {
    call.allArguments();
    return Call.YIELD;
  }
}
