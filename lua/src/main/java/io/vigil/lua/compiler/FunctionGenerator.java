package io.vigil.lua.compiler;

import io.vigil.lua.compiler.Ast.AssignStatement;
import io.vigil.lua.compiler.Ast.Block;
import io.vigil.lua.compiler.Ast.BreakStatement;
import io.vigil.lua.compiler.Ast.CallExpression;
import io.vigil.lua.compiler.Ast.CallStatement;
import io.vigil.lua.compiler.Ast.Capture;
import io.vigil.lua.compiler.Ast.DoStatement;
import io.vigil.lua.compiler.Ast.Expression;
import io.vigil.lua.compiler.Ast.FunctionBody;
import io.vigil.lua.compiler.Ast.GenericForStatement;
import io.vigil.lua.compiler.Ast.GlobalExpression;
import io.vigil.lua.compiler.Ast.IfStatement;
import io.vigil.lua.compiler.Ast.IndexExpression;
import io.vigil.lua.compiler.Ast.LocalExpression;
import io.vigil.lua.compiler.Ast.LocalFunctionStatement;
import io.vigil.lua.compiler.Ast.LocalStatement;
import io.vigil.lua.compiler.Ast.LocalVariable;
import io.vigil.lua.compiler.Ast.MethodExpression;
import io.vigil.lua.compiler.Ast.NumericForStatement;
import io.vigil.lua.compiler.Ast.RepeatStatement;
import io.vigil.lua.compiler.Ast.ReturnStatement;
import io.vigil.lua.compiler.Ast.Statement;
import io.vigil.lua.compiler.Ast.UpvalueExpression;
import io.vigil.lua.compiler.Ast.WhileStatement;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the code of one function. Registers are a stack: locals at the bottom in the order of
 * their declaration, temporary values above them. A local that a closure captures holds a cell.
 */
final class FunctionGenerator {
  private static final int MAX_REGISTERS = 250;

  final String chunk;
  final CodeBuffer code;
  final List<Prototype> functions = new ArrayList<>();
  private final FunctionBody body;
  private final ExpressionGenerator expressions;
  private final List<List<Integer>> breaks = new ArrayList<>();

  /** The first register that is free, and how many were ever needed. */
  int free;

  private int most = 2;

  /** Registers below this hold locals. */
  int locals;

  private FunctionGenerator(String chunk, FunctionBody body) {
    this.chunk = chunk;
    this.body = body;
    this.code = new CodeBuffer(chunk);
    this.expressions = new ExpressionGenerator(this);
  }

  static Prototype generate(String chunk, FunctionBody body) {
    return new FunctionGenerator(chunk, body).generate();
  }

  private Prototype generate() {
    for (LocalVariable parameter : body.parameters) {
      declare(parameter, reserve(1, body.line), body.line);
    }
    if (body.argTable != null) {
      int register = reserve(1, body.line);
      int op = body.usesDots ? Op.LOADNIL : Op.ARGTABLE;
      code.abc(op, register, register, 0, body.line);
      declare(body.argTable, register, body.line);
    }
    statements(body.block);
    code.abc(Op.RETURN0, 0, 0, 0, body.endLine);
    return new Prototype(
        chunk,
        code.code(),
        code.constants(),
        functions.toArray(new Prototype[0]),
        captures(),
        code.lines(),
        code.names(),
        body.parameters.size(),
        body.vararg,
        most,
        body.line);
  }

  private int[] captures() {
    int[] captures = new int[body.captures.size()];
    for (int i = 0; i < captures.length; i++) {
      Capture capture = body.captures.get(i);
      captures[i] = capture.local() != null ? capture.local().register : ~capture.upvalue();
    }
    return captures;
  }

  // Registers

  /** Takes registers off the stack of free ones; the first of them. */
  int reserve(int count, int line) {
    int first = free;
    free += count;
    if (free > MAX_REGISTERS) {
      throw code.error(line, "function or expression too complex");
    }
    most = Math.max(most, free + 1);
    return first;
  }

