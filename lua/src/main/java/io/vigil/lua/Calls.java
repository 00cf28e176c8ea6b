package io.vigil.lua;

import io.vigil.lua.Frame.Then;
import io.vigil.lua.Interpreter.Stop;
import io.vigil.lua.LuaThread.Status;
import io.vigil.lua.compiler.Prototype;
import io.vigil.lua.value.LuaError;

/** Calls and returns: of Lua functions, native ones, and between threads. */
final class Calls {
  private static final int MAX_BOUNDARIES = 199;

  private final Interpreter interpreter;

  /** What the run ended with, when it has finished or failed. */
  Object[] finalResults;

  LuaError finalError;

  /** Where the run failed: chunk and line, or "". */
  String finalPosition;

  Calls(Interpreter interpreter) {
    this.interpreter = interpreter;
  }

  /** Begins a function with whatever stands in a slot; its arguments follow the slot. */
  void call(int slot, int count, int wanted, Then then, int target) {
    LuaThread t = interpreter.thread;
    Object callee = t.stack[slot];
    if (callee instanceof NativeFunction function) {
      runNative(t, function, slot, count, wanted, then, target);
    } else if (callee instanceof LuaClosure closure) {
      enter(t, closure, slot, count, wanted, then, target);
    } else {
      Object method = interpreter.metamethods.of(callee, Event.CALL);
      if (!(method instanceof LuaFunction)) {
        int operand = then == Then.RESULTS ? 0 : -1;
        throw interpreter.metamethods.typeError(operand, callee, "call");
      }
      t.ensure(slot + count + 2);
      System.arraycopy(t.stack, slot, t.stack, slot + 1, count + 1);
      t.stack[slot] = method;
      call(slot, count + 1, wanted, then, target);
    }
  }

  /** Makes a frame for a Lua function. */
  void enter(
      LuaThread t, LuaClosure closure, int slot, int count, int wanted, Then then, int target) {
    Prototype prototype = closure.prototype;
    int parameters = prototype.parameters();
    int base = slot + 1;
    int extra = 0;
    if (prototype.vararg()) {
      base += count;
      extra = Math.max(count - parameters, 0);
      t.ensure(base + prototype.registers() + extra);
      base = arrangeVarargs(t.stack, slot + 1, count, parameters);
    } else {
      t.ensure(base + prototype.registers());
      for (int n = count; n < parameters; n++) {
        t.stack[base + n] = null;
      }
    }
    if (t.isFull()) {
      throw interpreter.error("stack overflow");
    }
    int boundaries = t.depth < 0 ? t.outerBoundaries : t.frames[t.depth].boundaries;
    if (then != Then.RESULTS && then != Then.FINISH && then != Then.NATIVE) {
      boundaries++;
      if (boundaries > MAX_BOUNDARIES) {
        throw interpreter.error("C stack overflow");
      }
    }
    Frame f = t.push();
    f.code = prototype.code();
    f.constants = prototype.constants();
    f.closure = closure;
    f.pc = 0;
    f.function = slot;
    f.base = base;
    f.extra = extra;
    f.tailCalls = 0;
    f.then = then;
    f.wanted = wanted;
    f.target = target;
    f.boundaries = boundaries;
  }

  /** Moves fixed parameters above the extra ones; where they begin. */
  private static int arrangeVarargs(Object[] stack, int first, int count, int parameters) {
    int fixed = Math.min(count, parameters);
    int base = first + count; // the extra ones stand right below it already
    System.arraycopy(stack, first, stack, base, fixed);
    for (int n = fixed; n < parameters; n++) {
      stack[base + n] = null;
    }
    return base;
  }

  /** A tail call: the frame serves another function. */
  void replace(LuaThread t, Frame f, LuaClosure closure, int from, int count) {
    int slot = f.function;
    System.arraycopy(t.stack, from, t.stack, slot, count + 1);
    Then then = f.then;
    int tailCalls = f.tailCalls + 1;
    int boundaries = f.boundaries;
    t.depth--;
    enter(t, closure, slot, count, f.wanted, then == Then.FINISH ? then : Then.RESULTS, f.target);
    f.then = then;
    f.tailCalls = tailCalls;
    f.boundaries = boundaries;
  }

