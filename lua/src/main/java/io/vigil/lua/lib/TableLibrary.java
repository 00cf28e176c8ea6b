package io.vigil.lua.lib;

import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.Continuation;
import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaFunction;
import io.vigil.lua.LuaOperators;
import io.vigil.lua.LuaTable;
import io.vigil.lua.value.LuaString;

/** Functions on tables as lists. All but sort ignore metamethods, as Lua 5.1 does. */
final class TableLibrary {
  /** Entries that one insert may move: more cannot be there, only be asked for. */
  private static final long MOST_MOVES = 1L << 27;

  private TableLibrary() {}

  static void open(LuaEngine engine) {
    LuaTable library = engine.newTable(0, 16);
    engine.register(library, "concat", TableLibrary::concat);
    engine.register(library, "foreach", TableLibrary::forEach);
    engine.register(library, "foreachi", TableLibrary::forEachIndex);
    engine.register(library, "getn", call -> call.one((double) call.checkTable(1).length()));
    engine.register(library, "maxn", TableLibrary::largestKey);
    engine.register(library, "insert", TableLibrary::insert);
    engine.register(library, "remove", TableLibrary::remove);
    engine.register(
        library,
        "setn",
        call -> {
          call.checkTable(1);
          throw call.error("'setn' is obsolete");
        });
    engine.register(library, "sort", TableLibrary::sort);
    engine.globals().set(engine.name("table"), library);
  }

  private static int concat(Call call) {
    LuaTable table = call.checkTable(1);
    LuaString separator = call.optionalString(2, LuaString.EMPTY);
    int from = (int) call.optionalInteger(3, 1);
    int to = call.isNone(4) ? table.length() : (int) call.checkInteger(4);
    ByteBuilder out = new ByteBuilder(call, 64);
    for (long i = from; i <= to; i++) {
      Object value = table.get((int) i);
      switch (value) {
        case LuaString text -> out.add(text);
        case Double number -> out.add(LuaOperators.toLuaString(number));
        case null, default ->
            throw call.error(
                "invalid value ("
                    + LuaOperators.typeName(value)
                    + ") at index "
                    + i
                    + " in table for 'concat'");
      }
      if (i != to) {
        out.add(separator);
      }
    }
    call.spend(Math.max(0, to - from) / 16);
    return call.one((Object) out.toLuaString());
  }

  private static int forEach(Call call) {
    LuaTable table = call.checkTable(1);
    LuaFunction function = call.checkFunction(2);
    return new Continuation() {
      private Object key;

      @Override
      public int resume(Call then) {
        if (then.resultCount() > 0 && then.result(1) != null) {
          return then.one(then.result(1));
        }
        then.dropResults();
        int position = table.positionAfter(key);
        if (position < 0) {
          return 0;
        }
        key = table.keyAt(position);
        then.push(function);
        then.push(key);
        then.push(table.valueAt(position));
        return then.invoke(2, this);
      }
    }.resume(call);
  }

  private static int forEachIndex(Call call) {
    LuaTable table = call.checkTable(1);
    LuaFunction function = call.checkFunction(2);
    int length = table.length();
    return new Continuation() {
      private int index;

      @Override
      public int resume(Call then) {
        if (then.resultCount() > 0 && then.result(1) != null) {
          return then.one(then.result(1));
        }
        then.dropResults();
        if (++index > length) {
          return 0;
        }
        then.push(function);
        then.push((double) index);
        then.push(table.get(index));
        return then.invoke(2, this);
      }
    }.resume(call);
  }

  private static int largestKey(Call call) {
    LuaTable table = call.checkTable(1);
    double largest = 0;
    for (int at = table.nextPosition(0); at >= 0; at = table.nextPosition(at + 1)) {
      if (table.keyAt(at) instanceof Double key && key > largest) {
        largest = key;
      }
    }
    return call.one(largest);
  }

  private static int insert(Call call) {
    LuaTable table = call.checkTable(1);
    int end = table.length() + 1;
    int position;
    switch (call.argumentCount()) {
      case 2 -> position = end;
      case 3 -> {
        position = (int) call.checkInteger(2);
        end = Math.max(end, position);
        if ((long) end - position > MOST_MOVES) {
          throw call.argumentError(2, "position out of bounds");
        }
        table.requireWritable();
        for (int i = end; i > position; i--) {
          table.set(i, table.get(i - 1));
        }
        call.spend((end - position) / 16);
      }
      default -> throw call.error("wrong number of arguments to 'insert'");
    }
    table.requireWritable();
    table.set(position, call.argument(call.argumentCount()));
    return 0;
  }

  private static int remove(Call call) {
    LuaTable table = call.checkTable(1);
    int end = table.length();
    int position = (int) call.optionalInteger(2, end);
    if (position < 1 || position > end) {
      return 0;
    }
    Object removed = table.get(position);
    table.requireWritable();
    for (int i = position; i < end; i++) {
      table.set(i, table.get(i + 1));
    }
    table.set(end, null);
    call.spend((end - position) / 16);
    return call.one(removed);
  }

  private static int sort(Call call) {
    LuaTable table = call.checkTable(1);
    LuaFunction less = call.isNone(2) ? null : call.checkFunction(2);
    return new TableSort(table, less).start(call);
  }
}
