package io.vigil.lua.lib;

import io.vigil.lua.BaseSupport;
import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.Continuation;
import io.vigil.lua.LuaFunction;
import io.vigil.lua.LuaOperators;
import io.vigil.lua.LuaTable;
import io.vigil.lua.value.LuaString;
import java.util.Arrays;

/** The string functions that take a pattern. */
final class PatternFunctions {
  private PatternFunctions() {}

  static int find(Call call, boolean positions) {
    LuaString text = call.checkString(1);
    LuaString pattern = call.checkString(2);
    long start = StringLibrary.fromStart(call.optionalInteger(3, 1), text.length()) - 1;
    int from = (int) Math.min(Math.max(start, 0), text.length());
    boolean plain = positions && LuaOperators.isTrue(call.argument(4));
    if (positions && (plain || LuaPattern.isPlain(pattern))) {
      int found = indexOf(text, pattern, from);
      call.spend((text.length() - from) >> 6);
      return found < 0
          ? call.one((Object) null)
          : call.two(found + 1.0, (double) found + pattern.length());
    }
    LuaPattern matcher = new LuaPattern(call, text, pattern);
    boolean anchored = matcher.isAnchored();
    do {
      int end = matcher.matchAt(from, anchored);
      if (end >= 0) {
        matcher.account();
        if (positions) {
          call.push(from + 1.0);
          call.push((double) end);
          return 2 + matcher.pushCaptures(from, end, false);
        }
        return matcher.pushCaptures(from, end, true);
      }
    } while (from++ < text.length() && !anchored);
    matcher.account();
    return call.one((Object) null);
  }

  private static int indexOf(LuaString text, LuaString wanted, int from) {
    byte[] in = text.sharedBytes();
    byte[] what = wanted.sharedBytes();
    if (what.length == 0) {
      return from;
    }
    for (int at = from; at <= in.length - what.length; at++) {
      if (in[at] == what[0] && Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }

  static int matches(Call call) {
    LuaString text = call.checkString(1);
    LuaString pattern = call.checkString(2);
    int[] position = {0};
    return call.one(
        (Object)
            call.engine().function("gmatch_step", inner -> next(inner, text, pattern, position)));
  }

  private static int next(Call call, LuaString text, LuaString pattern, int[] position) {
    LuaPattern matcher = new LuaPattern(call, text, pattern);
    for (int from = position[0]; from <= text.length(); from++) {
      int end = matcher.matchAt(from, false);
      if (end >= 0) {
        position[0] = end == from ? end + 1 : end;
        matcher.account();
        return matcher.pushCaptures(from, end, true);
      }
    }
    matcher.account();
    position[0] = text.length() + 1;
    return 0;
  }

  static int substitute(Call call) {
    LuaString text = call.checkString(1);
    LuaString pattern = call.checkString(2);
    Object replacement = call.argument(3);
    if (replacement instanceof Double number) {
      replacement = LuaOperators.toLuaString(number);
    }
    boolean fits =
        replacement instanceof LuaString
            || replacement instanceof LuaFunction
            || replacement instanceof LuaTable;
    if (!fits) {
      throw call.argumentError(3, "string/function/table expected");
    }
    int most = (int) call.optionalInteger(4, text.length() + 1L);
    return new Substitution(call, text, pattern, replacement, most).proceed(call);
  }

  /** A gsub under way: it stops where the replacement comes from a Lua function. */
  private static final class Substitution implements Continuation {
    private final LuaString text;
    private final Object replacement;
    private final int most;
    private final ByteBuilder out;
    private final LuaPattern matcher;
    private final boolean anchored;
    private int from;
    private int end;
    private int count;

    Substitution(Call call, LuaString text, LuaString pattern, Object replacement, int most) {
      this.text = text;
      this.replacement = replacement;
      this.most = most;
      this.out = new ByteBuilder(call, Math.min(text.length() + 16, 1024));
      this.matcher = new LuaPattern(call, text, pattern);
      this.anchored = matcher.isAnchored();
    }

    @Override
    public int resume(Call call) {
      Object value = call.result(1);
      call.dropResults();
      add(call, value);
      return advance() ? proceed(call) : finish(call);
    }

    int proceed(Call call) {
      while (count < most) {
        end = matcher.matchAt(from, anchored);
        if (end >= 0) {
          count++;
          if (replacement instanceof LuaString pieces) {
            expand(pieces);
          } else {
            Object method = null;
            if (replacement instanceof LuaTable table) {
              Object key = matcher.capture(0, from, end);
              Object value = table.get(key);
              method = value == null ? BaseSupport.indexMethod(call, table) : null;
              if (method == null) {
                add(call, value);
              } else {
                return lookUp(call, table, key, method);
              }
            } else {
              call.push(replacement);
              return call.invoke(matcher.pushCaptures(from, end, true), this);
            }
          }
        }
        if (!advance()) {
          break;
        }
      }
      return finish(call);
    }

    /** Follows a chain of __index to a value or to a function. */
    private int lookUp(Call call, LuaTable table, Object key, Object first) {
      Object method = first;
      Object owner = table;
      for (int link = 0; link < 100 && !(method instanceof LuaFunction); link++) {
        if (!(method instanceof LuaTable next)) {
          throw call.error("attempt to index a " + LuaOperators.typeName(method) + " value");
        }
        Object value = next.get(key);
        owner = next;
        method = value == null ? BaseSupport.indexMethod(call, next) : null;
        if (method == null) {
          add(call, value);
          return advance() ? proceed(call) : finish(call);
        }
      }
      call.push(method);
      call.push(owner);
      call.push(key);
      return call.invoke(2, this);
    }

    private void add(Call call, Object value) {
      if (!LuaOperators.isTrue(value)) {
        out.add(text.sharedBytes(), from, end - from);
      } else if (!StringLibrary.append(out, value)) {
        throw call.error("invalid replacement value (a " + LuaOperators.typeName(value) + ")");
      }
    }

    private void expand(LuaString pieces) {
      int i = 0;
      while (i < pieces.length()) {
        int c = pieces.at(i++);
        if (c != '%') {
          out.add(c);
          continue;
        }
        int what = i < pieces.length() ? pieces.at(i) : 0;
        i++;
        if (what < '0' || what > '9') {
          out.add(what);
        } else if (what == '0') {
          out.add(text.sharedBytes(), from, end - from);
        } else {
          StringLibrary.append(out, matcher.capture(what - '1', from, end));
        }
      }
    }

    /** Goes behind the match, or one byte further where there was none; false at the end. */
    private boolean advance() {
      if (end > from) {
        from = end;
      } else if (from < text.length()) {
        out.add(text.at(from));
        from++;
      } else {
        return false;
      }
      return !anchored;
    }

    private int finish(Call call) {
      matcher.account();
      out.add(text.sharedBytes(), from, text.length() - from);
      return call.two(out.toLuaString(), (double) count);
    }
  }
}
