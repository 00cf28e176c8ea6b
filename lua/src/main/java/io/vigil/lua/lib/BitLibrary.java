package io.vigil.lua.lib;

import io.vigil.lua.Call;
import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaOperators;
import io.vigil.lua.LuaTable;
import java.nio.charset.StandardCharsets;
import java.util.function.IntBinaryOperator;

/** Operations on 32 bits, as the bit library that Redis contains. */
final class BitLibrary {
  /** Added to a double, it leaves the number modulo 2^32 in the low bits, rounded to even. */
  private static final double MAGIC = 0x1.8p52;

  private BitLibrary() {}

  static void open(LuaEngine engine) {
    LuaTable library = engine.newTable(0, 16);
    engine.register(library, "tobit", call -> call.one((double) bits(call, 1)));
    engine.register(library, "bnot", call -> call.one((double) ~bits(call, 1)));
    engine.register(library, "band", call -> fold(call, (a, b) -> a & b));
    engine.register(library, "bor", call -> fold(call, (a, b) -> a | b));
    engine.register(library, "bxor", call -> fold(call, (a, b) -> a ^ b));
    engine.register(library, "lshift", call -> shift(call, (b, n) -> b << n));
    engine.register(library, "rshift", call -> shift(call, (b, n) -> b >>> n));
    engine.register(library, "arshift", call -> shift(call, (b, n) -> b >> n));
    engine.register(library, "rol", call -> shift(call, Integer::rotateLeft));
    engine.register(library, "ror", call -> shift(call, Integer::rotateRight));
    engine.register(
        library, "bswap", call -> call.one((double) Integer.reverseBytes(bits(call, 1))));
    engine.register(library, "tohex", BitLibrary::hex);
    engine.globals().set(engine.name("bit"), library);
  }

  private static int bits(Call call, int number) {
    Double value = LuaOperators.toNumber(call.argument(number));
    if (value == null) {
      throw call.typeError(number, "number");
    }
    return (int) Double.doubleToRawLongBits(value + MAGIC);
  }

  private static int fold(Call call, IntBinaryOperator operator) {
    int result = bits(call, 1);
    for (int i = call.argumentCount(); i > 1; i--) {
      result = operator.applyAsInt(result, bits(call, i));
    }
    return call.one((double) result);
  }

  private static int shift(Call call, IntBinaryOperator operator) {
    return call.one((double) operator.applyAsInt(bits(call, 1), bits(call, 2) & 31));
  }

  private static int hex(Call call) {
    int value = bits(call, 1);
    int digits = call.argumentCount() < 2 ? 8 : bits(call, 2);
    String alphabet = digits < 0 ? "0123456789ABCDEF" : "0123456789abcdef";
    int count = (int) Math.min(Math.abs((long) digits), 8);
    char[] text = new char[count];
    for (int i = count - 1; i >= 0; i--) {
      text[i] = alphabet.charAt(value & 15);
      value >>>= 4;
    }
    return call.one(new String(text).getBytes(StandardCharsets.US_ASCII));
  }
}
