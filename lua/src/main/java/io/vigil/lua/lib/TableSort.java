package io.vigil.lua.lib;

import io.vigil.lua.BaseSupport;
import io.vigil.lua.Call;
import io.vigil.lua.Continuation;
import io.vigil.lua.LuaFunction;
import io.vigil.lua.LuaOperators;
import io.vigil.lua.LuaTable;
import io.vigil.lua.value.LuaString;
import java.util.Arrays;

/**
 * table.sort: the quicksort of the reference implementation, comparison by comparison, since a
 * script with an order of its own sees in which sequence its function is called, and where entries
 * that are equal end up.
 *
 * <p>It is written as a machine that stops at each comparison: a comparison may be a call of a Lua
 * function, which returns here through {@link #resume}.
 *
 * <pre>
 *   ENDS      is the last entry below the first?           exchange them
 *   MIDDLE_LOW, MIDDLE_HIGH   the same for the middle: it becomes the pivot
 *   UP        entries from the left that are below the pivot are passed
 *   DOWN      entries from the right that are above it; then exchange, and UP again
 *   the larger part waits on a stack, the smaller one is next
 * </pre>
 */
final class TableSort implements Continuation {
  private enum Step {
    BEGIN,
    ENDS,
    MIDDLE_LOW,
    MIDDLE_HIGH,
    UP,
    DOWN
  }

  private final LuaTable table;
  private final LuaFunction less;

  private int[] waiting = new int[64];
  private int waitingSize;
  private int low;
  private int high;
  private int left;
  private int right;
  private Object pivot;
  private Step step = Step.BEGIN;

  TableSort(LuaTable table, LuaFunction less) {
    this.table = table;
    this.less = less;
  }

  int start(Call call) {
    low = 1;
    high = table.length();
    if (low < high) {
      table.requireWritable();
    }
    call.spend(high / 4);
    return proceed(call);
  }

  @Override
  public int resume(Call call) {
    boolean outcome = LuaOperators.isTrue(call.result(1));
    call.dropResults();
    decided(call, outcome);
    return proceed(call);
  }

  /** Compares until a comparison needs a call, or all is sorted. */
  private int proceed(Call call) {
    for (; ; ) {
      if (step == Step.BEGIN && !beginPart()) {
        return 0;
      }
      Object x;
      Object y;
      switch (step) {
        case ENDS -> {
          x = table.get(high);
          y = table.get(low);
        }
        case MIDDLE_LOW -> {
          x = table.get(left);
          y = table.get(low);
        }
        case MIDDLE_HIGH -> {
          x = table.get(high);
          y = table.get(left);
        }
        case UP -> {
          x = table.get(left);
          y = pivot;
        }
        default -> {
          x = pivot;
          y = table.get(right);
        }
      }
      if (less != null) {
        return ask(call, less, x, y);
      }
      if (x instanceof Double a && y instanceof Double b) {
        decided(call, a < b);
      } else if (x instanceof LuaString a && y instanceof LuaString b) {
        decided(call, a.compareTo(b) < 0);
      } else {
        Object method = BaseSupport.lessMethod(call, x, y);
        if (method == null) {
          throw BaseSupport.orderError(x, y);
        }
        return ask(call, method, x, y);
      }
    }
  }

  private int ask(Call call, Object function, Object x, Object y) {
    call.push(function);
    call.push(x);
    call.push(y);
    return call.invoke(2, this);
  }

  private boolean beginPart() {
    while (low >= high) {
      if (waitingSize == 0) {
        return false;
      }
      high = waiting[--waitingSize];
      low = waiting[--waitingSize];
    }
    step = Step.ENDS;
    return true;
  }

  private void decided(Call call, boolean outcome) {
    switch (step) {
      case ENDS -> {
        if (outcome) {
          exchange(low, high);
        }
        left = (low + high) >>> 1;
        step = Step.MIDDLE_LOW;
        if (high - low == 1) {
          endPart();
        }
      }
      case MIDDLE_LOW -> {
        if (outcome) {
          exchange(left, low);
          choosePivot();
        } else {
          step = Step.MIDDLE_HIGH;
        }
      }
      case MIDDLE_HIGH -> {
        if (outcome) {
          exchange(left, high);
        }
        choosePivot();
      }
      case UP -> passedFromLeft(call, outcome);
      default -> passedFromRight(call, outcome);
    }
  }

  private void choosePivot() {
    if (high - low == 2) {
      endPart();
      return;
    }
    pivot = table.get(left);
    exchange(left, high - 1);
    left = low + 1;
    right = high - 1;
    step = Step.UP;
  }

  private void passedFromLeft(Call call, boolean below) {
    if (below) {
      if (left > high) {
        throw call.error("invalid order function for sorting");
      }
      left++;
    } else {
      right--;
      step = Step.DOWN;
    }
  }

  private void passedFromRight(Call call, boolean above) {
    if (above) {
      if (right < low) {
        throw call.error("invalid order function for sorting");
      }
      right--;
    } else if (right < left) {
      split();
    } else {
      exchange(left, right);
      left++;
      step = Step.UP;
    }
  }

  /** The pivot goes between the parts; the smaller part is next. */
  private void split() {
    exchange(high - 1, left);
    int middle = left;
    if (middle - low < high - middle) {
      later(middle + 1, high);
      high = middle - 1;
    } else {
      later(low, middle - 1);
      low = middle + 1;
    }
    step = Step.BEGIN;
  }

  private void endPart() {
    low = high;
    step = Step.BEGIN;
  }

  private void later(int from, int to) {
    if (waitingSize + 2 > waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * waiting.length);
    }
    waiting[waitingSize++] = from;
    waiting[waitingSize++] = to;
  }

  private void exchange(int i, int j) {
    Object value = table.get(i);
    table.set(i, table.get(j));
    table.set(j, value);
  }
}
