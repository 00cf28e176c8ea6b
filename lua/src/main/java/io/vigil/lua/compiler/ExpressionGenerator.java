package io.vigil.lua.compiler;

import io.vigil.lua.compiler.Ast.ArithmeticExpression;
import io.vigil.lua.compiler.Ast.CallExpression;
import io.vigil.lua.compiler.Ast.Comparison;
import io.vigil.lua.compiler.Ast.ComparisonExpression;
import io.vigil.lua.compiler.Ast.ConcatExpression;
import io.vigil.lua.compiler.Ast.DotsExpression;
import io.vigil.lua.compiler.Ast.Entry;
import io.vigil.lua.compiler.Ast.Expression;
import io.vigil.lua.compiler.Ast.FunctionBody;
import io.vigil.lua.compiler.Ast.FunctionExpression;
import io.vigil.lua.compiler.Ast.GlobalExpression;
import io.vigil.lua.compiler.Ast.IndexExpression;
import io.vigil.lua.compiler.Ast.Literal;
import io.vigil.lua.compiler.Ast.LiteralExpression;
import io.vigil.lua.compiler.Ast.LocalExpression;
import io.vigil.lua.compiler.Ast.LogicalExpression;
import io.vigil.lua.compiler.Ast.MethodExpression;
import io.vigil.lua.compiler.Ast.NumberExpression;
import io.vigil.lua.compiler.Ast.ParenthesisExpression;
import io.vigil.lua.compiler.Ast.StringExpression;
import io.vigil.lua.compiler.Ast.TableExpression;
import io.vigil.lua.compiler.Ast.UnaryExpression;
import io.vigil.lua.compiler.Ast.UnaryOperator;
import io.vigil.lua.compiler.Ast.UpvalueExpression;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Writes the code of expressions. A value goes where it is asked for: to a given register, to the
 * next free one, or to any, in which case a local stays where it is. Conditions become jumps.
 */
final class ExpressionGenerator {
  private static final int SHORT_CONSTANTS = 256;
  private static final int LIST_BATCH = 50;

  /** Trees deeper than this are refused, so that the thread's own stack suffices. */
  private static final int MAX_DEPTH = 450;

  private final FunctionGenerator function;
  private final CodeBuffer code;
  private int depth;

  ExpressionGenerator(FunctionGenerator function) {
    this.function = function;
    this.code = function.code;
  }

  /** What an expression is called in messages, or null. */
  static String describe(Expression expression) {
    return switch (expression) {
      case LocalExpression local -> "local '" + local.variable().name + "'";
      case UpvalueExpression upvalue -> "upvalue '" + upvalue.name() + "'";
      case GlobalExpression global -> "global '" + global.name() + "'";
      case IndexExpression index ->
          index.key() instanceof StringExpression key ? "field '" + key.value() + "'" : "field '?'";
      case ParenthesisExpression parenthesis -> describe(parenthesis.inner());
      case LogicalExpression logical -> describeFirst(logical);
      default -> null;
    };
  }

  /** A chain whose operands before the last are constants is what the last one is. */
  private static String describeFirst(LogicalExpression logical) {
    List<Expression> operands = logical.operands();
    int first = 0;
    while (first < operands.size() - 1 && isConstant(operands.get(first), logical.isAnd())) {
      first++;
    }
    return first == operands.size() - 1 ? describe(operands.get(first)) : null;
  }

  private static boolean isConstant(Expression expression, boolean truth) {
    return switch (bare(expression)) {
      case LiteralExpression literal -> (literal.literal() == Literal.TRUE) == truth;
      case NumberExpression number -> truth;
      case StringExpression string -> truth;
      default -> false;
    };
  }

  /** Whether an expression at the end of a list gives all its values. */
  static boolean isMultiple(Expression expression) {
    return expression instanceof CallExpression
        || expression instanceof MethodExpression
        || expression instanceof DotsExpression;
  }

  private static Expression bare(Expression expression) {
    Expression inner = expression;
    while (inner instanceof ParenthesisExpression parenthesis) {
      inner = parenthesis.inner();
    }
    return inner;
  }

  // Where values go

  int anyRegister(Expression expression) {
    Expression inner = bare(expression);
    if (inner instanceof LocalExpression local && !local.variable().captured) {
      return local.variable().register;
    }
    return nextRegister(inner);
  }

  int nextRegister(Expression expression) {
    Expression inner = bare(expression);
    if (inner instanceof CallExpression || inner instanceof MethodExpression) {
      int base = call(inner, 2);
      function.free = base;
      return function.reserve(1, inner.line());
    }
    int register = function.reserve(1, inner.line());
    toRegister(inner, register);
    return register;
  }

