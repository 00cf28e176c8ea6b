package io.vigil.lua.lib;

import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaTable;
import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.Numerics;

/** MessagePack as the cmsgpack library that Redis contains; see {@link MessagePackDecoder}. */
final class MessagePackLibrary {
  /** Tables deeper than this are written as nil, cycles with them. */
  private static final int MAX_NESTING = 16;

  private MessagePackLibrary() {}

  static void open(LuaEngine engine) {
    LuaTable library = engine.newTable();
    engine.register(library, "pack", MessagePackLibrary::pack);
    engine.register(library, "unpack", call -> MessagePackDecoder.unpack(call, 0, 0));
    engine.register(
        library,
        "unpack_one",
        call -> MessagePackDecoder.unpack(call, 1, call.optionalInteger(2, 0)));
    engine.register(
        library,
        "unpack_limit",
        call -> MessagePackDecoder.unpack(call, call.checkInteger(2), call.optionalInteger(3, 0)));
    library.set(engine.name("_NAME"), engine.name("cmsgpack"));
    library.set(engine.name("_VERSION"), engine.name("lua-cmsgpack 0.4.0"));
    library.set(engine.name("_COPYRIGHT"), engine.name("Copyright (C) 2012, Salvatore Sanfilippo"));
    library.set(engine.name("_DESCRIPTION"), engine.name("MessagePack C implementation for Lua"));
    engine.globals().set(engine.name("cmsgpack"), library);
  }

  private static int pack(Call call) {
    if (call.argumentCount() == 0) {
      throw call.argumentError(0, "MessagePack pack needs input.");
    }
    ByteBuilder out = new ByteBuilder(call, 64);
    for (int i = 1; i <= call.argumentCount(); i++) {
      value(out, call.argument(i), 0);
    }
    call.spend(out.size() / 64);
    return call.one((Object) out.toLuaString());
  }

  private static void value(ByteBuilder out, Object value, int level) {
    switch (value) {
      case LuaString text -> string(out, text);
      case Boolean truth -> out.add(truth ? 0xC3 : 0xC2);
      case Double number -> number(out, number);
      case LuaTable table when level < MAX_NESTING -> table(out, table, level);
      case null, default -> out.add(0xC0);
    }
  }

  private static void string(ByteBuilder out, LuaString text) {
    int length = text.length();
    if (length < 32) {
      out.add(0xA0 | length);
    } else if (length <= 0xFF) {
      out.add(0xD9);
      out.add(length);
    } else {
      sized(out, 0xDA, length);
    }
    out.add(text);
  }

  /** A marker with a length of 16 bits, or the next marker with one of 32. */
  private static void sized(ByteBuilder out, int marker, int length) {
    boolean small = length <= 0xFFFF;
    out.add(small ? marker : marker + 1);
    out.add(length, small ? 2 : 4, false);
  }

  private static void number(ByteBuilder out, double number) {
    if (!Double.isInfinite(number) && Numerics.toLong(number) == number) {
      integer(out, Numerics.toLong(number));
    } else if ((float) number == number) {
      out.add(0xCA);
      out.add(Float.floatToRawIntBits((float) number), 4, false);
    } else {
      out.add(0xCB);
      long bits = Double.doubleToLongBits(number);
      // The NaN that x86 makes has its sign set.
      out.add(Double.isNaN(number) ? bits | Long.MIN_VALUE : bits, 8, false);
    }
  }

  private static void integer(ByteBuilder out, long n) {
    if (n >= -32 && n <= 127) {
      out.add((int) n);
    } else if (n >= 0) {
      int width = n <= 0xFF ? 0 : n <= 0xFFFF ? 1 : n <= 0xFFFF_FFFFL ? 2 : 3;
      out.add(0xCC + width);
      out.add(n, 1 << width, false);
    } else {
      int width = n >= -128 ? 0 : n >= -32768 ? 1 : n >= Integer.MIN_VALUE ? 2 : 3;
      out.add(0xD0 + width);
      out.add(n, 1 << width, false);
    }
  }

  private static void table(ByteBuilder out, LuaTable table, int level) {
    int count = 0;
    double largest = 0;
    boolean list = true;
    for (int at = table.nextPosition(0); at >= 0; at = table.nextPosition(at + 1)) {
      count++;
      if (table.keyAt(at) instanceof Double key && key > 0 && (int) key.doubleValue() == key) {
        largest = Math.max(largest, key);
      } else {
        list = false;
      }
    }
    if (list && largest == count) {
      list(out, table, level);
      return;
    }
    if (count <= 15) {
      out.add(0x80 | count);
    } else {
      sized(out, 0xDE, count);
    }
    for (int at = table.nextPosition(0); at >= 0; at = table.nextPosition(at + 1)) {
      value(out, table.keyAt(at), level + 1);
      value(out, table.valueAt(at), level + 1);
    }
  }

  private static void list(ByteBuilder out, LuaTable table, int level) {
    int length = table.length();
    if (length <= 15) {
      out.add(0x90 | length);
    } else {
      sized(out, 0xDC, length);
    }
    for (int i = 1; i <= length; i++) {
      value(out, table.get(i), level + 1);
    }
  }
}
