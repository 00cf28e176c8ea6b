package io.vigil.lua.lib;

import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaOperators;
import io.vigil.lua.LuaTable;
import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.Numerics;

/** Numbers and strings to bytes and back, by a format: the struct library that Redis contains. */
final class StructLibrary {
  private static final int MAX_INTEGER_BYTES = 32;
  private static final int MAX_ALIGNMENT = 8;

  private StructLibrary() {}

  static void open(LuaEngine engine) {
    LuaTable library = engine.newTable(0, 4);
    engine.register(library, "pack", StructLibrary::pack);
    engine.register(library, "unpack", StructLibrary::unpack);
    engine.register(library, "size", StructLibrary::size);
    engine.globals().set(engine.name("struct"), library);
  }

  /** A walk over the options of a format. */
  private static final class Format {
    private final Call call;
    private final LuaString text;
    private int at;
    boolean little = true;
    private int alignment = 1;

    Format(Call call) {
      this.call = call;
      this.text = call.checkString(1);
    }

    /** The next option, 0 at the end. */
    int next() {
      return at < text.length() ? text.at(at++) : 0;
    }

    private boolean digit() {
      return at < text.length() && text.at(at) >= '0' && text.at(at) <= '9';
    }

    private int number(int otherwise) {
      if (!digit()) {
        return otherwise;
      }
      long value = 0;
      while (digit()) {
        value = value * 10 + text.at(at++) - '0';
        if (value > Integer.MAX_VALUE) {
          throw call.error("integral size overflow");
        }
      }
      return (int) value;
    }

    int sizeOf(int option) {
      return switch (option) {
        case 'B', 'b', 'x' -> 1;
        case 'H', 'h' -> 2;
        case 'L', 'l', 'T', 'd' -> 8;
        case 'f' -> 4;
        case 'c' -> number(1);
        case 'i', 'I' -> {
          int size = number(4);
          if (size > MAX_INTEGER_BYTES) {
            throw call.error(
                "integral size " + size + " is larger than limit of " + MAX_INTEGER_BYTES);
          }
          yield size;
        }
        default -> 0;
      };
    }

    int padding(long position, int option, int size) {
      if (size == 0 || option == 'c') {
        return 0;
      }
      int step = Math.min(size, alignment);
      return (int) ((step - (position & (step - 1))) & (step - 1));
    }

    void control(int option) {
      switch (option) {
        case ' ' -> {}
        case '>' -> little = false;
        case '<' -> little = true;
        case '!' -> {
          int wanted = number(MAX_ALIGNMENT);
          if (wanted <= 0 || (wanted & (wanted - 1)) != 0) {
            throw call.error("alignment " + wanted + " is not a power of 2");
          }
          alignment = wanted;
        }
        default -> throw call.argumentError(1, "invalid format option '" + (char) option + "'");
      }
    }
  }

  private static int pack(Call call) {
    Format format = new Format(call);
    ByteBuilder out = new ByteBuilder(call, 64);
    int argument = 2;
    for (int option = format.next(); option != 0; option = format.next()) {
      int size = format.sizeOf(option);
      int padding = format.padding(out.size(), option, size);
      for (int i = 0; i < padding; i++) {
        out.add(0);
      }
      switch (option) {
        case 'b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I' ->
            out.add(integer(number(call, argument++)), size, format.little);
        case 'x' -> out.add(0);
        case 'f' -> {
          float value = (float) number(call, argument++);
          out.add(Float.floatToRawIntBits(value), 4, format.little);
        }
        case 'd' -> out.add(Double.doubleToRawLongBits(number(call, argument++)), 8, format.little);
        case 'c', 's' -> {
          requireArgument(call, argument, "string");
          LuaString text = call.checkString(argument++);
          int length = size == 0 ? text.length() : size;
          if (text.length() < length) {
            throw call.argumentError(argument, "string too short");
          }
          out.add(text.sharedBytes(), 0, length);
          if (option == 's') {
            out.add(0);
          }
        }
        default -> format.control(option);
      }
    }
    return call.one((Object) out.toLuaString());
  }

