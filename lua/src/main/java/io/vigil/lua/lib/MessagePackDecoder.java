package io.vigil.lua.lib;

import io.vigil.lua.Call;
import io.vigil.lua.LuaTable;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** MessagePack to Lua values. Nothing is allocated on the word of a length. */
final class MessagePackDecoder {
  private final Call call;
  private final byte[] bytes;
  private int at;
  private final Deque<Level> levels = new ArrayDeque<>();

  private MessagePackDecoder(Call call, byte[] bytes, int at) {
    this.call = call;
    this.bytes = bytes;
    this.at = at;
  }

  /** Pushes at most {@code limit} values from an offset on; 0 and 0 stand for all. */
  static int unpack(Call call, long limit, long offset) {
    LuaString data = call.checkString(1);
    int length = data.length();
    if (offset < 0 || limit < 0) {
      throw call.error(
          "Invalid request to unpack with offset of "
              + (int) offset
              + " and limit of "
              + length
              + ".");
    }
    if (offset > length) {
      throw call.error(
          "Start offset " + (int) offset + " greater than input length " + length + ".");
    }
    boolean all = limit == 0 && offset == 0;
    MessagePackDecoder decoder = new MessagePackDecoder(call, data.sharedBytes(), (int) offset);
    long most = all ? Integer.MAX_VALUE : limit;
    List<Object> values = new ArrayList<>();
    while (decoder.at < length && values.size() < most) {
      if (!call.reserve(values.size() + 2L)) {
        throw decoder.tooMany();
      }
      values.add(decoder.value());
    }
    if (!all) {
      call.push(decoder.at == length ? -1.0 : (double) decoder.at);
    }
    values.forEach(call::push);
    call.spend(length / 64);
    return values.size() + (all ? 0 : 1);
  }

  private LuaError tooMany() {
    return call.error(
        "stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)");
  }

  private void need(long count) {
    if (bytes.length - at < count) {
      throw call.error("Missing bytes in input.");
    }
  }

  private long bits(int width) {
    need(width);
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = value << 8 | (bytes[at++] & 0xFF);
    }
    return value;
  }

  /** A table that is being read. */
  private static final class Level {
    final LuaTable table;
    final boolean map;
    final long length;
    long done;
    Object key;
    boolean hasKey;

    Level(LuaTable table, boolean map, long length) {
      this.table = table;
      this.map = map;
      this.length = length;
    }

    void add(Object value) {
      if (map && !hasKey) {
        key = value;
        hasKey = true;
        return;
      }
      done++;
      hasKey = false;
      try {
        table.set(map ? key : (Object) (double) done, value);
      } catch (IllegalArgumentException e) {
        throw new LuaError(e.getMessage());
      }
    }
  }

  /** Reads one value, with a stack of the tables that are open. */
  private Object value() {
    Object read = item();
    for (; ; ) {
      if (read instanceof Level level) {
        if (2 * levels.size() + 3 > JsonLibrary.MAX_SLOTS) {
          throw level.map
              ? tooMany()
              : call.error("stack overflow (in function mp_decode_to_lua_array)");
        }
        levels.addLast(level);
      } else if (levels.isEmpty()) {
        return read;
      } else {
        levels.getLast().add(read);
      }
      Level top = levels.getLast();
      if (top.done == top.length) {
        levels.removeLast();
        read = top.table;
      } else {
        read = item();
      }
    }
  }

  private Object item() {
    need(1);
    int marker = bytes[at++] & 0xFF;
    return switch (marker) {
      case 0xC0 -> null;
      case 0xC2 -> false;
      case 0xC3 -> true;
      case 0xCC -> (double) bits(1);
      case 0xCD -> (double) bits(2);
      case 0xCE -> (double) bits(4);
      case 0xCF, 0xD3 -> (double) bits(8);
      case 0xD0 -> (double) (byte) bits(1);
      case 0xD1 -> (double) (short) bits(2);
      case 0xD2 -> (double) (int) bits(4);
      case 0xCA -> (double) Float.intBitsToFloat((int) bits(4));
      case 0xCB -> Double.longBitsToDouble(bits(8));
      case 0xD9 -> string(bits(1));
      case 0xDA -> string(bits(2));
      case 0xDB -> string(bits(4));
      case 0xDC -> table(false, bits(2));
      case 0xDD -> table(false, bits(4));
      case 0xDE -> table(true, bits(2));
      case 0xDF -> table(true, bits(4));
      default -> small(marker);
    };
  }

  private Level table(boolean map, long length) {
    return new Level(call.newTable(0, 0), map, length);
  }

  private Object small(int marker) {
    if (marker < 0x80) {
      return (double) marker;
    }
    if (marker >= 0xE0) {
      return (double) (byte) marker;
    }
    return switch (marker >> 4) {
      case 0x8 -> table(true, marker & 15);
      case 0x9 -> table(false, marker & 15);
      case 0xA, 0xB -> string(marker & 31);
      default -> throw call.error("Bad data format in input.");
    };
  }

  private LuaString string(long length) {
    need(length);
    int from = at;
    at += (int) length;
    return call.newString(Arrays.copyOfRange(bytes, from, at));
  }
}
