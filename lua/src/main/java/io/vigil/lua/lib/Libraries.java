package io.vigil.lua.lib;

import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaTable;
import java.util.function.LongSupplier;

/** The libraries, as Redis exposes them: what reads files or starts programs does not exist. */
public final class Libraries {
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
}
