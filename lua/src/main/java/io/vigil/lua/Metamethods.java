package io.vigil.lua;

import io.vigil.lua.Frame.Then;
import io.vigil.lua.compiler.Op;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.util.ArrayList;
import java.util.List;

/** What instructions do with values for which there is no short way, and their errors. */
final class Metamethods {
  /** How many tables a chain of __index may be long. */
  private static final int MAX_CHAIN = 100;

  private static final int LONGEST_STRING = Integer.MAX_VALUE - 64;

  private final Interpreter interpreter;

  Metamethods(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  /** The metamethod of a value, or null. */
  Object of(Object value, Event event) {
    return event.in(interpreter.engine.metatable(value));
  }

  // Errors

  /** "attempt to index field 'x' (a nil value)". */
  LuaError typeError(int operand, Object value, String what) {
    String type = LuaOperators.typeName(value);
    String name = interpreter.operandName(interpreter.thread.frame(), operand);
    return interpreter.error(
        name == null
            ? "attempt to " + what + " a " + type + " value"
            : "attempt to " + what + " " + name + " (a " + type + " value)");
  }

  private LuaError compareError(Object x, Object y) {
    String first = LuaOperators.typeName(x);
    String second = LuaOperators.typeName(y);
    return interpreter.error(
        first.equals(second)
            ? "attempt to compare two " + first + " values"
            : "attempt to compare " + first + " with " + second);
  }

  // Calls of metamethods: above the registers of the frame

  private void invoke(Frame f, Object method, Object x, Object y, Then then, int target) {
    LuaThread t = interpreter.thread;
    int slot = f.base + f.closure.prototype.registers();
    t.ensure(slot + 4);
    t.stack[slot] = method;
    t.stack[slot + 1] = x;
    t.stack[slot + 2] = y;
    interpreter.calls.call(slot, 2, 1, then, target);
  }

  // Tables

  /** R(target) := object[key]. */
  void index(Frame f, Object object, Object key, int target, int operand) {
    Object from = object;
    for (int link = 0; link < MAX_CHAIN; link++) {
      Object method;
      if (from instanceof LuaTable table) {
        Object value = table.get(key);
        if (value == null) {
          method = Event.INDEX.in(table.metatable);
        } else {
          method = null;
        }
        if (method == null) {
          interpreter.thread.stack[target] = value;
          return;
        }
      } else {
        method = of(from, Event.INDEX);
        if (method == null) {
          throw typeError(link == 0 ? operand : -1, from, "index");
        }
      }
      if (method instanceof LuaFunction) {
        invoke(f, method, from, key, Then.STORE, target);
        return;
      }
      from = method;
    }
    throw interpreter.error("loop in gettable");
  }

  /** object[key] := value. */
  void setIndex(Frame f, Object object, Object key, Object value, int operand) {
    Object to = object;
    for (int link = 0; link < MAX_CHAIN; link++) {
      Object method;
      if (to instanceof LuaTable table) {
        if (table.isReadOnly()) {
          throw interpreter.error(LuaTable.READ_ONLY);
        }
        method = Event.NEWINDEX.in(table.metatable);
        if (method == null || table.get(key) != null) {
          rawSet(table, key, value);
          return;
        }
      } else {
        method = of(to, Event.NEWINDEX);
        if (method == null) {
          throw typeError(link == 0 ? operand : -1, to, "index");
        }
      }
      if (method instanceof LuaFunction) {
        LuaThread t = interpreter.thread;
        int slot = f.base + f.closure.prototype.registers();
        t.ensure(slot + 4);
        t.stack[slot] = method;
        t.stack[slot + 1] = to;
        t.stack[slot + 2] = key;
        t.stack[slot + 3] = value;
        interpreter.calls.call(slot, 3, 0, Then.DROP, slot);
        return;
      }
      to = method;
    }
    throw interpreter.error("loop in settable");
  }

  private void rawSet(LuaTable table, Object key, Object value) {
    if (key == null) {
      throw interpreter.error("table index is nil");
    }
    if (key instanceof Double number && number.isNaN()) {
      throw interpreter.error("table index is NaN");
    }
    table.set(key, value);
  }

  // Arithmetic

  /** Any of the arithmetic instructions; whether a frame may have been pushed. */
  boolean arithmetic(Frame f, int instruction) {
    int op = instruction & 0xFF;
    Object[] s = interpreter.thread.stack;
    Object x = s[f.base + (instruction >>> 16 & 0xFF)];
    boolean constant = op >= Op.ADDK;
    Object y = constant ? f.constants[instruction >>> 24] : s[f.base + (instruction >>> 24)];
    int operator = constant ? op - Op.ADDK : op - Op.ADD;
    int target = f.base + (instruction >>> 8 & 0xFF);
    if (x instanceof Double a && y instanceof Double b) {
      s[target] = LuaOperators.arithmetic(operator, a, b);
      return false;
    }
    Double a = LuaOperators.toNumber(x);
    Double b = LuaOperators.toNumber(y);
    if (a != null && b != null) {
      s[target] = LuaOperators.arithmetic(operator, a, b);
      return false;
    }
    Event event = Event.arithmetic(operator);
    Object method = of(x, event);
    if (method == null) {
      method = of(y, event);
    }
    if (method == null) {
      boolean second = a != null;
      throw typeError(second ? 1 : 0, second ? y : x, "perform arithmetic on");
    }
    invoke(f, method, x, y, Then.STORE, target);
    return true;
  }

  /** R(target) := -x. */
  void negate(Frame f, Object x, int target) {
    Double number = LuaOperators.toNumber(x);
    if (number != null) {
      interpreter.thread.stack[target] = -number;
      return;
    }
    Object method = of(x, Event.UNM);
    if (method == null) {
      throw typeError(0, x, "perform arithmetic on");
    }
    invoke(f, method, x, x, Then.STORE, target);
  }

  /** R(target) := #x. */
  void length(Frame f, Object x, int target) {
    switch (x) {
      case LuaTable table -> interpreter.thread.stack[target] = (double) table.length();
      case LuaString string -> interpreter.thread.stack[target] = (double) string.length();
      case null, default -> {
        Object method = of(x, Event.LEN);
        if (method == null) {
          throw typeError(0, x, "get length of");
        }
        invoke(f, method, x, x, Then.STORE, target);
      }
    }
  }

  void prepareLoop(Frame f, int a) {
    Object[] s = interpreter.thread.stack;
    String[] parts = {"initial value", "limit", "step"};
    for (int n = 0; n < parts.length; n++) {
      Double number = LuaOperators.toNumber(s[a + n]);
      if (number == null) {
        throw interpreter.error("'for' " + parts[n] + " must be a number");
      }
      s[a + n] = number;
    }
    s[a] = (Double) s[a] - (Double) s[a + 2];
    f.pc = f.code[f.pc];
  }

  // Strings

  /** R(target) := R(first) .. ... .. R(last), absolute slots. */
  void concat(Frame f, int first, int last, int target) {
    Object[] s = interpreter.thread.stack;
    int top = last;
    while (top > first) {
      LuaString right = LuaOperators.toLuaString(s[top]);
      if (right == null || !isText(s[top - 1])) {
        Object method = of(s[top - 1], Event.CONCAT);
        if (method == null) {
          method = of(s[top], Event.CONCAT);
        }
        if (method == null) {
          int operand = isText(s[top - 1]) ? top : top - 1;
          throw typeError(operand - first, s[operand], "concatenate");
        }
        invoke(f, method, s[top - 1], s[top], Then.CONCAT, top - 1);
        return;
      }
      top = join(s, first, top, right);
    }
    s[target] = s[first];
  }

  private static boolean isText(Object value) {
    return value instanceof LuaString || value instanceof Double;
  }

  /** Joins all texts that end at a slot; the slot of the result, where the first of them was. */
  private int join(Object[] s, int first, int last, LuaString right) {
    List<LuaString> texts = new ArrayList<>();
    texts.add(right);
    long length = right.length();
    int at = last - 1;
    for (; at >= first && isText(s[at]); at--) {
      LuaString text = LuaOperators.toLuaString(s[at]);
      texts.add(text);
      length += text.length();
    }
    if (length > LONGEST_STRING) {
      throw interpreter.error("string length overflow");
    }
    interpreter.engine.memory.charge(LuaString.OVERHEAD_BYTES + length);
    byte[] joined = new byte[(int) length];
    int end = joined.length;
    for (LuaString text : texts) {
      end -= text.length();
      System.arraycopy(text.sharedBytes(), 0, joined, end, text.length());
    }
    s[at + 1] = LuaString.wrap(joined);
    return at + 1;
  }

  /** Goes on with a concatenation whose part a metamethod has put into a slot. */
  void concatFrom(Frame f, int slot) {
    int instruction = f.code[f.pc - 1];
    int first = f.base + (instruction >>> 16 & 0xFF);
    concat(f, first, slot, f.base + (instruction >>> 8 & 0xFF));
  }

  // Comparisons: the frame stands at the word that holds the target

  /** Jumps or falls through, by the outcome of the comparison at which a frame stands. */
  void decide(Frame f, boolean outcome) {
    boolean expected = (f.code[f.pc - 1] & 0xFF00) != 0;
    f.pc = outcome == expected ? f.code[f.pc] : f.pc + 1;
  }

  /** Of two values that are not the same, at least the first one a table or userdata. */
  void equal(Frame f, Object x, Object y) {
    if (x == y) {
      decide(f, true);
      return;
    }
    boolean same =
        (x instanceof LuaTable && y instanceof LuaTable)
            || (x instanceof LuaUserdata && y instanceof LuaUserdata);
    Object method = same ? of(x, Event.EQ) : null;
    if (method == null || !LuaOperators.rawEquals(method, of(y, Event.EQ))) {
      decide(f, false);
      return;
    }
    invoke(f, method, x, y, Then.TEST, -1);
  }

  /** Any of the instructions that compare the order. */
  void compare(Frame f, int instruction) {
    Object[] s = interpreter.thread.stack;
    Object x = s[f.base + (instruction >>> 16 & 0xFF)];
    int c = instruction >>> 24;
    switch (instruction & 0xFF) {
      case Op.LT -> less(f, x, s[f.base + c]);
      case Op.LE -> lessOrEqual(f, x, s[f.base + c]);
      case Op.LTK -> less(f, x, f.constants[c]);
      case Op.LEK -> lessOrEqual(f, x, f.constants[c]);
      case Op.GTK -> less(f, f.constants[c], x);
      default -> lessOrEqual(f, f.constants[c], x);
    }
  }

  private void less(Frame f, Object x, Object y) {
    if (x instanceof Double a && y instanceof Double b) {
      decide(f, a < b);
    } else if (x instanceof LuaString a && y instanceof LuaString b) {
      decide(f, a.compareTo(b) < 0);
    } else {
      Object method = orderMethod(x, y, Event.LT);
      if (method == null) {
        throw compareError(x, y);
      }
      invoke(f, method, x, y, Then.TEST, -1);
    }
  }

  private void lessOrEqual(Frame f, Object x, Object y) {
    if (x instanceof Double a && y instanceof Double b) {
      decide(f, a <= b);
    } else if (x instanceof LuaString a && y instanceof LuaString b) {
      decide(f, a.compareTo(b) <= 0);
    } else {
      Object method = orderMethod(x, y, Event.LE);
      if (method != null) {
        invoke(f, method, x, y, Then.TEST, -1);
        return;
      }
      method = orderMethod(y, x, Event.LT);
      if (method == null) {
        throw compareError(x, y);
      }
      invoke(f, method, y, x, Then.TEST_NOT, -1);
    }
  }

  /** The metamethod by which two values of one type are ordered, if both have the same. */
  Object orderMethod(Object x, Object y, Event event) {
    if (!LuaOperators.typeName(x).equals(LuaOperators.typeName(y))) {
      return null;
    }
    Object method = of(x, event);
    return method != null && LuaOperators.rawEquals(method, of(y, event)) ? method : null;
  }

  /** The error for two values that have no order, for native functions that sort. */
  LuaError orderError(Object x, Object y) {
    return compareError(x, y);
  }
}
