package io.vigil.lua.compiler;

import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The code of one function while it is written, with its constants and the lines. */
final class CodeBuffer {
  private static final int MAX_CONSTANTS = 1 << 16;
  private static final int MAX_CODE = 1 << 23;
  private static final Object NIL_KEY = new Object();

  private final String chunk;
  private int[] code = new int[32];
  private int[] lines = new int[32];
  private String[][] names = new String[32][];
  private int size;
  private final List<Object> constants = new ArrayList<>();
  private final Map<Object, Integer> numbers = new HashMap<>();

  CodeBuffer(String chunk) {
    this.chunk = chunk;
  }

  LuaError error(int line, String message) {
    return new LuaError(LuaString.of(chunk + ":" + line + ": " + message));
  }

  /** The index of the instruction that is written next. */
  int here() {
    return size;
  }

  int emit(int instruction, int line) {
    if (size == code.length) {
      if (size >= MAX_CODE) {
        throw error(line, "code size overflow");
      }
      code = Arrays.copyOf(code, 2 * size);
      lines = Arrays.copyOf(lines, 2 * size);
      names = Arrays.copyOf(names, 2 * size);
    }
    code[size] = instruction;
    lines[size] = line;
    return size++;
  }

  int abc(int op, int a, int b, int c, int line) {
    return emit(Op.abc(op, a, b, c), line);
  }

  int ad(int op, int a, int d, int line) {
    return emit(Op.ad(op, a, d), line);
  }

  /** Tells what the operands of the last instruction are. */
  void name(String... operands) {
    for (String operand : operands) {
      if (operand != null) {
        names[size - 1] = operands;
        return;
      }
    }
  }

  /** Writes a jump whose target is set later by {@link #patch}; its index. */
  int jump(int line) {
    return emit(Op.JMP, line);
  }

  /** Writes an instruction that has a target, to be set later. */
  int branch(int op, int a, int b, int c, int line) {
    int index = abc(op, a, b, c, line);
    emit(0, line);
    return index;
  }

  void patch(int index, int target) {
    int op = code[index] & 0xFF;
    if (Op.hasTarget(op)) {
      code[index + 1] = target;
    } else {
      code[index] = op | target << 8;
    }
  }

  void patchHere(int index) {
    patch(index, size);
  }

  void patchHere(List<Integer> jumps) {
    for (int index : jumps) {
      patch(index, size);
    }
  }

  void loopTo(int target, int line) {
    emit(Op.LOOP | target << 8, line);
  }

  void setWord(int index, int word) {
    code[index] = word;
  }

  /** The number of a constant: a string, number, boolean or null, which is nil. */
  int constant(Object value, int line) {
    Object key = value == null ? NIL_KEY : value;
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    if (constants.size() == MAX_CONSTANTS) {
      throw error(line, "constant table overflow");
    }
    constants.add(value);
    numbers.put(key, constants.size() - 1);
    return constants.size() - 1;
  }

  int[] code() {
    return Arrays.copyOf(code, size);
  }

  int[] lines() {
    return Arrays.copyOf(lines, size);
  }

  String[][] names() {
    return Arrays.copyOf(names, size);
  }

  Object[] constants() {
    return constants.toArray();
  }
}
