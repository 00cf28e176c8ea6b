package io.vigil.lua;

import io.vigil.lua.value.LuaError;

/**
 * One run of a function. The host advances it by a number of steps at a time, a step being a
 * backward jump or a call, and gets control back in between; so it can do other work, and can
 * abandon a script that does not end. Nothing a script does can prevent that.
 */
public final class LuaRun {
  /** Where a run stands. */
  public enum State {
    /** It returned; see {@link #results}. */
    FINISHED,
    /** It ended with an error; see {@link #error}. */
    FAILED,
    /** Its steps are used up: advance it again. */
    INTERRUPTED,
    /** A native function suspended it: advance it with the values it waits for. */
    SUSPENDED,
    /** The host gave it up. */
    ABANDONED
  }

  private final Interpreter interpreter;
  private final LuaThread thread;
  private State state = State.INTERRUPTED;
  private Object[] results;
  private LuaError error;
  private long steps;
  private final int argumentCount;
  private boolean started;

  LuaRun(
      LuaEngine engine,
      Interpreter interpreter,
      LuaThread thread,
      LuaFunction function,
      Object[] arguments) {
    this.interpreter = interpreter;
    this.thread = thread;
    thread.clear();
    thread.resumer = null;
    thread.outerBoundaries = 0;
    thread.status = LuaThread.Status.RUNNING;
    interpreter.thread = thread;
    interpreter.calls.finalResults = null;
    interpreter.calls.finalError = null;
    thread.ensure(arguments.length + 8);
    thread.stack[0] = function;
    System.arraycopy(arguments, 0, thread.stack, 1, arguments.length);
    thread.top = arguments.length + 1;
    argumentCount = arguments.length;
  }

  /**
   * Goes on for at most so many steps.
   *
   * @throws IllegalStateException if the run is over, or waits for values
   */
  public State advance(int maxSteps) {
    if (state != State.INTERRUPTED) {
      throw new IllegalStateException("cannot advance a run that is " + state);
    }
    if (!started) {
      started = true;
      interpreter.stop = null;
      try {
        interpreter.calls.call(0, argumentCount, -1, Frame.Then.FINISH, 0);
      } catch (LuaError failure) {
        interpreter.calls.unwind(failure);
      }
      if (interpreter.stop != null) {
        return settle(interpreter.stop);
      }
    }
    return go(maxSteps);
  }

  /** Goes on with the values for which a native function suspended the run. */
  public State advance(int maxSteps, Object... values) {
    if (state != State.SUSPENDED) {
      throw new IllegalStateException("cannot hand values to a run that is " + state);
    }
    interpreter.calls.provide(values);
    return go(maxSteps);
  }

  private State go(int maxSteps) {
    Interpreter.Stop stop = interpreter.run(maxSteps);
    steps += maxSteps - Math.max(interpreter.stepsLeft(), 0);
    return settle(stop);
  }

  private State settle(Interpreter.Stop stop) {
    state =
        switch (stop) {
          case INTERRUPTED -> State.INTERRUPTED;
          case SUSPENDED -> State.SUSPENDED;
          case FINISHED -> {
            results = interpreter.calls.finalResults;
            error = interpreter.calls.finalError;
            end();
            yield error == null ? State.FINISHED : State.FAILED;
          }
        };
    return state;
  }

  /** Gives the run up: it is not advanced any more, and no code of it runs to notice that. */
  public void abandon() {
    if (!isOver()) {
      state = State.ABANDONED;
      end();
    }
  }

  private void end() {
    thread.clear();
    interpreter.thread = thread;
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /** Whether it can never advance again. */
  public boolean isOver() {
    return state == State.FINISHED || state == State.FAILED || state == State.ABANDONED;
  }

  /** What it returned. */
  public Object[] results() {
    return results;
  }

  /** The error with which it ended. */
  public LuaError error() {
    return error;
  }

  /** Chunk and line of the function that failed, {@code chunk:line: }, or "". */
  public String errorPosition() {
    return interpreter.calls.finalPosition;
  }

  /** Steps it took so far. */
  public long steps() {
    return steps;
  }

  /** Chunk and line at which it stands, {@code chunk:line: }, or "". */
  public String position() {
    LuaThread at = interpreter.thread;
    return isOver() || at.depth < 0 ? "" : Interpreter.position(at.frame());
  }
}