  void toRegister(Expression expression, int target) {
    Expression inner = bare(expression);
    if (++depth > MAX_DEPTH) {
      throw code.error(inner.line(), "function or expression too complex");
    }
    int saved = function.free;
    int line = inner.line();
    switch (inner) {
      case LiteralExpression literal -> literal(literal.literal(), target, line);
      case NumberExpression number ->
          code.ad(Op.LOADK, target, code.constant(number.value(), line), line);
      case StringExpression string ->
          code.ad(Op.LOADK, target, code.constant(string.value(), line), line);
      case DotsExpression dots -> code.abc(Op.VARARG, target, 2, 0, line);
      case LocalExpression local -> local(local, target);
      case UpvalueExpression upvalue -> code.abc(Op.GETUPVAL, target, upvalue.index(), 0, line);
      case GlobalExpression global ->
          code.ad(Op.GETGLOBAL, target, code.constant(global.name(), line), line);
      case IndexExpression index -> index(index, target);
      case CallExpression call -> code.abc(Op.MOVE, target, call(call, 2), 0, line);
      case MethodExpression call -> code.abc(Op.MOVE, target, call(call, 2), 0, line);
      case FunctionExpression closure -> closure(closure.body(), target);
      case UnaryExpression unary -> unary(unary, target);
      case ArithmeticExpression arithmetic -> arithmetic(arithmetic, target);
      case ComparisonExpression comparison -> comparison(comparison, target);
      case ConcatExpression concat -> concat(concat, target);
      case LogicalExpression logical -> apart(target, line, to -> logical(logical, to));
      case TableExpression table -> apart(target, line, to -> table(table, to));
      case ParenthesisExpression parenthesis ->
          throw new IllegalStateException("parenthesis at line " + parenthesis.line());
    }
    function.free = saved;
    depth--;
  }

  private interface Writer {
    void write(int target);
  }

  /** What writes its target before it has read all its operands must not write to a local. */
  private void apart(int target, int line, Writer writer) {
    if (target >= function.locals) {
      writer.write(target);
      return;
    }
    int temporary = function.reserve(1, line);
    writer.write(temporary);
    code.abc(Op.MOVE, target, temporary, 0, line);
  }

  private void literal(Literal literal, int target, int line) {
    switch (literal) {
      case NIL -> code.abc(Op.LOADNIL, target, target, 0, line);
      case FALSE -> code.abc(Op.LOADBOOL, target, 0, 0, line);
      case TRUE -> code.abc(Op.LOADBOOL, target, 1, 0, line);
    }
  }

  private void local(LocalExpression local, int target) {
    int register = local.variable().register;
    if (local.variable().captured) {
      code.abc(Op.GETCELL, target, register, 0, local.line());
    } else if (register != target) {
      code.abc(Op.MOVE, target, register, 0, local.line());
    }
  }

  // Tables

  /** The number of a constant that fits an operand, if the key is a string; -1 if not. */
  int fieldConstant(Expression key) {
    if (bare(key) instanceof StringExpression string) {
      int constant = code.constant(string.value(), key.line());
      return constant < SHORT_CONSTANTS ? constant : -1;
    }
    return -1;
  }

  private void index(IndexExpression index, int target) {
    int constant = fieldConstant(index.key());
    if (constant >= 0) {
      int table = anyRegister(index.table());
      code.abc(Op.GETFIELD, target, table, constant, index.line());
    } else {
      long operands = operands(index.table(), index.key());
      code.abc(Op.GETTABLE, target, (int) (operands >> 8), (int) operands & 0xFF, index.line());
    }
    code.name(describe(index.table()));
  }

  private void table(TableExpression table, int target) {
    int line = table.line();
    code.abc(Op.NEWTABLE, target, 0, 0, line);
    int sizes = code.emit(0, line);
    int listed = 0;
    int keyed = 0;
    int pending = 0;
    int first = function.free;
    for (int i = 0; i < table.entries().size(); i++) {
      Entry entry = table.entries().get(i);
      boolean last = i == table.entries().size() - 1;
      if (entry.key() != null) {
        keyed++;
        keyed(entry, target);
      } else if (last && isMultiple(entry.value())) {
        open(entry.value());
        setList(target, first, 0, listed, line);
        pending = 0;
      } else {
        nextRegister(entry.value());
        pending++;
        if (pending == LIST_BATCH) {
          setList(target, first, pending, listed, line);
          listed += pending;
          pending = 0;
        }
      }
    }
    if (pending > 0) {
      setList(target, first, pending, listed, line);
    }
    code.setWord(sizes, coarse(keyed) << 16 | coarse(listed + pending(table, listed)));
  }

