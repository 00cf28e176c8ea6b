package io.vigil.lua.lib;

import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaTable;
import java.util.List;
import java.util.function.LongSupplier;

/** The libraries, as Redis exposes them: what reads files or starts programs does not exist. */
public final class Libraries {
  private static final List<String> HIDDEN_BY_REDIS =
      List.of("os", "getfenv", "setfenv", "newproxy");

  private Libraries() {}

  /**
   * Opens base, string, table, math, coroutine, and {@code os} with {@code clock} only.
   *
   * @param cpuNanos the clock of {@code os.clock}, in nanoseconds
   * @return the sequence behind {@code math.random}, for a host that seeds it
   */
  public static RandomSequence openStandard(LuaEngine engine, LongSupplier cpuNanos) {
    BaseLibrary.open(engine);
    CoroutineLibrary.open(engine);
    StringLibrary.open(engine);
    TableLibrary.open(engine);
    final RandomSequence random = MathLibrary.open(engine);
    LuaTable os = engine.newTable(0, 1);
    engine.register(os, "clock", call -> call.one(cpuNanos.getAsLong() / 1e9));
    engine.globals().set(engine.name("os"), os);
    return random;
  }

  /**
   * Opens the libraries that Redis adds, cjson, cmsgpack, struct and bit, and takes away what Redis
   * 7.0.15 does not show: {@code os}, {@code getfenv}, {@code setfenv} and {@code newproxy}.
   */
  public static void openRedis(LuaEngine engine) {
    for (String hidden : HIDDEN_BY_REDIS) {
      engine.globals().set(engine.name(hidden), null);
    }
    JsonLibrary.open(engine);
    MessagePackLibrary.open(engine);
    StructLibrary.open(engine);
    BitLibrary.open(engine);
  }
}