  /** Returns from a Lua function with values that begin at a slot. */
  void leave(Frame f, int from, int count) {
    interpreter.thread.depth--;
    deliver(from, count, f.wanted, f.then, f.target);
  }

  /** Hands results to the frame that is now the current one. */
  private void deliver(int from, int count, int wanted, Then then, int target) {
    LuaThread t = interpreter.thread;
    Object[] s = t.stack;
    switch (then) {
      case RESULTS -> {
        if (wanted < 0) {
          System.arraycopy(s, from, s, target, count);
          t.top = target + count;
        } else {
          int have = Math.min(count, wanted);
          System.arraycopy(s, from, s, target, have);
          for (int n = have; n < wanted; n++) {
            s[target + n] = null;
          }
        }
      }
      case STORE -> s[target] = count > 0 ? s[from] : null;
      case DROP -> {}
      case TEST ->
          interpreter.metamethods.decide(t.frame(), count > 0 && LuaOperators.isTrue(s[from]));
      case TEST_NOT ->
          interpreter.metamethods.decide(t.frame(), !(count > 0 && LuaOperators.isTrue(s[from])));
      case CONCAT -> {
        s[target] = count > 0 ? s[from] : null;
        interpreter.metamethods.concatFrom(t.frame(), target);
      }
      case NATIVE -> {
        Frame f = t.frame();
        System.arraycopy(s, from, s, f.resultsFrom, count);
        f.top = f.resultsFrom + count;
      }
      case FINISH -> finish(t, from, count);
    }
  }

  // Native functions

  private void runNative(
      LuaThread t,
      NativeFunction function,
      int slot,
      int count,
      int wanted,
      Then then,
      int target) {
    Call call = interpreter.call;
    call.begin(t, function, slot + 1, count);
    int results = function.body.run(call);
    if (results >= 0) {
      deliver(call.top - results, results, wanted, then, target);
      return;
    }
    if (results == Call.YIELD) {
      yieldValues(t, call, wanted, then, target);
      return;
    }
    int boundaries = (t.depth < 0 ? t.outerBoundaries : t.frame().boundaries) + 1;
    if (boundaries > MAX_BOUNDARIES) {
      throw new LuaError("C stack overflow");
    }
    if (t.isFull()) {
      throw interpreter.error("stack overflow");
    }
    Frame f = t.push();
    f.code = null;
    f.closure = null;
    f.function = slot;
    f.base = slot + 1;
    f.argumentCount = count;
    f.nativeFunction = function;
    f.then = then;
    f.wanted = wanted;
    f.target = target;
    f.tailCalls = 0;
    f.boundaries = boundaries;
    ask(f, call, results);
  }

  /** A waiting native function has what it waited for. */
  void continueNative(Frame f) {
    Call call = wake(f);
    conclude(f, call, f.continuation.resume(call));
  }

  /** Lets a native function see its call again. It runs, so its frame is none of those below. */
  private Call wake(Frame f) {
    LuaThread t = interpreter.thread;
    Call call = interpreter.call;
    call.begin(t, f.nativeFunction, f.base, f.argumentCount);
    call.resultsFrom = f.resultsFrom;
    call.top = f.top;
    t.ensure(f.top + 24);
    t.depth--;
    return call;
  }

  private void conclude(Frame f, Call call, int results) {
    if (results >= 0) {
      f.continuation = null;
      deliver(call.top - results, results, f.wanted, f.then, f.target);
    } else {
      interpreter.thread.depth++;
      ask(f, call, results);
    }
  }

  /** Does what a native function asked for; its frame is the current one. */
  private void ask(Frame f, Call call, int request) {
    f.continuation = call.continuation;
    f.resultsFrom = call.invokeAt;
    f.top = call.top;
    call.continuation = null;
    switch (request) {
      case Call.INVOKE -> {
        int count = call.top - call.invokeAt - 1;
        call(call.invokeAt, count, -1, Then.NATIVE, -1);
      }
      case Call.RESUME -> resume(call, call.toResume, call.top - call.invokeAt);
      case Call.SUSPEND -> interpreter.stop = Stop.SUSPENDED;
      default -> throw new IllegalStateException("a native function returned " + request);
    }
  }

