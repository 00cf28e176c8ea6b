package io.vigil.lua;

/**
 * A value that scripts can hold, compare and hand back, but not look into. A light one is equal to
 * itself only, prints as the null pointer and never has a metatable of its own.
 */
public final class LuaUserdata {
  final int id;
  LuaTable metatable;

  LuaUserdata(int id) {
    this.id = id;
  }

  boolean isLight() {
    return id == 0;
  }
}