  /** List entries beyond the full batches, an open one at the end not counted. */
  private static int pending(TableExpression table, int listed) {
    int count = -listed;
    int size = table.entries().size();
    for (int i = 0; i < size; i++) {
      Entry entry = table.entries().get(i);
      if (entry.key() == null && !(i == size - 1 && isMultiple(entry.value()))) {
        count++;
      }
    }
    return count;
  }

  /** A size as three bits of mantissa can say it, rounded up; at most what 16 bits hold. */
  private static int coarse(int size) {
    int exponent = 0;
    int mantissa = size;
    while (mantissa >= 16) {
      mantissa = (mantissa + 1) >> 1;
      exponent++;
    }
    return Math.min(mantissa << exponent, 0xFFFF);
  }

  private void setList(int target, int first, int count, int listed, int line) {
    code.abc(Op.SETLIST, target, count, first, line);
    code.emit(listed, line);
    function.free = first;
  }

  private void keyed(Entry entry, int target) {
    int saved = function.free;
    int line = entry.key().line();
    int constant = fieldConstant(entry.key());
    if (constant >= 0) {
      code.abc(Op.SETFIELD, target, constant, anyRegister(entry.value()), line);
    } else {
      int key = anyRegister(entry.key());
      code.abc(Op.SETTABLE, target, key, anyRegister(entry.value()), line);
    }
    function.free = saved;
  }

  // Operators

  /**
   * Two operands, evaluated in their order, as first register above second. A captured local on the
   * left is read last: what the right side does to it counts.
   */
  private long operands(Expression left, Expression right) {
    int first;
    int second;
    if (bare(left) instanceof LocalExpression local && local.variable().captured) {
      first = function.reserve(1, left.line());
      second = anyRegister(right);
      local(local, first);
    } else {
      first = anyRegister(left);
      second = anyRegister(right);
    }
    return (long) first << 8 | second;
  }

  private void unary(UnaryExpression unary, int target) {
    int operand = anyRegister(unary.operand());
    int op =
        switch (unary.operator()) {
          case MINUS -> Op.UNM;
          case NOT -> Op.NOT;
          case LENGTH -> Op.LEN;
        };
    code.abc(op, target, operand, 0, unary.line());
    if (op != Op.NOT) {
      code.name(describe(unary.operand()));
    }
  }

  /** A chain like a + b - c leans to the left and may be long: it is written without recursion. */
  private void arithmetic(ArithmeticExpression expression, int target) {
    Deque<ArithmeticExpression> chain = new ArrayDeque<>();
    Expression leftmost = expression;
    while (leftmost instanceof ArithmeticExpression inner) {
      chain.push(inner);
      leftmost = inner.left();
    }
    int saved = function.free;
    int left = -1;
    while (!chain.isEmpty()) {
      ArithmeticExpression step = chain.pop();
      int constant = numberConstant(step.right());
      int right = constant;
      if (left < 0 && constant < 0) {
        long operands = operands(step.left(), step.right());
        left = (int) (operands >> 8);
        right = (int) operands & 0xFF;
      } else {
        left = left < 0 ? anyRegister(step.left()) : left;
        right = constant < 0 ? anyRegister(step.right()) : constant;
      }
      int op = Op.ADD + step.operator().ordinal() + (constant < 0 ? 0 : Op.ADDK - Op.ADD);
      function.free = saved;
      int result = chain.isEmpty() ? target : function.reserve(1, step.line());
      code.abc(op, result, left, right, step.line());
      code.name(describe(step.left()), describe(step.right()));
      left = result;
    }
  }

  private int numberConstant(Expression expression) {
    if (bare(expression) instanceof NumberExpression number) {
      int constant = code.constant(number.value(), number.line());
      return constant < SHORT_CONSTANTS ? constant : -1;
    }
    return -1;
  }

  private void concat(ConcatExpression concat, int target) {
    int first = function.free;
    String[] names = new String[concat.operands().size()];
    for (int i = 0; i < names.length; i++) {
      Expression operand = concat.operands().get(i);
      nextRegister(operand);
      names[i] = describe(operand);
    }
    code.abc(Op.CONCAT, target, first, function.free - 1, concat.line());
    code.name(names);
  }

  private void comparison(ComparisonExpression comparison, int target) {
    int line = comparison.line();
    int isTrue = compare(comparison, true);
    code.abc(Op.LOADBOOL, target, 0, 0, line);
    int end = code.jump(line);
    code.patchHere(isTrue);
    code.abc(Op.LOADBOOL, target, 1, 0, line);
    code.patchHere(end);
  }

