package io.vigil.lua;

/** A function: written in Lua ({@link LuaClosure}) or in Java ({@link NativeFunction}). */
public abstract sealed class LuaFunction permits LuaClosure, NativeFunction {
  final int id;
  LuaTable environment;

  LuaFunction(int id, LuaTable environment) {
    this.id = id;
    this.environment = environment;
  }
}
