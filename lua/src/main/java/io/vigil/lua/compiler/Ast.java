package io.vigil.lua.compiler;

import io.vigil.lua.value.LuaString;
import java.util.ArrayList;
import java.util.List;

/**
 * The syntax tree of one chunk. Names are resolved while parsing, so that the generator knows of
 * each local whether a closure captures it. A line is the one that messages about the node give.
 */
final class Ast {
  private Ast() {}

  /** A local variable. */
  static final class LocalVariable {
    final LuaString name;
    boolean captured;
    int register = -1;

    LocalVariable(LuaString name) {
      this.name = name;
    }
  }

  /** A function: what the parser knows of it. */
  static final class FunctionBody {
    final int line;
    final List<LocalVariable> parameters = new ArrayList<>();
    boolean vararg;

    /** The old-style table of extra arguments, in vararg functions that have a name for it. */
    LocalVariable argTable;

    boolean usesDots;
    Block block;
    int endLine;

    /** Where each outer variable is found: a local of the enclosing function, or its upvalue. */
    final List<Capture> captures = new ArrayList<>();

    FunctionBody(int line) {
      this.line = line;
    }
  }

  /** An outer variable: a local of the enclosing function, or if null, that function's upvalue. */
  record Capture(LocalVariable local, int upvalue, LuaString name) {}

  record Block(List<Statement> statements) {}

  // Expressions

  sealed interface Expression {
    int line();
  }

  enum Literal {
    NIL,
    FALSE,
    TRUE
  }

  record LiteralExpression(Literal literal, int line) implements Expression {}

  record NumberExpression(double value, int line) implements Expression {}

  record StringExpression(LuaString value, int line) implements Expression {}

  record DotsExpression(int line) implements Expression {}

  record LocalExpression(LocalVariable variable, int line) implements Expression {}

  record UpvalueExpression(int index, LuaString name, int line) implements Expression {}

  record GlobalExpression(LuaString name, int line) implements Expression {}

  record IndexExpression(Expression table, Expression key, int line) implements Expression {}

  record CallExpression(Expression function, List<Expression> arguments, int line)
      implements Expression {}

  record MethodExpression(Expression object, LuaString name, List<Expression> arguments, int line)
      implements Expression {}

  record FunctionExpression(FunctionBody body, int line) implements Expression {}

  record ParenthesisExpression(Expression inner, int line) implements Expression {}

  enum UnaryOperator {
    MINUS,
    NOT,
    LENGTH
  }

  record UnaryExpression(UnaryOperator operator, Expression operand, int line)
      implements Expression {}

  enum Arithmetic {
    ADD,
    SUB,
    MUL,
    DIV,
    MOD,
    POW
  }

  record ArithmeticExpression(Arithmetic operator, Expression left, Expression right, int line)
      implements Expression {}

  enum Comparison {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE
  }

  record ComparisonExpression(Comparison operator, Expression left, Expression right, int line)
      implements Expression {}

  /** A chain of {@code ..}, which groups to the right; the operands in their order. */
  record ConcatExpression(List<Expression> operands, int line) implements Expression {}

  /** A chain of {@code and}, or of {@code or}; the operands in their order. */
  record LogicalExpression(boolean isAnd, List<Expression> operands, int line)
      implements Expression {}

  /** An entry of a table constructor; without a key it is the next of the list. */
  record Entry(Expression key, Expression value) {}

  record TableExpression(List<Entry> entries, int line) implements Expression {}

  // Statements

  sealed interface Statement {
    int line();
  }

  record LocalStatement(List<LocalVariable> variables, List<Expression> values, int line)
      implements Statement {}

  record LocalFunctionStatement(LocalVariable variable, FunctionBody body, int line)
      implements Statement {}

  record AssignStatement(List<Expression> targets, List<Expression> values, int line)
      implements Statement {}

  record CallStatement(Expression call, int line) implements Statement {}

  record DoStatement(Block block, int line) implements Statement {}

  record WhileStatement(Expression condition, Block block, int line) implements Statement {}

  record RepeatStatement(Block block, Expression condition, int line) implements Statement {}

  /** One more block than conditions if there is an else. */
  record IfStatement(List<Expression> conditions, List<Block> blocks, int line)
      implements Statement {}

  record NumericForStatement(
      LocalVariable variable,
      Expression start,
      Expression limit,
      Expression step,
      Block block,
      int line)
      implements Statement {}

  record GenericForStatement(
      List<LocalVariable> variables, List<Expression> values, Block block, int line)
      implements Statement {}

  record ReturnStatement(List<Expression> values, int line) implements Statement {}

  record BreakStatement(int line) implements Statement {}
}