  private void logical(LogicalExpression logical, int target) {
    List<Integer> ends = new ArrayList<>();
    List<Expression> operands = logical.operands();
    for (int i = 0; i < operands.size(); i++) {
      Expression operand = bare(operands.get(i));
      int line = operand.line();
      if (i == operands.size() - 1) {
        toRegister(operand, target);
      } else if (!logical.isAnd()
          && operand instanceof LogicalExpression inner
          && inner.isAnd()
          && inner.operands().size() == 2) {
        // x and y or z: where x is false the value of the first part does not matter.
        List<Integer> skips = jumps(inner.operands().getFirst(), false);
        toRegister(inner.operands().getLast(), target);
        ends.add(code.branch(Op.JMPIF, target, 0, 0, line));
        code.patchHere(skips);
      } else {
        toRegister(operand, target);
        ends.add(code.branch(logical.isAnd() ? Op.JMPIFNOT : Op.JMPIF, target, 0, 0, line));
      }
    }
    code.patchHere(ends);
  }

  // Conditions

  /** Code that jumps if the condition is as given and falls through if not; its jumps. */
  List<Integer> jumps(Expression condition, boolean when) {
    Expression inner = bare(condition);
    int saved = function.free;
    List<Integer> jumps = new ArrayList<>();
    if (++depth > MAX_DEPTH) {
      throw code.error(inner.line(), "function or expression too complex");
    }
    switch (inner) {
      case LiteralExpression literal -> {
        if ((literal.literal() == Literal.TRUE) == when) {
          jumps.add(code.jump(literal.line()));
        }
      }
      case ComparisonExpression comparison -> jumps.add(compare(comparison, when));
      case UnaryExpression unary when unary.operator() == UnaryOperator.NOT ->
          jumps.addAll(jumps(unary.operand(), !when));
      case LogicalExpression logical -> jumps.addAll(logicalJumps(logical, when));
      default -> {
        int register = anyRegister(inner);
        int op = when ? Op.JMPIF : Op.JMPIFNOT;
        jumps.add(code.branch(op, register, 0, 0, inner.line()));
      }
    }
    depth--;
    function.free = saved;
    return jumps;
  }

  private List<Integer> logicalJumps(LogicalExpression logical, boolean when) {
    List<Integer> jumps = new ArrayList<>();
    List<Integer> through = new ArrayList<>();
    List<Expression> operands = logical.operands();
    for (int i = 0; i < operands.size(); i++) {
      boolean last = i == operands.size() - 1;
      if (last || logical.isAnd() != when) {
        jumps.addAll(jumps(operands.get(i), when));
      } else {
        through.addAll(jumps(operands.get(i), !when));
      }
    }
    code.patchHere(through);
    return jumps;
  }

  private int compare(ComparisonExpression comparison, boolean when) {
    Comparison operator = comparison.operator();
    Expression left = comparison.left();
    Expression right = comparison.right();
    int line = comparison.line();
    if (operator == Comparison.EQ || operator == Comparison.NE) {
      return compareEqual(left, right, when == (operator == Comparison.EQ), line);
    }
    int saved = function.free;
    int expected = when ? 1 : 0;
    int constant = numberConstant(right);
    if (constant >= 0) {
      int op =
          switch (operator) {
            case LT -> Op.LTK;
            case LE -> Op.LEK;
            case GT -> Op.GTK;
            default -> Op.GEK;
          };
      int register = anyRegister(left);
      function.free = saved;
      return code.branch(op, expected, register, constant, line);
    }
    long operands = operands(left, right);
    int first = (int) (operands >> 8);
    int second = (int) operands & 0xFF;
    function.free = saved;
    return switch (operator) {
      case LT -> code.branch(Op.LT, expected, first, second, line);
      case LE -> code.branch(Op.LE, expected, first, second, line);
      case GT -> code.branch(Op.LT, expected, second, first, line);
      default -> code.branch(Op.LE, expected, second, first, line);
    };
  }

  private int compareEqual(Expression left, Expression right, boolean when, int line) {
    int saved = function.free;
    int expected = when ? 1 : 0;
    int constant = equalityConstant(right);
    if (constant >= 0) {
      int register = anyRegister(left);
      function.free = saved;
      return code.branch(Op.EQK, expected, register, constant, line);
    }
    long operands = operands(left, right);
    function.free = saved;
    return code.branch(Op.EQ, expected, (int) (operands >> 8), (int) operands & 0xFF, line);
  }

