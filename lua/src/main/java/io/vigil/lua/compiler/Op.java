package io.vigil.lua.compiler;

/**
 * The instructions. Each is an int: the operation in the low 8 bits, then three operands of 8 bits,
 * A, B, C; or A and one of 16 bits, D, in the place of B and C. R(x) is a register, K(x) a
 * constant, U(x) a cell of the closure. A <i>target</i> is the next word of the code: an index of
 * the code.
 */
public final class Op {
  private Op() {}

  /** R(A) := R(B). */
  public static final int MOVE = 0;

  /** R(A) := K(D). */
  public static final int LOADK = 1;

  /** R(A) := false or true, by B. */
  public static final int LOADBOOL = 2;

  /** R(A) ... R(B) := nil. */
  public static final int LOADNIL = 3;

  /** R(A) := U(B). */
  public static final int GETUPVAL = 4;

  /** U(B) := R(A). */
  public static final int SETUPVAL = 5;

  /** R(A) := the value of the cell R(B). */
  public static final int GETCELL = 6;

  /** The value of the cell R(A) := R(B). */
  public static final int SETCELL = 7;

  /** R(A) := a new cell that holds R(A). */
  public static final int NEWCELL = 8;

  /** R(A) := the global K(D). */
  public static final int GETGLOBAL = 9;

  /** The global K(D) := R(A). */
  public static final int SETGLOBAL = 10;

  /** R(A) := R(B)[R(C)]. */
  public static final int GETTABLE = 11;

  /** R(A) := R(B)[K(C)], a string. */
  public static final int GETFIELD = 12;

  /** R(A)[R(B)] := R(C). */
  public static final int SETTABLE = 13;

  /** R(A)[K(B)] := R(C), K(B) a string. */
  public static final int SETFIELD = 14;

  /** R(A+1) := R(B); R(A) := R(B)[K(C)]. */
  public static final int SELF = 15;

  /** R(A) := a new table; the next word holds its sizes, hash part above array part. */
  public static final int NEWTABLE = 16;

  /** R(A)[n + i] := R(A + i) for i in 1 .. B, all up to the top if B is 0; n is the next word. */
  public static final int SETLIST = 17;

  /** R(A) := R(B) + R(C); the same for the four that follow. */
  public static final int ADD = 18;

  public static final int SUB = 19;
  public static final int MUL = 20;
  public static final int DIV = 21;
  public static final int MOD = 22;
  public static final int POW = 23;

  /** R(A) := R(B) + K(C), a number; the same for those that follow. */
  public static final int ADDK = 24;

  public static final int SUBK = 25;
  public static final int MULK = 26;
  public static final int DIVK = 27;
  public static final int MODK = 28;
  public static final int POWK = 29;

  /** R(A) := -R(B). */
  public static final int UNM = 30;

  /** R(A) := not R(B). */
  public static final int NOT = 31;

  /** R(A) := #R(B). */
  public static final int LEN = 32;

  /** R(A) := R(B) .. ... .. R(C). */
  public static final int CONCAT = 33;

  /** Goes on at the code's index that the upper 24 bits hold. */
  public static final int JMP = 34;

  /** Like JMP, backwards: a place where a script can be interrupted. */
  public static final int LOOP = 35;

  /** To the target if R(A) is true. */
  public static final int JMPIF = 36;

  /** To the target if R(A) is nil or false. */
  public static final int JMPIFNOT = 37;

  /** To the target if (R(B) == R(C)) is A. */
  public static final int EQ = 38;

  /** To the target if (R(B) == K(C)) is A. */
  public static final int EQK = 39;

  /** To the target if (R(B) is less than R(C)) is A. */
  public static final int LT = 40;

  /** To the target if (R(B) is at most R(C)) is A. */
  public static final int LE = 41;

  /** To the target if (R(B) is less than K(C), a number) is A. */
  public static final int LTK = 42;

  /** To the target if (R(B) is at most K(C), a number) is A. */
  public static final int LEK = 43;

  /** To the target if (K(C), a number, is less than R(B)) is A. */
  public static final int GTK = 44;

  /** To the target if (K(C), a number, is at most R(B)) is A. */
  public static final int GEK = 45;

  /** Calls R(A) with B - 1 arguments, up to the top if B is 0; C - 1 results, all if C is 0. */
  public static final int CALL = 46;

  /** Returns R(A)(...), B as in CALL. */
  public static final int TAILCALL = 47;

  /** Returns R(A) and what follows, B - 1 values, up to the top if B is 0. */
  public static final int RETURN = 48;

  /** Returns R(A). */
  public static final int RETURN1 = 49;

  /** Returns nothing. */
  public static final int RETURN0 = 50;

  /** R(A) is the index, R(A+1) the limit, R(A+2) the step: checks them and goes to the target. */
  public static final int FORPREP = 51;

  /** Steps R(A); if it is within the limit, R(A+3) := R(A), and on to the target. */
  public static final int FORLOOP = 52;

  /** R(A+3) ... R(A+2+C) := R(A)(R(A+1), R(A+2)). */
  public static final int TFORCALL = 53;

  /** If R(A+3) is not nil: R(A+2) := R(A+3), and on to the target. */
  public static final int TFORLOOP = 54;

  /** R(A) := a closure of the function D. */
  public static final int CLOSURE = 55;

  /** R(A) ... := B - 1 extra arguments, all if B is 0. */
  public static final int VARARG = 56;

  /** R(A) := a table of the extra arguments, with their number as field n. */
  public static final int ARGTABLE = 57;

  static int abc(int op, int a, int b, int c) {
    return op | a << 8 | b << 16 | c << 24;
  }

  static int ad(int op, int a, int d) {
    return op | a << 8 | d << 16;
  }

  static boolean hasTarget(int op) {
    return (op >= JMPIF && op <= GEK) || op == FORPREP || op == FORLOOP || op == TFORLOOP;
  }
}