  private void declare(LocalVariable variable, int register, int line) {
    variable.register = register;
    locals = register + 1;
    if (variable.captured) {
      code.abc(Op.NEWCELL, register, 0, 0, line);
    }
  }

  // Statements

  private void block(Block block) {
    int saved = locals;
    statements(block);
    locals = saved;
    free = saved;
  }

  private void statements(Block block) {
    for (Statement statement : block.statements()) {
      statement(statement);
      free = locals;
    }
  }

  private void statement(Statement statement) {
    switch (statement) {
      case LocalStatement local -> local(local);
      case LocalFunctionStatement function -> localFunction(function);
      case AssignStatement assign -> assign(assign);
      case CallStatement call -> expressions.call(call.call(), 1);
      case DoStatement block -> block(block.block());
      case WhileStatement loop -> whileLoop(loop);
      case RepeatStatement loop -> repeatLoop(loop);
      case IfStatement branches -> branches(branches);
      case NumericForStatement loop -> numericFor(loop);
      case GenericForStatement loop -> genericFor(loop);
      case ReturnStatement values -> returnValues(values);
      case BreakStatement at -> breaks.getLast().add(code.jump(at.line()));
    }
  }

  private void local(LocalStatement statement) {
    int first = free;
    expressions.list(statement.values(), statement.variables().size(), statement.line());
    for (LocalVariable variable : statement.variables()) {
      declare(variable, first++, statement.line());
    }
  }

  private void localFunction(LocalFunctionStatement statement) {
    int line = statement.line();
    int register = reserve(1, line);
    if (statement.variable().captured) {
      code.abc(Op.LOADNIL, register, register, 0, line);
    }
    declare(statement.variable(), register, line);
    if (statement.variable().captured) {
      int function = reserve(1, line);
      expressions.closure(statement.body(), function);
      code.abc(Op.SETCELL, register, function, 0, line);
    } else {
      expressions.closure(statement.body(), register);
    }
  }

  private void assign(AssignStatement statement) {
    List<Expression> targets = statement.targets();
    List<Expression> values = statement.values();
    if (targets.size() == 1 && values.size() == 1) {
      assignOne(targets.getFirst(), values.getFirst(), statement.line());
      return;
    }
    int[][] places = new int[targets.size()][];
    for (int i = 0; i < places.length; i++) {
      places[i] = place(targets.get(i), true);
    }
    int first = free;
    expressions.list(values, targets.size(), statement.line());
    for (int i = places.length - 1; i >= 0; i--) {
      store(targets.get(i), places[i], first + i, statement.line());
    }
  }

  private void assignOne(Expression target, Expression value, int line) {
    if (target instanceof LocalExpression local && !local.variable().captured) {
      expressions.toRegister(value, local.variable().register);
    } else {
      int[] place = place(target, false);
      store(target, place, expressions.anyRegister(value), line);
    }
  }

  /**
   * Computes where an assignment goes to: for an index the registers of table and key, a key that
   * is a short-numbered string constant as the complement of its number.
   */
  private int[] place(Expression target, boolean copies) {
    if (!(target instanceof IndexExpression index)) {
      return new int[0];
    }
    int table =
        copies ? expressions.nextRegister(index.table()) : expressions.anyRegister(index.table());
    int constant = expressions.fieldConstant(index.key());
    if (constant >= 0) {
      return new int[] {table, ~constant};
    }
    return new int[] {
      table, copies ? expressions.nextRegister(index.key()) : expressions.anyRegister(index.key())
    };
  }

  private void store(Expression target, int[] place, int value, int line) {
    switch (target) {
      case LocalExpression local -> {
        int register = local.variable().register;
        int op = local.variable().captured ? Op.SETCELL : Op.MOVE;
        code.abc(op, register, value, 0, line);
      }
      case UpvalueExpression upvalue -> code.abc(Op.SETUPVAL, value, upvalue.index(), 0, line);
      case GlobalExpression global ->
          code.ad(Op.SETGLOBAL, value, code.constant(global.name(), line), line);
      case IndexExpression index -> {
        boolean field = place[1] < 0;
        int key = field ? ~place[1] : place[1];
        code.abc(field ? Op.SETFIELD : Op.SETTABLE, place[0], key, value, line);
        code.name(ExpressionGenerator.describe(index.table()));
      }
      default -> throw new IllegalStateException("not assignable: " + target);
    }
  }

