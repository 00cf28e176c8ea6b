package io.vigil.lua.lib;

import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaOperators;
import io.vigil.lua.LuaTable;
import io.vigil.lua.NativeFunction;
import io.vigil.lua.value.LuaString;

/** Functions on strings. Those with patterns stand in {@link PatternFunctions}. */
final class StringLibrary {
  private static final int LONGEST = Integer.MAX_VALUE - 64;

  private StringLibrary() {}

  static void open(LuaEngine engine) {
    LuaTable library = engine.newTable(0, 32);
    engine.register(library, "byte", StringLibrary::bytes);
    engine.register(library, "char", StringLibrary::characters);
    engine.register(library, "dump", StringLibrary::dump);
    engine.register(library, "find", call -> PatternFunctions.find(call, true));
    engine.register(library, "format", StringFormat::format);
    engine.register(library, "gsub", PatternFunctions::substitute);
    engine.register(library, "len", call -> call.one((double) call.checkString(1).length()));
    engine.register(library, "lower", call -> mapped(call, 'A', 'Z'));
    engine.register(library, "match", call -> PatternFunctions.find(call, false));
    engine.register(library, "rep", StringLibrary::repeat);
    engine.register(library, "reverse", StringLibrary::reverse);
    engine.register(library, "sub", StringLibrary::part);
    engine.register(library, "upper", call -> mapped(call, 'a', 'z'));
    NativeFunction matches = engine.function("gmatch", PatternFunctions::matches);
    library.set(engine.name("gmatch"), matches);
    library.set(engine.name("gfind"), matches);
    engine.globals().set(engine.name("string"), library);
    LuaTable metatable = engine.newTable(0, 1);
    metatable.set(engine.name("__index"), library);
    engine.setStringMetatable(metatable);
  }

  /** A position counted from the end when it is negative. */
  static long fromStart(long position, int length) {
    return position >= 0 ? position : Math.max(position + length + 1, 0);
  }

  private static int bytes(Call call) {
    LuaString text = call.checkString(1);
    long from = fromStart(call.optionalInteger(2, 1), text.length());
    long to = fromStart(call.optionalInteger(3, from), text.length());
    from = Math.max(from, 1);
    to = Math.min(to, text.length());
    if (from > to) {
      return 0;
    }
    int count = (int) (to - from + 1);
    if (!call.reserve(count)) {
      throw call.error("stack overflow (string slice too long)");
    }
    for (int i = (int) from; i <= to; i++) {
      call.push((double) text.at(i - 1));
    }
    return count;
  }

  private static int characters(Call call) {
    byte[] bytes = new byte[call.argumentCount()];
    for (int i = 0; i < bytes.length; i++) {
      int code = (int) call.checkInteger(i + 1);
      if (code < 0 || code > 255) {
        throw call.argumentError(i + 1, "invalid value");
      }
      bytes[i] = (byte) code;
    }
    return call.one(bytes);
  }

  private static int dump(Call call) {
    call.checkFunction(1);
    throw call.error("unable to dump given function");
  }

  private static int mapped(Call call, int first, int last) {
    byte[] bytes = call.checkString(1).toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= first && bytes[i] <= last) {
        bytes[i] ^= 0x20;
      }
    }
    return call.one(bytes);
  }

  private static int repeat(Call call) {
    LuaString text = call.checkString(1);
    long count = (int) call.checkInteger(2);
    if (count <= 0 || text.length() == 0) {
      return call.one((Object) LuaString.EMPTY);
    }
    long length = text.length() * count;
    if (length > LONGEST) {
      throw call.error("resulting string too large");
    }
    call.reserveMemory(length);
    byte[] bytes = new byte[(int) length];
    byte[] unit = text.sharedBytes();
    System.arraycopy(unit, 0, bytes, 0, unit.length);
    for (int have = unit.length; have < bytes.length; ) {
      int more = Math.min(have, bytes.length - have);
      System.arraycopy(bytes, 0, bytes, have, more);
      have += more;
    }
    return call.one((Object) LuaString.wrap(bytes));
  }

  private static int reverse(Call call) {
    byte[] bytes = call.checkString(1).toByteArray();
    for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
      byte b = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = b;
    }
    return call.one(bytes);
  }

  private static int part(Call call) {
    LuaString text = call.checkString(1);
    int length = text.length();
    long from = Math.max(fromStart(call.checkInteger(2), length), 1);
    long to = Math.min(fromStart(call.optionalInteger(3, -1), length), length);
    if (from > to) {
      return call.one((Object) LuaString.EMPTY);
    }
    call.reserveMemory(LuaString.EMPTY.length() + to - from + 41);
    return call.one((Object) text.slice((int) from - 1, (int) to));
  }

  /** Appends a value that is a string or a number; false if it is neither. */
  static boolean append(ByteBuilder out, Object value) {
    LuaString text = LuaOperators.toLuaString(value);
    if (text == null) {
      return false;
    }
    out.add(text);
    return true;
  }
}
