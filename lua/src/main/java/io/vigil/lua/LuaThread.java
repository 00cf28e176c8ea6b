package io.vigil.lua;

import java.util.Arrays;

/**
 * A coroutine, or the main thread of an engine: a stack of values, and a stack of frames upon it.
 * No thread of Java belongs to it.
 */
public final class LuaThread {
  /** Where a coroutine stands. */
  public enum Status {
    SUSPENDED("suspended"),
    RUNNING("running"),
    NORMAL("normal"),
    DEAD("dead");

    private final String text;

    Status(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final int MAX_FRAMES = 20_000;
  private static final int FRAME_BYTES = 88;

  final int id;
  private final MemoryAccount memory;
  Object[] stack = new Object[64];
  Frame[] frames = new Frame[8];

  /** The index of the frame that runs; -1 if there is none. */
  int depth = -1;

  /** End of the values that an instruction with an open number of values has left. */
  int top;

  Status status = Status.SUSPENDED;
  LuaThread resumer;
  int countedIn;

  /** Frames below this thread's own that are native, as its resumer had them. */
  int outerBoundaries;

  /** What the call of yield, at which it stands, wants: as in Frame. Not yet started: -2. */
  int yieldWanted = -2;

  int yieldTarget;

  LuaThread(int id, MemoryAccount memory) {
    this.id = id;
    this.memory = memory;
    memory.charge(512);
  }

  Frame frame() {
    return frames[depth];
  }

  /** Makes room for slots up to {@code size}. */
  void ensure(int size) {
    if (size > stack.length) {
      int larger = Math.max(size, stack.length * 2);
      memory.charge(4L * larger);
      stack = Arrays.copyOf(stack, larger);
    }
  }

  /** A frame above the current one, its fields still those of its last use. */
  Frame push() {
    int next = depth + 1;
    if (next == frames.length) {
      grow(next);
    }
    Frame frame = frames[next];
    if (frame == null) {
      frame = new Frame();
      frames[next] = frame;
    }
    depth = next;
    return frame;
  }

  private void grow(int size) {
    int limit = MAX_FRAMES + 200; // room for the handler of the overflow
    memory.charge((long) FRAME_BYTES * size);
    frames = Arrays.copyOf(frames, Math.min(2 * size, limit + 1));
  }

  boolean isFull() {
    return depth >= MAX_FRAMES - 2;
  }

  /** Forgets all values and frames; large stacks are given back. */
  void clear() {
    depth = -1;
    top = 0;
    if (stack.length > 4096) {
      stack = new Object[64];
    } else {
      Arrays.fill(stack, null);
    }
    if (frames.length > 256) {
      frames = new Frame[8];
    } else {
      for (Frame frame : frames) {
        if (frame != null) {
          frame.closure = null;
          frame.continuation = null;
        }
      }
    }
  }

  /** The end of the slots that are in use. */
  int usedSlots() {
    int end = top;
    for (int i = 0; i <= depth; i++) {
      Frame frame = frames[i];
      int last = frame.code == null ? frame.top : frame.base + frame.closure.prototype.registers();
      end = Math.max(end, last);
    }
    return Math.min(end, stack.length);
  }
}
