package io.vigil.lua;

import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.NumberText;
import io.vigil.lua.value.Numerics;

/** What Lua's operators do with plain values; metamethods play no part here. */
public final class LuaOperators {
  private LuaOperators() {}

  /** All but nil and false. */
  public static boolean isTrue(Object value) {
    return value != null && value != Boolean.FALSE;
  }

  static double arithmetic(int operator, double x, double y) {
    return switch (operator) {
      case 0 -> x + y;
      case 1 -> x - y;
      case 2 -> x * y;
      case 3 -> x / y;
      case 4 -> Numerics.modulo(x, y);
      default -> Numerics.power(x, y);
    };
  }

  /** Equality without metamethods. */
  public static boolean rawEquals(Object x, Object y) {
    if (x instanceof Double a) {
      return y instanceof Double b && a.doubleValue() == b.doubleValue();
    }
    return x == y || (x instanceof LuaString string && string.equals(y));
  }

  /** The number that a value is or, being a string, holds; null if it is none. */
  public static Double toNumber(Object value) {
    return switch (value) {
      case Double number -> number;
      case LuaString string -> NumberText.parse(string);
      case null, default -> null;
    };
  }

  /** The string that a value is or, being a number, prints as; null if it is neither. */
  public static LuaString toLuaString(Object value) {
    return switch (value) {
      case LuaString string -> string;
      case Double number -> NumberText.toLuaString(number);
      case null, default -> null;
    };
  }

  /** The name of the type of a value. */
  public static String typeName(Object value) {
    return switch (value) {
      case null -> "nil";
      case Boolean truth -> "boolean";
      case Double number -> "number";
      case LuaString string -> "string";
      case LuaTable table -> "table";
      case LuaFunction function -> "function";
      case LuaThread thread -> "thread";
      case LuaUserdata userdata -> "userdata";
      default -> throw new IllegalArgumentException("not a Lua value: " + value.getClass());
    };
  }
}
