package io.vigil.lua;

import io.vigil.lua.lib.Libraries;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs a program as the lua command does, for comparisons by hand: LuaMain FILE. */
public final class LuaMain {
  private LuaMain() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out =
        new PrintStream(new BufferedOutputStream(System.out), false, StandardCharsets.ISO_8859_1);
    LuaEngine engine = newEngine(out);
    byte[] source = Files.readAllBytes(Path.of(arguments[0]));
    try {
      engine.run(engine.load(source, LuaString.of("@" + arguments[0])));
    } catch (LuaError error) {
      out.print("lua5.1: " + error.getMessage() + "\n");
    }
    out.flush();
  }

  /** An engine with the standard libraries and a print that writes to the given stream. */
  static LuaEngine newEngine(PrintStream out) {
    LuaEngine engine = new LuaEngine(1L << 30);
    Libraries.openStandard(engine, System::nanoTime);
    engine.register(
        engine.globals(),
        "print",
        call -> {
          for (int i = 1; i <= call.argumentCount(); i++) {
            LuaString text = LuaOperators.toLuaString(call.argument(i));
            if (text == null) {
              Object value = call.argument(i);
              text =
                  LuaString.of(
                      value == null || value instanceof Boolean
                          ? "" + (value == null ? "nil" : value)
                          : LuaOperators.typeName(value) + ": " + LuaEngine.address(value));
            }
            if (i > 1) {
              out.write('\t');
            }
            out.write(text.sharedBytes(), 0, text.length());
          }
          out.write('\n');
          return 0;
        });
    return engine;
  }
}
