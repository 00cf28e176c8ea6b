package io.vigil.lua.lib;

import io.vigil.lua.BaseSupport;
import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.Continuation;
import io.vigil.lua.LuaClosure;
import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaOperators;
import io.vigil.lua.LuaTable;
import io.vigil.lua.NativeFunction;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.NumberText;

/** The functions that stand in the globals themselves. */
final class BaseLibrary {
  private static final LuaString COLLECT = LuaString.of("collect");

  private BaseLibrary() {}

  static void open(LuaEngine engine) {
    LuaTable globals = engine.globals();
    globals.set(engine.name("_G"), globals);
    globals.set(engine.name("_VERSION"), engine.name("Lua 5.1"));
    engine.register(globals, "assert", BaseLibrary::assertTrue);
    engine.register(globals, "collectgarbage", BaseLibrary::collectGarbage);
    engine.register(globals, "gcinfo", call -> call.one(Math.floor(kilobytes(call))));
    engine.register(globals, "error", BaseLibrary::error);
    engine.register(globals, "getfenv", BaseSupport::getEnvironment);
    engine.register(globals, "setfenv", BaseSupport::setEnvironment);
    engine.register(globals, "getmetatable", BaseSupport::getMetatable);
    engine.register(globals, "setmetatable", BaseSupport::setMetatable);
    engine.register(globals, "newproxy", BaseSupport::newProxy);
    engine.register(globals, "load", BaseLibrary::load);
    engine.register(globals, "loadstring", BaseLibrary::loadString);
    engine.register(globals, "next", BaseLibrary::next);
    engine.register(globals, "pcall", BaseLibrary::protectedCall);
    engine.register(globals, "xpcall", BaseLibrary::protectedCallWithHandler);
    engine.register(globals, "rawequal", BaseLibrary::rawEqual);
    engine.register(globals, "rawget", BaseLibrary::rawGet);
    engine.register(globals, "rawset", BaseLibrary::rawSet);
    engine.register(globals, "select", BaseLibrary::select);
    engine.register(globals, "tonumber", BaseLibrary::toNumber);
    engine.register(globals, "tostring", BaseLibrary::toText);
    engine.register(globals, "type", BaseLibrary::type);
    engine.register(globals, "unpack", BaseLibrary::unpack);
    iterators(engine, globals);
  }

  private static void iterators(LuaEngine engine, LuaTable globals) {
    Object next = globals.get(engine.name("next"));
    engine.register(
        globals,
        "pairs",
        call -> {
          LuaTable table = call.checkTable(1);
          call.push(next);
          call.push(table);
          call.push(null);
          return 3;
        });
    NativeFunction step = engine.function("ipairs_step", BaseLibrary::nextIndex);
    engine.register(
        globals,
        "ipairs",
        call -> {
          LuaTable table = call.checkTable(1);
          call.push(step);
          call.push(table);
          call.push(0.0);
          return 3;
        });
  }

  private static int nextIndex(Call call) {
    int index = (int) call.checkInteger(2) + 1;
    Object value = call.checkTable(1).get(index);
    return value == null ? call.one((Object) null) : call.two((double) index, value);
  }

  private static int next(Call call) {
    LuaTable table = call.checkTable(1);
    int position;
    try {
      position = table.positionAfter(call.argument(2));
    } catch (IllegalArgumentException e) {
      throw new LuaError(e.getMessage());
    }
    return position < 0
        ? call.one((Object) null)
        : call.two(table.keyAt(position), table.valueAt(position));
  }

  private static int assertTrue(Call call) {
    if (LuaOperators.isTrue(call.checkAny(1))) {
      return call.allArguments();
    }
    LuaString message = call.optionalString(2, LuaString.of("assertion failed!"));
    throw new LuaError(message);
  }

  private static double kilobytes(Call call) {
    return call.engine().usedBytes() / 1024.0;
  }

