package io.vigil.lua.lib;

import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaOperators;
import io.vigil.lua.LuaTable;
import io.vigil.lua.LuaUserdata;
import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.NumberText;
import java.util.ArrayDeque;
import java.util.Deque;

/** cjson as Redis contains it: the module table and the encoder; see {@link JsonDecoder}. */
final class JsonLibrary {
  /** Slots of Lua's stack that the original could have: they bound the depth in any case. */
  static final int MAX_SLOTS = 8000;

  private JsonLibrary() {}

  static void open(LuaEngine engine) {
    engine.globals().set(engine.name("cjson"), newModule(engine));
  }

  private static LuaTable newModule(LuaEngine engine) {
    LuaTable module = engine.newTable();
    JsonSettings settings = new JsonSettings();
    engine.register(module, "encode", call -> encode(call, settings));
    engine.register(module, "decode", call -> JsonDecoder.decode(call, settings));
    engine.register(module, "encode_sparse_array", settings::sparse);
    engine.register(module, "encode_max_depth", settings::encodeDepth);
    engine.register(module, "decode_max_depth", settings::decodeDepth);
    engine.register(module, "encode_number_precision", settings::numberPrecision);
    engine.register(module, "encode_keep_buffer", settings::keepBuffer);
    engine.register(module, "encode_invalid_numbers", settings::encodeInvalid);
    engine.register(module, "decode_invalid_numbers", settings::decodeInvalid);
    engine.register(module, "new", call -> call.one((Object) newModule(engine)));
    module.set(engine.name("null"), engine.nullPointer());
    module.set(engine.name("_NAME"), engine.name("cjson"));
    module.set(engine.name("_VERSION"), engine.name("2.1.0"));
    return module;
  }

  private static int encode(Call call, JsonSettings settings) {
    if (call.argumentCount() != 1) {
      throw call.argumentError(1, "expected 1 argument");
    }
    ByteBuilder out = new ByteBuilder(call, 256);
    new Encoder(call, settings, out).encode(call.argument(1));
    call.spend(out.size() / 64);
    return call.one((Object) out.toLuaString());
  }

  /** Walks a value with a stack of its own: depth is a matter of settings, not of the thread. */
  private static final class Encoder {
    private final Call call;
    private final JsonSettings settings;
    private final ByteBuilder out;
    private final Deque<Level> levels = new ArrayDeque<>();
    private int slots = 1;

    /** A table that is being written: an array of some length, or an object with length -1. */
    private static final class Level {
      final LuaTable table;
      final int length;
      int next;
      boolean first = true;

      Level(LuaTable table, int length) {
        this.table = table;
        this.length = length;
      }

      int slots() {
        return length > 0 ? 1 : 2;
      }
    }

    Encoder(Call call, JsonSettings settings, ByteBuilder out) {
      this.call = call;
      this.settings = settings;
      this.out = out;
    }

    void encode(Object root) {
      value(root);
      while (!levels.isEmpty()) {
        Level level = levels.getLast();
        boolean more = level.length > 0 ? element(level) : entry(level);
        if (!more) {
          levels.removeLast();
          slots -= level.slots();
        }
      }
    }

    private RuntimeException refusal(Object value, String reason) {
      return call.error("Cannot serialise " + LuaOperators.typeName(value) + ": " + reason);
    }

    private void value(Object value) {
      switch (value) {
        case null -> out.add("null");
        case LuaString text -> string(text);
        case Double number -> number(number);
        case Boolean truth -> out.add(truth ? "true" : "false");
        case LuaTable table -> begin(table);
        case LuaUserdata userdata when userdata == call.engine().nullPointer() -> out.add("null");
        default -> throw refusal(value, "type not supported");
      }
    }

    private void begin(LuaTable table) {
      int depth = levels.size() + 1;
      if (depth > settings.encodeMaxDepth || slots + 3 > MAX_SLOTS) {
        throw call.error("Cannot serialise, excessive nesting (" + depth + ")");
      }
      int length = arrayLength(table);
      Level level = new Level(table, length > 0 ? length : -1);
      levels.addLast(level);
      slots += level.slots();
      out.add(length > 0 ? '[' : '{');
    }

    private boolean element(Level level) {
      if (level.next == level.length) {
        out.add(']');
        return false;
      }
      if (level.next++ > 0) {
        out.add(',');
      }
      value(level.table.get(level.next));
      return true;
    }

    private boolean entry(Level level) {
      int at = level.table.nextPosition(level.next);
      if (at < 0) {
        out.add('}');
        return false;
      }
      if (!level.first) {
        out.add(',');
      }
      level.first = false;
      level.next = at + 1;
      Object key = level.table.keyAt(at);
      switch (key) {
        case Double number -> {
          out.add('"');
          number(number);
          out.add('"');
        }
        case LuaString text -> string(text);
        default -> throw refusal(key, "table key must be a number or string");
      }
      out.add(':');
      value(level.table.valueAt(at));
      return true;
    }

    /** The largest key if all keys are positive integers, -1 if it is to be an object. */
    private int arrayLength(LuaTable table) {
      int largest = 0;
      int count = 0;
      for (int at = table.nextPosition(0); at >= 0; at = table.nextPosition(at + 1)) {
        if (!(table.keyAt(at) instanceof Double key) || key < 1 || Math.floor(key) != key) {
          return -1;
        }
        largest = key > largest ? (int) key.doubleValue() : largest;
        count++;
      }
      boolean sparse =
          settings.sparseRatio > 0
              && largest > count * settings.sparseRatio
              && largest > settings.sparseSafe;
      if (!sparse) {
        return largest;
      }
      if (!settings.sparseConvert) {
        throw refusal(table, "excessively sparse array");
      }
      return -1;
    }

    private void number(double number) {
      if (!Double.isFinite(number)) {
        switch (settings.encodeInvalidNumbers) {
          case 0 -> throw refusal(number, "must not be NaN or Inf");
          case 1 -> out.add(Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf");
          default -> out.add("null");
        }
        return;
      }
      out.add(
          settings.precision == 14
              ? NumberText.format(number)
              : NumberText.general(number, settings.precision));
    }

    private void string(LuaString text) {
      out.add('"');
      byte[] bytes = text.sharedBytes();
      int plain = 0;
      for (int i = 0; i < bytes.length; i++) {
        String escape = escape(bytes[i]);
        if (escape != null) {
          out.add(bytes, plain, i - plain);
          out.add(escape);
          plain = i + 1;
        }
      }
      out.add(bytes, plain, bytes.length - plain);
      out.add('"');
    }

    private static String escape(int c) {
      if (c >= ' ' && c != '"' && c != '/' && c != '\\' && c != 127 || c < 0) {
        return null;
      }
      return switch (c) {
        case '"' -> "\\\"";
        case '\\' -> "\\\\";
        case '/' -> "\\/";
        case '\b' -> "\\b";
        case '\t' -> "\\t";
        case '\n' -> "\\n";
        case '\f' -> "\\f";
        case '\r' -> "\\r";
        default -> {
          String digits = Integer.toHexString(c);
          yield "\\u00" + (c < 16 ? "0" : "") + digits;
        }
      };
    }
  }
}
