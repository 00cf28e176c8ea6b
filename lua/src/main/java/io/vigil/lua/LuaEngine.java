package io.vigil.lua;

import io.vigil.lua.compiler.LuaCompiler;
import io.vigil.lua.compiler.Prototype;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Lua 5.1 machine: its globals, its limits and what runs in it. Engines share nothing; one is
 * used by one Java thread at a time.
 */
public final class LuaEngine {
  private static final int MAX_KNOWN_STRINGS = 20_000;

  final MemoryAccount memory;
  private final Map<LuaString, LuaString> strings = new HashMap<>();
  private final Interpreter interpreter;
  private final LuaThread mainThread;
  private final LuaTable globals;
  private final LuaUserdata nullPointer = new LuaUserdata(0);
  private final List<Object> kept = new ArrayList<>();
  private LuaTable stringMetatable;
  private LuaRun current;
  private int ids;
  private int censuses;

  /**
   * An engine without any library; see {@link io.vigil.lua.lib.Libraries}.
   *
   * @param memoryLimitBytes what its values may need before a script gets an error
   */
  public LuaEngine(long memoryLimitBytes) {
    memory = new MemoryAccount(this::reachableBytes, memoryLimitBytes);
    interpreter = new Interpreter(this);
    mainThread = new LuaThread(nextId(), memory);
    globals = newTable(0, 0);
  }

  // Values

  int nextId() {
    return ++ids;
  }

  /** The table of global variables. */
  public LuaTable globals() {
    return globals;
  }

  /** A new table. */
  public LuaTable newTable() {
    return new LuaTable(nextId(), memory, 0, 0);
  }

  /** A new table with room for entries 1..n and for others. */
  public LuaTable newTable(int arraySize, int hashSize) {
    return new LuaTable(nextId(), memory, arraySize, hashSize);
  }

  /** A new string that counts into the memory account; it takes the bytes over. */
  public LuaString newString(byte[] bytes) {
    memory.charge(LuaString.OVERHEAD_BYTES + (long) bytes.length);
    return LuaString.wrap(bytes);
  }

  /** The string of a text, the same object for the same text. */
  public LuaString name(String text) {
    LuaString string = LuaString.of(text);
    LuaString known = strings.putIfAbsent(string, string);
    return known == null ? string : known;
  }

  /** A native function. */
  public NativeFunction function(String name, NativeFunction.Body body) {
    return new NativeFunction(nextId(), name, body);
  }

  /** Puts a native function into a table under its name. */
  public void register(LuaTable table, String name, NativeFunction.Body body) {
    table.set(name(name), function(name, body));
  }

  /** A userdata, which is equal to itself only. */
  public LuaUserdata newUserdata() {
    return new LuaUserdata(nextId());
  }

  /** The null pointer as a value: what cjson calls null. */
  public LuaUserdata nullPointer() {
    return nullPointer;
  }

  /** Sets the metatable that all strings share. */
  public void setStringMetatable(LuaTable metatable) {
    stringMetatable = metatable;
  }

  /** The metatable of any value, or null. */
  public LuaTable metatable(Object value) {
    return switch (value) {
      case LuaTable table -> table.metatable;
      case LuaString string -> stringMetatable;
      case LuaUserdata userdata -> userdata.metatable;
      case null, default -> null;
    };
  }

  /** Keeps a value alive in the eyes of the memory account, as long as the engine lives. */
  public void keep(Object value) {
    kept.add(value);
  }

  /** The name that {@code tostring} prints for a value without a text of its own. */
  public static String address(Object value) {
    int id =
        switch (value) {
          case LuaTable table -> table.id;
          case LuaFunction function -> function.id;
          case LuaThread thread -> thread.id;
          case LuaUserdata userdata -> userdata.id;
          default -> throw new IllegalArgumentException("has no address: " + value);
        };
    if (id == 0) {
      return "(nil)";
    }
    String digits = Long.toHexString(0x5581_0000_0000L + 32L * id);
    return "0x" + digits;
  }

  // Running

  /**
   * Compiles source text into a function.
   *
   * @param name the name of the source, see {@link LuaCompiler#compile}
   * @throws LuaError that tells where it is wrong
   */
  public LuaClosure load(byte[] source, LuaString name) {
    memory.charge(source.length);
    if (strings.size() > MAX_KNOWN_STRINGS) {
      strings.clear();
    }
    Prototype prototype = LuaCompiler.compile(source, name, strings);
    return new LuaClosure(nextId(), prototype, new Cell[0], globals);
  }

