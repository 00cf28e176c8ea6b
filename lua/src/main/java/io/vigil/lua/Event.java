package io.vigil.lua;

import io.vigil.lua.value.LuaString;

/** The events for which a metatable can hold a metamethod. */
enum Event {
  INDEX("__index"),
  NEWINDEX("__newindex"),
  CALL("__call"),
  EQ("__eq"),
  LT("__lt"),
  LE("__le"),
  CONCAT("__concat"),
  LEN("__len"),
  UNM("__unm"),
  // In the order of the arithmetic instructions.
  ADD("__add"),
  SUB("__sub"),
  MUL("__mul"),
  DIV("__div"),
  MOD("__mod"),
  POW("__pow"),
  TOSTRING("__tostring"),
  METATABLE("__metatable"),
  MODE("__mode");

  private static final Event[] ARITHMETIC = {ADD, SUB, MUL, DIV, MOD, POW};

  final LuaString key;
  final int bit = 1 << ordinal();

  Event(String key) {
    this.key = LuaString.of(key);
  }

  static Event arithmetic(int operator) {
    return ARITHMETIC[operator];
  }

  /** The metamethod in a metatable, or null. That there is none is remembered in the table. */
  Object in(LuaTable metatable) {
    if (metatable == null || (metatable.absent & bit) != 0) {
      return null;
    }
    Object method = metatable.get(key);
    if (method == null) {
      metatable.absent |= bit;
    }
    return method;
  }
}
