package io.vigil.lua;

import io.vigil.lua.compiler.Prototype;

/** A function written in Lua: its code, and the cells of the outer variables that it uses. */
public final class LuaClosure extends LuaFunction {
  final Prototype prototype;
  final Cell[] upvalues;
  int countedIn;

  LuaClosure(int id, Prototype prototype, Cell[] upvalues, LuaTable environment) {
    super(id, environment);
    this.prototype = prototype;
    this.upvalues = upvalues;
  }
}