  private static double number(Call call, int argument) {
    requireArgument(call, argument, "number");
    return call.checkNumber(argument);
  }

  /** The original marks the end of the arguments by a nil, which its message then shows. */
  private static void requireArgument(Call call, int argument, String type) {
    if (argument == call.argumentCount() + 1) {
      throw call.argumentError(argument, type + " expected, got nil");
    }
  }

  private static long integer(double number) {
    return number >= 0x1p63
        ? Numerics.toLong(number - 0x1p63) ^ Long.MIN_VALUE
        : Numerics.toLong(number);
  }

  private static int unpack(Call call) {
    Format format = new Format(call);
    LuaString data = call.checkString(2);
    long position = call.optionalInteger(3, 1);
    if (position == 0) {
      throw call.argumentError(3, "offset must be 1 or greater");
    }
    position--;
    int results = 0;
    Object last = null;
    for (int option = format.next(); option != 0; option = format.next()) {
      int size = format.sizeOf(option);
      position += format.padding(position, option, size);
      requireData(call, data, position, size);
      if (!call.reserve(2)) {
        throw call.error("stack overflow (too many results)");
      }
      int at = (int) position;
      switch (option) {
        case 'b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I' -> {
          last = integer(data, at, size, format.little, option >= 'a');
          call.push(last);
          results++;
        }
        case 'x' -> {}
        case 'f' -> {
          last = (double) Float.intBitsToFloat((int) bits(data, at, 4, format.little));
          call.push(last);
          results++;
        }
        case 'd' -> {
          last = Double.longBitsToDouble(bits(data, at, 8, format.little));
          call.push(last);
          results++;
        }
        case 'c' -> {
          if (size == 0) {
            size = previousSize(call, results, last);
            requireData(call, data, position, size);
            call.pop();
            results--;
          }
          last = call.newString(data.slice(at, at + size).sharedBytes());
          call.push(last);
          results++;
        }
        case 's' -> {
          size = zeroFrom(call, data, at) - at + 1;
          last = call.newString(data.slice(at, at + size - 1).sharedBytes());
          call.push(last);
          results++;
        }
        default -> format.control(option);
      }
      position += size;
    }
    call.push(position + 1.0);
    return results + 1;
  }

  private static int previousSize(Call call, int results, Object last) {
    Double size = results == 0 ? null : LuaOperators.toNumber(last);
    if (size == null) {
      throw call.error("format 'c0' needs a previous size");
    }
    return size >= 0 && size <= Integer.MAX_VALUE ? (int) size.doubleValue() : Integer.MAX_VALUE;
  }

  private static void requireData(Call call, LuaString data, long position, int size) {
    if (position < 0 || size > data.length() || position > data.length() - size) {
      throw call.argumentError(2, "data string too short");
    }
  }

  private static int zeroFrom(Call call, LuaString data, int from) {
    for (int i = from; i < data.length(); i++) {
      if (data.at(i) == 0) {
        return i;
      }
    }
    throw call.error("unfinished string in data");
  }

  private static long bits(LuaString data, int from, int size, boolean little) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | data.at(from + (little ? size - 1 - i : i));
    }
    return value;
  }

  private static Double integer(
      LuaString data, int from, int size, boolean little, boolean signed) {
    long value = bits(data, from, size, little);
    if (!signed) {
      return value >= 0 ? (double) value : ((value >>> 1) | (value & 1)) * 2.0;
    }
    long mask = -1L << (size * 8 - 1);
    return (double) ((value & mask) != 0 ? value | mask : value);
  }

  private static int size(Call call) {
    Format format = new Format(call);
    long position = 0;
    for (int option = format.next(); option != 0; option = format.next()) {
      int size = format.sizeOf(option);
      position += format.padding(position, option, size);
      if (option == 's') {
        throw call.argumentError(1, "option 's' has no fixed size");
      }
      if (option == 'c' && size == 0) {
        throw call.argumentError(1, "option 'c0' has no fixed size");
      }
      if (!Character.isLetterOrDigit(option)) {
        format.control(option);
      }
      position += size;
    }
    return call.one((double) position);
  }
}