  private void whileLoop(WhileStatement loop) {
    int start = code.here();
    List<Integer> exits = expressions.jumps(loop.condition(), false);
    free = locals;
    breaks.add(new ArrayList<>());
    block(loop.block());
    code.loopTo(start, loop.line());
    code.patchHere(exits);
    code.patchHere(breaks.removeLast());
  }

  private void repeatLoop(RepeatStatement loop) {
    int start = code.here();
    int saved = locals;
    breaks.add(new ArrayList<>());
    statements(loop.block());
    List<Integer> exits = expressions.jumps(loop.condition(), true);
    code.loopTo(start, loop.line());
    code.patchHere(exits);
    code.patchHere(breaks.removeLast());
    locals = saved;
    free = saved;
  }

  private void branches(IfStatement statement) {
    List<Integer> ends = new ArrayList<>();
    int conditions = statement.conditions().size();
    for (int i = 0; i < conditions; i++) {
      List<Integer> skips = expressions.jumps(statement.conditions().get(i), false);
      free = locals;
      block(statement.blocks().get(i));
      if (i + 1 < statement.blocks().size()) {
        ends.add(code.jump(statement.line()));
      }
      code.patchHere(skips);
    }
    if (statement.blocks().size() > conditions) {
      block(statement.blocks().getLast());
    }
    code.patchHere(ends);
  }

  private void numericFor(NumericForStatement loop) {
    int line = loop.line();
    int saved = locals;
    int base = expressions.nextRegister(loop.start());
    expressions.nextRegister(loop.limit());
    expressions.nextRegister(loop.step());
    int prepare = code.branch(Op.FORPREP, base, 0, 0, line);
    locals = base + 3;
    int start = code.here();
    breaks.add(new ArrayList<>());
    declare(loop.variable(), reserve(1, line), line);
    block(loop.block());
    code.patchHere(prepare);
    code.patch(code.branch(Op.FORLOOP, base, 0, 0, line), start);
    code.patchHere(breaks.removeLast());
    locals = saved;
  }

  private void genericFor(GenericForStatement loop) {
    int line = loop.line();
    int saved = locals;
    int base = free;
    expressions.list(loop.values(), 3, line);
    int enter = code.jump(line);
    locals = base + 3;
    int count = loop.variables().size();
    int first = reserve(Math.max(count, 3), line); // the call needs three registers
    free = first + count;
    int start = code.here();
    breaks.add(new ArrayList<>());
    for (LocalVariable variable : loop.variables()) {
      declare(variable, first++, line);
    }
    block(loop.block());
    code.patchHere(enter);
    code.abc(Op.TFORCALL, base, 0, count, line);
    code.patch(code.branch(Op.TFORLOOP, base, 0, 0, line), start);
    code.patchHere(breaks.removeLast());
    locals = saved;
  }

  private void returnValues(ReturnStatement statement) {
    List<Expression> values = statement.values();
    int line = statement.line();
    if (values.isEmpty()) {
      code.abc(Op.RETURN0, 0, 0, 0, line);
      return;
    }
    Expression last = values.getLast();
    if (values.size() == 1) {
      if (last instanceof CallExpression || last instanceof MethodExpression) {
        expressions.tailCall(last);
        return;
      }
      if (!ExpressionGenerator.isMultiple(last)) {
        code.abc(Op.RETURN1, expressions.anyRegister(last), 0, 0, line);
        return;
      }
    }
    int first = free;
    boolean open = expressions.openList(values);
    code.abc(Op.RETURN, first, open ? 0 : values.size() + 1, 0, line);
  }
}
