package io.vigil.lua.compiler;

import io.vigil.lua.compiler.Ast.Capture;
import io.vigil.lua.compiler.Ast.Expression;
import io.vigil.lua.compiler.Ast.FunctionBody;
import io.vigil.lua.compiler.Ast.GlobalExpression;
import io.vigil.lua.compiler.Ast.LocalExpression;
import io.vigil.lua.compiler.Ast.LocalVariable;
import io.vigil.lua.compiler.Ast.UpvalueExpression;
import io.vigil.lua.value.LuaString;
import java.util.ArrayList;
import java.util.List;

/** The names that one function sees while it is parsed. */
final class Scope {
  private static final int MAX_LOCALS = 200;
  private static final int MAX_UPVALUES = 60;

  final Scope outer;
  final FunctionBody body;
  private final Lexer lexer;
  private final List<LocalVariable> active = new ArrayList<>();
  int loops;

  Scope(Scope outer, FunctionBody body, Lexer lexer) {
    this.outer = outer;
    this.body = body;
    this.lexer = lexer;
  }

  /** How many locals are in sight, to be handed to {@link #leave} at the end of a block. */
  int enter() {
    return active.size();
  }

  void leave(int mark) {
    active.subList(mark, active.size()).clear();
  }

  /** Lets a local be seen from here on. */
  void declare(LocalVariable variable) {
    active.add(variable);
    checkLimit(active.size(), MAX_LOCALS, "local variables");
  }

  void checkLimit(int count, int limit, String what) {
    if (count > limit) {
      String where = body.line == 0 ? "main function" : "function at line " + body.line;
      throw lexer.error(where + " has more than " + limit + " " + what);
    }
  }

  Expression resolve(LuaString name, int line) {
    LocalVariable local = find(name);
    if (local != null) {
      return new LocalExpression(local, line);
    }
    int upvalue = findUpvalue(name);
    return upvalue >= 0
        ? new UpvalueExpression(upvalue, name, line)
        : new GlobalExpression(name, line);
  }

  private LocalVariable find(LuaString name) {
    for (int i = active.size() - 1; i >= 0; i--) {
      if (active.get(i).name.equals(name)) {
        return active.get(i);
      }
    }
    return null;
  }

  private int findUpvalue(LuaString name) {
    if (outer == null) {
      return -1;
    }
    LocalVariable local = outer.find(name);
    if (local != null) {
      local.captured = true;
      return capture(new Capture(local, -1, name));
    }
    int further = outer.findUpvalue(name);
    return further < 0 ? -1 : capture(new Capture(null, further, name));
  }

  private int capture(Capture capture) {
    int known = body.captures.indexOf(capture);
    if (known >= 0) {
      return known;
    }
    body.captures.add(capture);
    checkLimit(body.captures.size(), MAX_UPVALUES, "upvalues");
    return body.captures.size() - 1;
  }
}
