package io.vigil.lua;

import io.vigil.lua.Frame.Then;
import io.vigil.lua.compiler.Op;
import io.vigil.lua.compiler.Prototype;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;

/**
 * The loop that runs code.
 *
 * <pre>
 *   loop:  while the current frame is a Lua function's: instruction by instruction
 *            simple instructions            here
 *            metamethods, errors            Metamethods
 *            calls, returns, coroutines     Calls: they push and pop frames, then the loop reloads
 *          while it is a waiting native function's: its continuation runs
 * </pre>
 *
 * <p>A Lua function that calls another, a metamethod or a native function that calls back never
 * recurses in Java: all there is of a script is its threads' stacks and frames. So the loop can
 * stop at any backward jump or call, when its steps are used up, and go on later.
 */
final class Interpreter {
  /** How the loop ended. */
  enum Stop {
    FINISHED,
    INTERRUPTED,
    SUSPENDED
  }

  final LuaEngine engine;
  final Call call;
  final Calls calls;
  final Metamethods metamethods;

  /** The thread that runs: the main one or a coroutine. */
  LuaThread thread;

  /** Steps left before the next interruption. */
  private int steps;

  /** Set by calls that end the loop. */
  Stop stop;

  Interpreter(LuaEngine engine) {
    this.engine = engine;
    this.call = new Call(this, engine);
    this.calls = new Calls(this);
    this.metamethods = new Metamethods(this);
  }

  void spend(int count) {
    steps = Math.max(steps - count, 0);
  }

  int stepsLeft() {
    return steps;
  }

  /** Runs the current thread for at most so many steps. */
  Stop run(int maxSteps) {
    steps = maxSteps;
    stop = null;
    for (; ; ) {
      try {
        return loop();
      } catch (LuaError error) {
        calls.unwind(error);
      }
    }
  }