  /**
   * Begins to run a function; nothing happens before {@link LuaRun#advance}.
   *
   * @throws IllegalStateException if another run of this engine has neither ended nor been
   *     abandoned
   */
  public LuaRun start(LuaFunction function, Object... arguments) {
    if (current != null && !current.isOver()) {
      throw new IllegalStateException("another run of this engine has not ended");
    }
    current = new LuaRun(this, interpreter, mainThread, function, arguments);
    return current;
  }

  /** Runs a function to its end; for libraries and tests, which need no interruption. */
  public Object[] run(LuaFunction function, Object... arguments) {
    LuaRun run = start(function, arguments);
    LuaRun.State state;
    do {
      state = run.advance(Integer.MAX_VALUE);
    } while (state == LuaRun.State.INTERRUPTED);
    if (state == LuaRun.State.FAILED) {
      throw run.error();
    }
    if (state != LuaRun.State.FINISHED) {
      throw new IllegalStateException("the run was suspended by a native function");
    }
    return run.results();
  }

  // Memory

  /** Sets what the values of this engine may need. */
  public void setMemoryLimit(long bytes) {
    memory.setLimit(bytes);
  }

  /** Bytes that its values need, garbage since the last count included. */
  public long usedBytes() {
    return memory.estimatedBytes();
  }

  /** Counts what its values need now. */
  public long countUsedBytes() {
    return memory.count();
  }

  private long reachableBytes() {
    Census census = new Census(++censuses);
    census.visit(globals);
    census.visit(stringMetatable);
    census.visit(mainThread);
    census.visit(interpreter.thread);
    for (Object value : kept) {
      census.visit(value);
    }
    return census.finish();
  }

  /** Adds up everything that can be reached. It keeps its own list: depth is no matter. */
  private static final class Census {
    private final int round;
    private final Deque<Object> open = new ArrayDeque<>();
    private long bytes;

    Census(int round) {
      this.round = round;
    }

    void visit(Object value) {
      switch (value) {
        case LuaString string -> {
          if (string.countIn(round)) {
            bytes += LuaString.OVERHEAD_BYTES + string.length();
          }
        }
        case Double number -> bytes += 16;
        case LuaTable table -> {
          if (table.countedIn != round) {
            table.countedIn = round;
            open.push(table);
          }
        }
        case LuaClosure closure -> {
          if (closure.countedIn != round) {
            closure.countedIn = round;
            open.push(closure);
          }
        }
        case LuaThread thread -> {
          if (thread.countedIn != round) {
            thread.countedIn = round;
            open.push(thread);
          }
        }
        case Cell cell -> {
          bytes += 24;
          visit(cell.value);
        }
        case LuaUserdata userdata -> visit(userdata.metatable);
        case null, default -> {
          // Booleans and native functions need nothing that grows.
        }
      }
    }

    long finish() {
      while (!open.isEmpty()) {
        switch (open.pop()) {
          case LuaTable table -> entries(table);
          case LuaClosure closure -> closure(closure);
          case LuaThread thread -> stack(thread);
          default -> throw new IllegalStateException("not a container");
        }
      }
      return bytes;
    }

    private void entries(LuaTable table) {
      bytes += table.ownBytes();
      visit(table.metatable);
      for (Object value : table.arrayPart()) {
        visit(value);
      }
      Object[] nodes = table.nodePart();
      for (int i = 0; i < nodes.length; i += 2) {
        if (nodes[i + 1] != null) {
          visit(nodes[i]);
          visit(nodes[i + 1]);
        }
      }
    }

    private void closure(LuaClosure closure) {
      bytes += 48 + 8L * closure.upvalues.length;
      visit(closure.environment);
      for (Cell cell : closure.upvalues) {
        visit(cell);
      }
    }

    private void stack(LuaThread thread) {
      bytes += 512 + 4L * thread.stack.length + 4L * thread.frames.length;
      int end = thread.usedSlots();
      for (int i = 0; i < end; i++) {
        visit(thread.stack[i]);
      }
      for (int d = 0; d <= thread.depth; d++) {
        bytes += 88;
        visit(thread.frames[d].closure);
      }
      visit(thread.resumer);
    }
  }
}