  private int equalityConstant(Expression expression) {
    Expression inner = bare(expression);
    int line = inner.line();
    int constant =
        switch (inner) {
          case NumberExpression number -> code.constant(number.value(), line);
          case StringExpression string -> code.constant(string.value(), line);
          case LiteralExpression literal ->
              switch (literal.literal()) {
                case NIL -> code.constant(null, line);
                case TRUE -> code.constant(Boolean.TRUE, line);
                case FALSE -> code.constant(Boolean.FALSE, line);
              };
          default -> SHORT_CONSTANTS;
        };
    return constant < SHORT_CONSTANTS ? constant : -1;
  }

  // Functions and calls

  void closure(FunctionBody body, int target) {
    int number = function.functions.size();
    if (number > 0xFFFF) {
      throw code.error(body.line, "constant table overflow");
    }
    function.functions.add(FunctionGenerator.generate(function.chunk, body));
    code.ad(Op.CLOSURE, target, number, body.endLine);
  }

  /**
   * Writes a call.
   *
   * @param results how many results, plus one; 0 for all
   * @return the register of the first result
   */
  int call(Expression expression, int results) {
    int saved = function.free;
    int arguments = prepareCall(expression);
    code.abc(Op.CALL, saved, arguments, results, expression.line());
    code.name(callee(expression));
    function.free = saved;
    return saved;
  }

  void tailCall(Expression expression) {
    int base = function.free;
    int arguments = prepareCall(expression);
    code.abc(Op.TAILCALL, base, arguments, 0, expression.line());
    code.name(callee(expression));
    code.abc(Op.RETURN, base, 0, 0, expression.line()); // what a native function returned
    function.free = base;
  }

  private static String callee(Expression call) {
    return switch (call) {
      case CallExpression plain -> describe(plain.function());
      case MethodExpression method -> "method '" + method.name() + "'";
      default -> null;
    };
  }

  /** Puts function and arguments into registers; their number plus one, or 0 if it is open. */
  private int prepareCall(Expression expression) {
    if (++depth > MAX_DEPTH) {
      throw code.error(expression.line(), "function or expression too complex");
    }
    int base = function.free;
    boolean open;
    if (expression instanceof MethodExpression method) {
      self(method);
      open = openList(method.arguments());
    } else {
      CallExpression call = (CallExpression) expression;
      nextRegister(call.function());
      open = openList(call.arguments());
    }
    depth--;
    return open ? 0 : function.free - base;
  }

  private void self(MethodExpression method) {
    int line = method.line();
    int base = function.reserve(2, line);
    function.free = base;
    int object = anyRegister(method.object());
    function.free = base + 2;
    int constant = code.constant(method.name(), line);
    if (constant < SHORT_CONSTANTS) {
      code.abc(Op.SELF, base, object, constant, line);
    } else {
      code.abc(Op.MOVE, base + 1, object, 0, line);
      int key = function.reserve(1, line);
      code.ad(Op.LOADK, key, constant, line);
      code.abc(Op.GETTABLE, base, base + 1, key, line);
      function.free = base + 2;
    }
    code.name(describe(method.object()));
  }

  /** Values into the next registers, as many as asked for. */
  void list(List<Expression> values, int wanted, int line) {
    int first = function.free;
    int given = values.size();
    for (int i = 0; i < given; i++) {
      Expression value = values.get(i);
      if (i == given - 1 && given <= wanted && isMultiple(value)) {
        multiple(value, wanted - i);
      } else if (i < wanted) {
        nextRegister(value);
      } else {
        int saved = function.free;
        nextRegister(value);
        function.free = saved;
      }
    }
    int have = function.free - first;
    if (have < wanted) {
      int missing = function.reserve(wanted - have, line);
      code.abc(Op.LOADNIL, missing, first + wanted - 1, 0, line);
    }
  }

  private void multiple(Expression value, int count) {
    int base = function.free;
    if (value instanceof DotsExpression) {
      function.reserve(count, value.line());
      code.abc(Op.VARARG, base, count + 1, 0, value.line());
    } else {
      call(value, count + 1);
      function.reserve(count, value.line());
    }
  }

  /** Values into the next registers; whether the last one leaves all its values there. */
  boolean openList(List<Expression> values) {
    for (int i = 0; i < values.size(); i++) {
      Expression value = values.get(i);
      if (i == values.size() - 1 && isMultiple(value)) {
        open(value);
        return true;
      }
      nextRegister(value);
    }
    return false;
  }

  private void open(Expression value) {
    int base = function.free;
    if (value instanceof DotsExpression) {
      code.abc(Op.VARARG, base, 0, 0, value.line());
    } else {
      call(value, 0);
    }
  }
}
