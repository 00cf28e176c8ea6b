package io.vigil.lua;

import io.vigil.lua.lib.Libraries;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.nio.charset.StandardCharsets;

/** Runs source texts in an engine of its own. */
final class Scripts {
  static final long MEMORY = 64L << 20;

  final LuaEngine engine = new LuaEngine(MEMORY);

  Scripts() {
    Libraries.openStandard(engine, () -> 0);
  }

  LuaClosure load(String source) {
    return engine.load(source.getBytes(StandardCharsets.ISO_8859_1), LuaString.of("@test"));
  }

  /** The results, each as tostring shows it, with blanks between them. */
  String run(String source) {
    StringBuilder out = new StringBuilder();
    for (Object value : engine.run(load(source))) {
      LuaString text = LuaOperators.toLuaString(value);
      out.append(out.isEmpty() ? "" : " ");
      out.append(text != null ? text.toString() : value instanceof LuaTable ? "table" : "" + value);
    }
    return out.toString();
  }

  /** The message of the error with which a source ends. */
  String failure(String source) {
    try {
      return "no error: " + run(source);
    } catch (LuaError error) {
      return error.getMessage();
    }
  }

  LuaRun start(String source) {
    return engine.start(load(source));
  }
}