  private Stop loop() {
    reload:
    for (; ; ) {
      if (stop != null) {
        return stop;
      }
      final LuaThread t = thread;
      final Frame f = t.frames[t.depth];
      if (f.code == null) {
        calls.continueNative(f);
        continue;
      }
      final int[] code = f.code;
      final Object[] k = f.constants;
      final Object[] s = t.stack;
      final int base = f.base;
      int pc = f.pc;
      for (; ; ) {
        final int i = code[pc++];
        final int a = base + (i >>> 8 & 0xFF);
        switch (i & 0xFF) {
          case Op.MOVE -> s[a] = s[base + (i >>> 16 & 0xFF)];
          case Op.LOADK -> s[a] = k[i >>> 16];
          case Op.LOADBOOL -> s[a] = (i >>> 16 & 0xFF) != 0 ? Boolean.TRUE : Boolean.FALSE;
          case Op.LOADNIL -> {
            for (int r = base + (i >>> 16 & 0xFF); r >= a; r--) {
              s[r] = null;
            }
          }
          case Op.GETUPVAL -> s[a] = f.closure.upvalues[i >>> 16 & 0xFF].value;
          case Op.SETUPVAL -> f.closure.upvalues[i >>> 16 & 0xFF].value = s[a];
          case Op.GETCELL -> s[a] = ((Cell) s[base + (i >>> 16 & 0xFF)]).value;
          case Op.SETCELL -> ((Cell) s[a]).value = s[base + (i >>> 16 & 0xFF)];
          case Op.NEWCELL -> s[a] = new Cell(s[a]);
          case Op.GETGLOBAL -> {
            Object value = f.closure.environment.get((LuaString) k[i >>> 16]);
            if (value == null) {
              f.pc = pc;
              metamethods.index(f, f.closure.environment, k[i >>> 16], a, -1);
              continue reload;
            }
            s[a] = value;
          }
          case Op.GETFIELD -> {
            Object table = s[base + (i >>> 16 & 0xFF)];
            Object value = table instanceof LuaTable it ? it.get((LuaString) k[i >>> 24]) : null;
            if (value == null) {
              f.pc = pc;
              metamethods.index(f, table, k[i >>> 24], a, 0);
              continue reload;
            }
            s[a] = value;
          }
          case Op.GETTABLE -> {
            Object table = s[base + (i >>> 16 & 0xFF)];
            Object key = s[base + (i >>> 24)];
            Object value = table instanceof LuaTable it ? it.get(key) : null;
            if (value == null) {
              f.pc = pc;
              metamethods.index(f, table, key, a, 0);
              continue reload;
            }
            s[a] = value;
          }
          case Op.SELF -> {
            Object object = s[base + (i >>> 16 & 0xFF)];
            s[a + 1] = object;
            f.pc = pc;
            metamethods.index(f, object, k[i >>> 24], a, 0);
            continue reload;
          }
          case Op.SETTABLE -> {
            Object key = s[base + (i >>> 16 & 0xFF)];
            Object value = s[base + (i >>> 24)];
            if (s[a] instanceof LuaTable it && it.metatable == null && key instanceof Double d) {
              if (!it.isReadOnly() && !d.isNaN()) {
                it.set(d.doubleValue(), value);
                continue;
              }
            }
            f.pc = pc;
            metamethods.setIndex(f, s[a], key, value, 0);
            continue reload;
          }
          case Op.SETFIELD -> {
            f.pc = pc;
            LuaString key = (LuaString) k[i >>> 16 & 0xFF];
            Object value = s[base + (i >>> 24)];
            if (s[a] instanceof LuaTable it && it.metatable == null && !it.isReadOnly()) {
              it.set(key, value);
              continue;
            }
            metamethods.setIndex(f, s[a], key, value, 0);
            continue reload;
          }
          case Op.ADD -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x
                && s[base + (i >>> 24)] instanceof Double y) {
              s[a] = x + y;
              continue;
            }
            f.pc = pc;
            metamethods.arithmetic(f, i);
            continue reload;
          }
          case Op.SUB -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x
                && s[base + (i >>> 24)] instanceof Double y) {
              s[a] = x - y;
              continue;
            }
            f.pc = pc;
            metamethods.arithmetic(f, i);
            continue reload;
          }
          case Op.MUL -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x
                && s[base + (i >>> 24)] instanceof Double y) {
              s[a] = x * y;
              continue;
            }
            f.pc = pc;
            metamethods.arithmetic(f, i);
            continue reload;
          }
          case Op.ADDK -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x) {
              s[a] = x + (Double) k[i >>> 24];
              continue;
            }
            f.pc = pc;
            metamethods.arithmetic(f, i);
            continue reload;
          }
          case Op.SUBK -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x) {
              s[a] = x - (Double) k[i >>> 24];
              continue;
            }
            f.pc = pc;
            metamethods.arithmetic(f, i);
            continue reload;
          }
          case Op.MULK -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x) {
              s[a] = x * (Double) k[i >>> 24];
              continue;
            }
            f.pc = pc;
            metamethods.arithmetic(f, i);
            continue reload;
          }
          case Op.DIV, Op.MOD, Op.POW, Op.DIVK, Op.MODK, Op.POWK -> {
            f.pc = pc;
            if (metamethods.arithmetic(f, i)) {
              continue reload;
            }
          }
          case Op.NOT -> {
            Object value = s[base + (i >>> 16 & 0xFF)];
            s[a] = value == null || value == Boolean.FALSE ? Boolean.TRUE : Boolean.FALSE;
          }
          case Op.JMP -> pc = i >>> 8;
          case Op.LOOP -> {
            pc = i >>> 8;
            if (--steps < 0) {
              f.pc = pc;
              return Stop.INTERRUPTED;
            }
          }
          case Op.JMPIF -> {
            Object value = s[a];
            pc = value != null && value != Boolean.FALSE ? code[pc] : pc + 1;
          }
          case Op.JMPIFNOT -> {
            Object value = s[a];
            pc = value == null || value == Boolean.FALSE ? code[pc] : pc + 1;
          }
          case Op.EQ -> {
            Object x = s[base + (i >>> 16 & 0xFF)];
            Object y = s[base + (i >>> 24)];
            boolean equal = LuaOperators.rawEquals(x, y);
            if (!equal && (x instanceof LuaTable || x instanceof LuaUserdata)) {
              f.pc = pc;
              metamethods.equal(f, x, y);
              continue reload;
            }
            pc = equal == ((i & 0xFF00) != 0) ? code[pc] : pc + 1;
          }
          case Op.EQK -> {
            boolean equal = LuaOperators.rawEquals(s[base + (i >>> 16 & 0xFF)], k[i >>> 24]);
            pc = equal == ((i & 0xFF00) != 0) ? code[pc] : pc + 1;
          }
          case Op.LT -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x
                && s[base + (i >>> 24)] instanceof Double y) {
              pc = x < y == ((i & 0xFF00) != 0) ? code[pc] : pc + 1;
              continue;
            }
            f.pc = pc;
            metamethods.compare(f, i);
            continue reload;
          }
          case Op.LE -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x
                && s[base + (i >>> 24)] instanceof Double y) {
              pc = x <= y == ((i & 0xFF00) != 0) ? code[pc] : pc + 1;
              continue;
            }
            f.pc = pc;
            metamethods.compare(f, i);
            continue reload;
          }
          case Op.LTK -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x) {
              pc = x < (Double) k[i >>> 24] == ((i & 0xFF00) != 0) ? code[pc] : pc + 1;
              continue;
            }
            f.pc = pc;
            metamethods.compare(f, i);
            continue reload;
          }
          case Op.GTK -> {
            if (s[base + (i >>> 16 & 0xFF)] instanceof Double x) {
              pc = x > (Double) k[i >>> 24] == ((i & 0xFF00) != 0) ? code[pc] : pc + 1;
              continue;
            }
            f.pc = pc;
            metamethods.compare(f, i);
            continue reload;
          }
          case Op.CALL -> {
            if (--steps < 0) {
              f.pc = pc - 1;
              return Stop.INTERRUPTED;
            }
            f.pc = pc;
            int b = i >>> 16 & 0xFF;
            int count = b == 0 ? t.top - a - 1 : b - 1;
            if (s[a] instanceof LuaClosure closure) {
              calls.enter(t, closure, a, count, (i >>> 24) - 1, Then.RESULTS, a);
            } else {
              calls.call(a, count, (i >>> 24) - 1, Then.RESULTS, a);
            }
            continue reload;
          }
          case Op.TAILCALL, Op.TFORCALL -> {
            if (--steps < 0) {
              f.pc = pc - 1;
              return Stop.INTERRUPTED;
            }
            f.pc = pc;
            rare(t, f, i, a);
            continue reload;
          }
          case Op.RETURN1 -> {
            int target = f.target;
            if (f.then == Then.RESULTS && f.wanted == 1) {
              s[target] = s[a];
              t.depth--;
            } else {
              calls.leave(f, a, 1);
            }
            continue reload;
          }
          case Op.RETURN0 -> {
            calls.leave(f, a, 0);
            continue reload;
          }
          case Op.FORLOOP -> {
            double step = (Double) s[a + 2];
            double index = (Double) s[a] + step;
            double limit = (Double) s[a + 1];
            if (step > 0 ? index <= limit : limit <= index) {
              Double boxed = index;
              s[a] = boxed;
              s[a + 3] = boxed;
              pc = code[pc];
              if (--steps < 0) {
                f.pc = pc;
                return Stop.INTERRUPTED;
              }
            } else {
              pc++;
            }
          }
          case Op.TFORLOOP -> {
            if (s[a + 3] == null) {
              pc++;
            } else {
              s[a + 2] = s[a + 3];
              pc = code[pc];
            }
          }
          default -> {
            f.pc = pc;
            rare(t, f, i, a);
            continue reload;
          }
        }
      }
    }
  }

  /** The instructions that need not be fast, or that are work in any case. */
  private void rare(LuaThread t, Frame f, int i, int a) {
    Object[] s = t.stack;
    int b = i >>> 16 & 0xFF;
    int c = i >>> 24;
    switch (i & 0xFF) {
      case Op.SETGLOBAL ->
          metamethods.setIndex(f, f.closure.environment, f.constants[i >>> 16], s[a], -1);
      case Op.NEWTABLE -> {
        int sizes = f.code[f.pc++];
        s[a] = engine.newTable(sizes & 0xFFFF, sizes >>> 16);
      }
      case Op.SETLIST -> setList(t, f, a, b, f.base + c);
      case Op.UNM -> metamethods.negate(f, s[f.base + b], a);
      case Op.LEN -> metamethods.length(f, s[f.base + b], a);
      case Op.CONCAT -> metamethods.concat(f, f.base + b, f.base + c, a);
      case Op.LEK, Op.GEK -> metamethods.compare(f, i);
      case Op.TAILCALL -> {
        int count = b == 0 ? t.top - a - 1 : b - 1;
        if (s[a] instanceof LuaClosure closure) {
          calls.replace(t, f, closure, a, count);
        } else {
          calls.call(a, count, -1, Then.RESULTS, a);
        }
      }
      case Op.RETURN -> calls.leave(f, a, b == 0 ? t.top - a : b - 1);
      case Op.FORPREP -> metamethods.prepareLoop(f, a);
      case Op.TFORCALL -> {
        System.arraycopy(s, a, s, a + 3, 3);
        calls.call(a + 3, 2, c, Then.RESULTS, a + 3);
      }
      case Op.CLOSURE -> s[a] = close(f, f.closure.prototype.functions()[i >>> 16]);
      case Op.VARARG -> varargs(t, f, a, b - 1);
      case Op.ARGTABLE -> s[a] = argTable(f, s);
      default -> throw new IllegalStateException("instruction " + (i & 0xFF));
    }
  }

  private void setList(LuaThread t, Frame f, int a, int given, int from) {
    int listed = f.code[f.pc++];
    LuaTable table = (LuaTable) t.stack[a];
    int count = given == 0 ? t.top - from : given;
    table.growArray(listed + count);
    for (int n = count; n > 0; n--) {
      table.set(listed + n, t.stack[from + n - 1]);
    }
  }

  private LuaClosure close(Frame f, Prototype prototype) {
    int[] captures = prototype.captures();
    Cell[] cells = new Cell[captures.length];
    engine.memory.charge(48 + 24L * captures.length);
    for (int n = 0; n < cells.length; n++) {
      int from = captures[n];
      cells[n] = from < 0 ? f.closure.upvalues[~from] : (Cell) thread.stack[f.base + from];
    }
    return new LuaClosure(engine.nextId(), prototype, cells, f.closure.environment);
  }

  private static void varargs(LuaThread t, Frame f, int a, int wanted) {
    int count = wanted < 0 ? f.extra : wanted;
    t.ensure(a + count + 8);
    Object[] s = t.stack;
    int have = Math.min(count, f.extra);
    System.arraycopy(s, f.base - f.extra, s, a, have);
    for (int n = have; n < count; n++) {
      s[a + n] = null;
    }
    if (wanted < 0) {
      t.top = a + count;
    }
  }

  private LuaTable argTable(Frame f, Object[] s) {
    LuaTable table = engine.newTable(f.extra, 1);
    for (int n = 1; n <= f.extra; n++) {
      table.set(n, s[f.base - f.extra + n - 1]);
    }
    table.set(LuaString.of("n"), (double) f.extra);
    return table;
  }

  // Where something happens

  /** Chunk and line of a function some levels up, as it begins a message; "" if it has none. */
  String where(LuaThread of, int level) {
    int left = level;
    for (int d = of.depth; d >= 0; d--) {
      Frame f = of.frames[d];
      left--;
      if (left == 0) {
        return position(f);
      }
      if (f.code != null) {
        left -= f.tailCalls;
        if (left <= 0) {
          return "";
        }
      }
    }
    return "";
  }

  /** The frame of a function some levels up, null if there is none or it left no frame. */
  Frame frameAt(LuaThread of, int level) {
    int left = level;
    for (int d = of.depth; d >= 0; d--) {
      Frame f = of.frames[d];
      left--;
      if (left == 0) {
        return f;
      }
      if (f.code != null) {
        left -= f.tailCalls;
        if (left <= 0) {
          return null;
        }
      }
    }
    return null;
  }

  static String position(Frame f) {
    if (f.code == null) {
      return "";
    }
    Prototype prototype = f.closure.prototype;
    return prototype.chunk() + ":" + prototype.lines()[Math.max(f.pc - 1, 0)] + ": ";
  }

  /** An error at the instruction that runs. */
  LuaError error(String message) {
    return new LuaError((thread.depth < 0 ? "" : position(thread.frame())) + message);
  }

  /** What an operand of the current instruction is called, or null. */
  String operandName(Frame f, int operand) {
    String[] names = f.code == null ? null : f.closure.prototype.names()[f.pc - 1];
    return names == null || operand < 0 || operand >= names.length ? null : names[operand];
  }

  /** What the function that was called last is called where it was called, or null. */
  String calleeName(LuaThread of) {
    if (of.depth < 0 || of.frame().code == null) {
      return null;
    }
    Frame f = of.frame();
    return switch (f.code[f.pc - 1] & 0xFF) {
      case Op.CALL, Op.TAILCALL -> operandName(f, 0);
      case Op.TFORCALL -> "local '(for generator)'";
      default -> null;
    };
  }
}
