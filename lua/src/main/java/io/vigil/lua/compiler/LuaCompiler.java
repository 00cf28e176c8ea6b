package io.vigil.lua.compiler;

import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** From source text to code. */
public final class LuaCompiler {
  /** Longest name of a chunk in messages, with its decoration. */
  private static final int NAME_BYTES = 60;

  private LuaCompiler() {}

  /**
   * Compiles a chunk of source text; what begins like a precompiled chunk is refused.
   *
   * @param name name of the source: behind {@code @} or {@code =} it is shown as it is, else it is
   *     the source itself and its beginning is shown
   * @param strings equal strings of all programs of an engine, so that they are one object
   * @throws LuaError that tells where the source is wrong
   */
  public static Prototype compile(
      byte[] source, LuaString name, Map<LuaString, LuaString> strings) {
    String chunk = shownName(name);
    if (source.length > 0 && source[0] == 0x1B) {
      throw new LuaError(chunk + ": precompiled chunks are not accepted");
    }
    return FunctionGenerator.generate(chunk, Parser.parse(source, chunk, strings));
  }

  /** The name of a source as messages show it. */
  static String shownName(LuaString name) {
    byte[] bytes = name.sharedBytes();
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    String text = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    if (text.startsWith("=")) {
      return text.substring(1, Math.min(text.length(), NAME_BYTES));
    }
    if (text.startsWith("@")) {
      int room = NAME_BYTES - " '...' ".length() - 1;
      String file = text.substring(1);
      return file.length() > room ? "..." + file.substring(file.length() - room) : file;
    }
    int line = 0;
    while (line < text.length() && text.charAt(line) != '\n' && text.charAt(line) != '\r') {
      line++;
    }
    int room = NAME_BYTES - " [string \"...\"] ".length() - 1;
    int shown = Math.min(line, room);
    String rest = shown < text.length() ? "..." : "";
    return "[string \"" + text.substring(0, shown) + rest + "\"]";
  }
}
