package io.vigil.lua.compiler;

/**
 * A compiled function: its code and everything the code refers to. Immutable, and shared by all
 * closures made of it.
 *
 * @param chunk the name of its source, as it stands in messages
 * @param code instructions, see {@link Op}
 * @param constants numbers and strings
 * @param functions the functions that stand inside
 * @param captures where each closure of it finds its outer variables: a register of the enclosing
 *     function, or the complement of a number of one of that function's own outer variables
 * @param lines the line of each instruction
 * @param names what the operands of an instruction are, where that is known: {@code global 'x'}
 * @param parameters how many fixed parameters it has
 * @param vararg whether it takes more
 * @param registers how many registers it needs
 * @param line where it begins, 0 for a main chunk
 */
public record Prototype(
    String chunk,
    int[] code,
    Object[] constants,
    Prototype[] functions,
    int[] captures,
    int[] lines,
    String[][] names,
    int parameters,
    boolean vararg,
    int registers,
    int line) {

  /** Bytes this holds, for the memory account, without what stands inside. */
  public long ownBytes() {
    return 120L + 12L * code.length + 24L * constants.length;
  }
}