  /** Values from the host for the native function that let the run be suspended. */
  void provide(Object[] values) {
    LuaThread t = interpreter.thread;
    Frame f = t.frame();
    t.ensure(f.resultsFrom + values.length + 1);
    System.arraycopy(values, 0, t.stack, f.resultsFrom, values.length);
    f.top = f.resultsFrom + values.length;
  }

  // Coroutines

  private void resume(Call call, LuaThread coroutine, int count) {
    LuaThread from = interpreter.thread;
    int outer = from.frame().boundaries;
    coroutine.resumer = from;
    coroutine.outerBoundaries = outer;
    from.status = Status.NORMAL;
    coroutine.status = Status.RUNNING;
    int first = call.invokeAt;
    interpreter.thread = coroutine;
    if (coroutine.yieldWanted == -2) {
      coroutine.ensure(count + 2);
      System.arraycopy(from.stack, first, coroutine.stack, 1, count);
      coroutine.yieldWanted = -1;
      call(0, count, -1, Then.FINISH, 0);
    } else {
      int at = coroutine.usedSlots();
      coroutine.ensure(at + count);
      System.arraycopy(from.stack, first, coroutine.stack, at, count);
      coroutine.ensure(coroutine.yieldTarget + count + 1);
      deliver(at, count, coroutine.yieldWanted, Then.RESULTS, coroutine.yieldTarget);
    }
  }

  private void yieldValues(LuaThread t, Call call, int wanted, Then then, int target) {
    boolean crosses = t.resumer == null || then != Then.RESULTS;
    for (int d = 0; d <= t.depth && !crosses; d++) {
      Frame f = t.frames[d];
      crosses = f.code == null || (f.then != Then.RESULTS && f.then != Then.FINISH);
    }
    if (crosses) {
      throw new LuaError("attempt to yield across metamethod/C-call boundary");
    }
    t.yieldWanted = wanted;
    t.yieldTarget = target;
    t.status = Status.SUSPENDED;
    toResumer(t, call.top - call.argumentCount, call.argumentCount);
  }

  /** Goes on in the thread that resumed this one, with values of this one. */
  private void toResumer(LuaThread t, int from, int count) {
    LuaThread resumer = t.resumer;
    t.resumer = null;
    interpreter.thread = resumer;
    resumer.status = Status.RUNNING;
    Frame f = resumer.frame();
    resumer.ensure(f.resultsFrom + count + 24);
    System.arraycopy(t.stack, from, resumer.stack, f.resultsFrom, count);
    f.top = f.resultsFrom + count;
  }

  private void finish(LuaThread t, int from, int count) {
    t.status = Status.DEAD;
    if (t.resumer != null) {
      toResumer(t, from, count);
      t.clear();
    } else {
      finalResults = java.util.Arrays.copyOfRange(t.stack, from, from + count);
      interpreter.stop = Stop.FINISHED;
    }
  }

  // Errors

  /** Goes back to the nearest function that wants to know of an error; ends the run without one. */
  void unwind(LuaError thrown) {
    LuaError error = thrown;
    String position = "";
    for (; ; ) {
      LuaThread t = interpreter.thread;
      if (position.isEmpty() && t.depth >= 0) {
        position = Interpreter.position(t.frame());
      }
      Frame f = guardOf(t);
      if (f == null && t.resumer != null) {
        t.status = Status.DEAD;
        t.clear();
        toResumer(t, 0, 0);
        f = interpreter.thread.frame();
      }
      if (f == null) {
        finalError = error;
        finalPosition = position;
        t.status = Status.DEAD;
        interpreter.stop = Stop.FINISHED;
        return;
      }
      try {
        failed(f, error);
        return;
      } catch (LuaError another) {
        error = another;
      }
    }
  }

  private void failed(Frame f, LuaError error) {
    Continuation.Guarded guard = (Continuation.Guarded) f.continuation;
    f.top = f.resultsFrom;
    Call call = wake(f);
    conclude(f, call, guard.failed(call, error));
  }

  /** Cuts the frames back to one that waits and wants to know of an error; null if none does. */
  private static Frame guardOf(LuaThread t) {
    for (int d = t.depth; d >= 0; d--) {
      Frame f = t.frames[d];
      if (f.code == null && f.continuation instanceof Continuation.Guarded) {
        t.depth = d;
        return f;
      }
    }
    return null;
  }
}