  private static int collectGarbage(Call call) {
    String option = call.optionalString(1, COLLECT).toString();
    call.optionalInteger(2, 0);
    return switch (option) {
      case "collect" -> {
        call.engine().countUsedBytes();
        yield call.one(0.0);
      }
      case "count" -> call.one(kilobytes(call));
      case "step" -> call.one(true);
      case "stop", "restart" -> call.one(0.0);
      case "setpause", "setstepmul" -> call.one(200.0);
      default -> throw call.argumentError(1, "invalid option '" + option + "'");
    };
  }

  private static int error(Call call) {
    int level = (int) call.optionalInteger(2, 1);
    Object value = call.argument(1);
    LuaString text = LuaOperators.toLuaString(value);
    if (text != null && level > 0) {
      ByteBuilder message = new ByteBuilder(call, 32 + text.length());
      message.add(call.where(level));
      message.add(text);
      throw new LuaError(message.toLuaString());
    }
    throw new LuaError(value);
  }

  private static int loadString(Call call) {
    LuaString source = call.checkString(1);
    return compile(call, source, call.optionalString(2, source));
  }

  private static int compile(Call call, LuaString source, LuaString name) {
    try {
      return call.one(call.engine().load(source.sharedBytes(), name));
    } catch (LuaError error) {
      return call.two(null, error.value());
    }
  }

  /** Collects the pieces that a function returns one by one. */
  private static int load(Call call) {
    Object reader = call.checkFunction(1);
    LuaString name = call.optionalString(2, LuaString.of("=(load)"));
    ByteBuilder source = new ByteBuilder(call, 256);
    call.push(reader);
    return call.invoke(
        0,
        new Continuation.Guarded() {
          @Override
          public int resume(Call then) {
            Object piece = then.result(1);
            if (piece != null && LuaOperators.toLuaString(piece) == null) {
              return then.two(null, LuaString.of("reader function must return a string"));
            }
            LuaString text = piece == null ? LuaString.EMPTY : LuaOperators.toLuaString(piece);
            then.dropResults();
            if (text.length() == 0) {
              return compile(then, source.toLuaString(), name);
            }
            source.add(text);
            then.push(reader);
            return then.invoke(0, this);
          }

          @Override
          public int failed(Call then, LuaError error) {
            return then.two(null, error.value());
          }
        });
  }

  /** How pcall goes on: a flag in front of the results, or of the error. */
  private enum Outcome implements Continuation.Guarded {
    OUTCOME;

    @Override
    public int resume(Call call) {
      return BaseSupport.withFlag(call);
    }

    @Override
    public int failed(Call call, LuaError error) {
      return call.two(false, error.value());
    }
  }

  private static int protectedCall(Call call) {
    call.checkAny(1);
    return call.invoke(call.argumentCount() - 1, Outcome.OUTCOME);
  }

  private static int protectedCallWithHandler(Call call) {
    call.checkAny(2);
    Object handler = call.argument(2);
    call.push(call.argument(1));
    return call.invoke(
        0,
        new Continuation.Guarded() {
          private boolean handling;

          @Override
          public int resume(Call then) {
            if (!handling) {
              return BaseSupport.withFlag(then);
            }
            return then.two(false, then.result(1));
          }

          @Override
          public int failed(Call then, LuaError error) {
            if (handling) {
              return then.two(false, error.value());
            }
            handling = true;
            then.push(handler);
            then.push(error.value());
            return then.invoke(1, this);
          }
        });
  }

  private static int rawEqual(Call call) {
    return call.one(LuaOperators.rawEquals(call.checkAny(1), call.checkAny(2)));
  }

  private static int rawGet(Call call) {
    return call.one(call.checkTable(1).get(call.checkAny(2)));
  }

  private static int rawSet(Call call) {
    LuaTable table = call.checkTable(1);
    Object key = call.checkAny(2);
    Object value = call.checkAny(3);
    table.requireWritable();
    try {
      table.set(key, value);
    } catch (IllegalArgumentException e) {
      throw new LuaError(e.getMessage());
    }
    return call.one((Object) table);
  }

  private static int select(Call call) {
    int count = call.argumentCount();
    if (call.argument(1) instanceof LuaString text && text.length() > 0 && text.at(0) == '#') {
      return call.one(count - 1.0);
    }
    int index = (int) call.checkInteger(1);
    if (index < 0) {
      index = count + index;
    } else if (index > count) {
      index = count;
    }
    if (index < 1) {
      throw call.argumentError(1, "index out of range");
    }
    call.allArguments();
    return count - index;
  }

  private static int toNumber(Call call) {
    int base = (int) call.optionalInteger(2, 10);
    if (base == 10) {
      return call.one((Object) LuaOperators.toNumber(call.checkAny(1)));
    }
    LuaString text = call.checkString(1);
    if (base < 2 || base > 36) {
      throw call.argumentError(2, "base out of range");
    }
    return call.one((Object) parse(text.sharedBytes(), base));
  }

  /** C's strtoul: a sign wraps around, what is too large becomes the largest. */
  private static Double parse(byte[] text, int base) {
    int i = 0;
    int end = text.length;
    while (i < end && NumberText.isSpace(text[i])) {
      i++;
    }
    boolean negative = i < end && text[i] == '-';
    if (i < end && (text[i] == '-' || text[i] == '+')) {
      i++;
    }
    boolean hex = base == 16 && i + 2 < end && text[i] == '0' && (text[i + 1] | 0x20) == 'x';
    if (hex && Character.digit(text[i + 2], 16) >= 0) {
      i += 2;
    }
    int first = i;
    long value = 0;
    boolean overflow = false;
    for (; i < end && Character.digit(text[i], base) >= 0; i++) {
      overflow |= Long.compareUnsigned(value, Long.divideUnsigned(-1L, base)) > 0;
      long shifted = value * base;
      value = shifted + Character.digit(text[i], base);
      overflow |= Long.compareUnsigned(value, shifted) < 0;
    }
    if (i == first) {
      return null;
    }
    while (i < end && NumberText.isSpace(text[i])) {
      i++;
    }
    if (i < end && text[i] != 0) {
      return null;
    }
    long result = overflow ? -1L : negative ? -value : value;
    return unsignedToDouble(result);
  }

  private static double unsignedToDouble(long value) {
    if (value >= 0) {
      return value;
    }
    // Halve with the lost bit kept, so that the conversion rounds once.
    return ((value >>> 1) | (value & 1)) * 2.0;
  }

  private static int toText(Call call) {
    Object value = call.checkAny(1);
    Object method = BaseSupport.textMethod(call, value);
    if (method != null) {
      call.push(method);
      call.push(value);
      return call.invoke(1, then -> then.one(then.result(1)));
    }
    return call.one((Object) text(value));
  }

  /** What tostring makes of a value that has no metamethod for it. */
  static LuaString text(Object value) {
    return switch (value) {
      case null -> LuaString.of("nil");
      case Boolean truth -> LuaString.of(truth.toString());
      case LuaString string -> string;
      case Double number -> NumberText.toLuaString(number);
      default -> LuaString.of(LuaOperators.typeName(value) + ": " + LuaEngine.address(value));
    };
  }

  private static int type(Call call) {
    return call.one((Object) call.engine().name(LuaOperators.typeName(call.checkAny(1))));
  }

  private static int unpack(Call call) {
    LuaTable table = call.checkTable(1);
    int from = (int) call.optionalInteger(2, 1);
    int to = call.isNone(3) ? table.length() : (int) call.checkInteger(3);
    if (from > to) {
      return 0;
    }
    long count = (long) to - from + 1;
    if (!call.reserve(count)) {
      throw call.error("too many results to unpack");
    }
    for (int i = from; ; i++) {
      call.push(table.get(i));
      if (i == to) {
        return (int) count;
      }
    }
  }

  static boolean isLuaFunction(Object value) {
    return value instanceof LuaClosure;
  }
}
