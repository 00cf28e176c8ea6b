package io.vigil.lua.compiler;

import io.vigil.lua.compiler.Ast.Arithmetic;
import io.vigil.lua.compiler.Ast.ArithmeticExpression;
import io.vigil.lua.compiler.Ast.CallExpression;
import io.vigil.lua.compiler.Ast.Comparison;
import io.vigil.lua.compiler.Ast.ComparisonExpression;
import io.vigil.lua.compiler.Ast.ConcatExpression;
import io.vigil.lua.compiler.Ast.DotsExpression;
import io.vigil.lua.compiler.Ast.Entry;
import io.vigil.lua.compiler.Ast.Expression;
import io.vigil.lua.compiler.Ast.IndexExpression;
import io.vigil.lua.compiler.Ast.Literal;
import io.vigil.lua.compiler.Ast.LiteralExpression;
import io.vigil.lua.compiler.Ast.LogicalExpression;
import io.vigil.lua.compiler.Ast.MethodExpression;
import io.vigil.lua.compiler.Ast.NumberExpression;
import io.vigil.lua.compiler.Ast.ParenthesisExpression;
import io.vigil.lua.compiler.Ast.StringExpression;
import io.vigil.lua.compiler.Ast.TableExpression;
import io.vigil.lua.compiler.Ast.UnaryExpression;
import io.vigil.lua.compiler.Ast.UnaryOperator;
import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.Numerics;
import java.util.ArrayList;
import java.util.List;

/** Expressions: precedence climbing. Operations on two number literals are done here. */
final class ExpressionParser {
  private static final int UNARY_PRIORITY = 8;

  private final Parser parser;
  private final Lexer lexer;

  ExpressionParser(Parser parser, Lexer lexer) {
    this.parser = parser;
    this.lexer = lexer;
  }

  List<Expression> list() {
    List<Expression> expressions = new ArrayList<>();
    do {
      expressions.add(expression());
    } while (parser.test(Token.COMMA));
    return expressions;
  }

  Expression expression() {
    return subexpression(0);
  }

  /** How tightly an operator binds to its left, and to its right; 0 for what is no operator. */
  private static int leftPriority(Token token) {
    return switch (token) {
      case OR -> 1;
      case AND -> 2;
      case LT, GT, LE, GE, NE, EQ -> 3;
      case CONCAT -> 5;
      case PLUS, MINUS -> 6;
      case STAR, SLASH, PERCENT -> 7;
      case CARET -> 10;
      default -> 0;
    };
  }

  private static int rightPriority(Token token) {
    return switch (token) {
      case CONCAT -> 4;
      case CARET -> 9;
      default -> leftPriority(token);
    };
  }

  private Expression subexpression(int limit) {
    parser.enterLevel();
    Expression left = unary();
    Token operator = lexer.token;
    while (leftPriority(operator) > limit) {
      lexer.next();
      Expression right = subexpression(rightPriority(operator));
      left = binary(operator, left, right, lexer.lastLine);
      operator = lexer.token;
    }
    parser.leaveLevel();
    return left;
  }

  private Expression unary() {
    UnaryOperator operator =
        switch (lexer.token) {
          case NOT -> UnaryOperator.NOT;
          case MINUS -> UnaryOperator.MINUS;
          case HASH -> UnaryOperator.LENGTH;
          default -> null;
        };
    if (operator == null) {
      return simple();
    }
    lexer.next();
    Expression operand = subexpression(UNARY_PRIORITY);
    if (operator == UnaryOperator.MINUS && operand instanceof NumberExpression number) {
      return new NumberExpression(-number.value(), number.line());
    }
    return new UnaryExpression(operator, operand, lexer.lastLine);
  }

  private Expression binary(Token operator, Expression left, Expression right, int line) {
    return switch (operator) {
      case AND -> logical(true, left, right, line);
      case OR -> logical(false, left, right, line);
      case CONCAT -> concat(left, right, line);
      case EQ -> new ComparisonExpression(Comparison.EQ, left, right, line);
      case NE -> new ComparisonExpression(Comparison.NE, left, right, line);
      case LT -> new ComparisonExpression(Comparison.LT, left, right, line);
      case LE -> new ComparisonExpression(Comparison.LE, left, right, line);
      case GT -> new ComparisonExpression(Comparison.GT, left, right, line);
      case GE -> new ComparisonExpression(Comparison.GE, left, right, line);
      case PLUS -> arithmetic(Arithmetic.ADD, left, right, line);
      case MINUS -> arithmetic(Arithmetic.SUB, left, right, line);
      case STAR -> arithmetic(Arithmetic.MUL, left, right, line);
      case SLASH -> arithmetic(Arithmetic.DIV, left, right, line);
      case PERCENT -> arithmetic(Arithmetic.MOD, left, right, line);
      default -> arithmetic(Arithmetic.POW, left, right, line);
    };
  }

  private static Expression logical(boolean isAnd, Expression left, Expression right, int line) {
    if (left instanceof LogicalExpression chain && chain.isAnd() == isAnd) {
      chain.operands().add(right);
      return chain;
    }
    List<Expression> operands = new ArrayList<>();
    operands.add(left);
    operands.add(right);
    return new LogicalExpression(isAnd, operands, line);
  }

  private static Expression concat(Expression left, Expression right, int line) {
    List<Expression> operands = new ArrayList<>();
    operands.add(left);
    if (right instanceof ConcatExpression chain) {
      operands.addAll(chain.operands());
    } else {
      operands.add(right);
    }
    return new ConcatExpression(operands, line);
  }

  private static Expression arithmetic(
      Arithmetic operator, Expression left, Expression right, int line) {
    if (left instanceof NumberExpression a && right instanceof NumberExpression b) {
      double x = a.value();
      double y = b.value();
      boolean byZero = y == 0 && (operator == Arithmetic.DIV || operator == Arithmetic.MOD);
      if (!byZero) {
        double result = fold(operator, x, y);
        if (!Double.isNaN(result)) {
          return new NumberExpression(result, line);
        }
      }
    }
    return new ArithmeticExpression(operator, left, right, line);
  }

  private static double fold(Arithmetic operator, double x, double y) {
    return switch (operator) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case MOD -> Numerics.modulo(x, y);
      case POW -> Numerics.power(x, y);
    };
  }

  private Expression simple() {
    int line = lexer.line;
    Expression constant =
        switch (lexer.token) {
          case NUMBER -> new NumberExpression(lexer.number, line);
          case STRING -> new StringExpression(lexer.text, line);
          case NIL -> new LiteralExpression(Literal.NIL, line);
          case TRUE -> new LiteralExpression(Literal.TRUE, line);
          case FALSE -> new LiteralExpression(Literal.FALSE, line);
          case DOTS -> dots(line);
          default -> null;
        };
    if (constant != null) {
      lexer.next();
      return constant;
    }
    if (lexer.token == Token.LBRACE) {
      return table();
    }
    if (lexer.token == Token.FUNCTION) {
      lexer.next();
      return parser.functionBody(false, line);
    }
    return suffixed();
  }

  private Expression dots(int line) {
    if (!parser.scope.body.vararg) {
      throw lexer.errorNear("cannot use '...' outside a vararg function");
    }
    parser.scope.body.usesDots = true;
    return new DotsExpression(line);
  }

  private Expression primary() {
    int line = lexer.line;
    if (lexer.token == Token.NAME) {
      LuaString name = parser.name();
      return parser.scope.resolve(name, line);
    }
    if (lexer.token == Token.LPAREN) {
      lexer.next();
      Expression inner = expression();
      parser.expectClosing(Token.RPAREN, Token.LPAREN, line);
      return new ParenthesisExpression(inner, line);
    }
    throw lexer.errorNear("unexpected symbol");
  }

  /** A name or parenthesis, with all the fields, indexes and calls behind it. */
  Expression suffixed() {
    Expression expression = primary();
    for (; ; ) {
      switch (lexer.token) {
        case DOT -> {
          lexer.next();
          LuaString name = parser.name();
          int line = lexer.lastLine;
          expression = new IndexExpression(expression, new StringExpression(name, line), line);
        }
        case LBRACKET -> {
          Expression key = bracketed();
          expression = new IndexExpression(expression, key, lexer.lastLine);
        }
        case COLON -> {
          lexer.next();
          LuaString name = parser.name();
          int line = lexer.line;
          expression = new MethodExpression(expression, name, arguments(), line);
        }
        case LPAREN, STRING, LBRACE -> {
          int line = lexer.line;
          expression = new CallExpression(expression, arguments(), line);
        }
        default -> {
          return expression;
        }
      }
    }
  }

  private Expression bracketed() {
    lexer.next();
    Expression key = expression();
    parser.expect(Token.RBRACKET);
    return key;
  }

  private List<Expression> arguments() {
    int line = lexer.line;
    return switch (lexer.token) {
      case STRING -> {
        Expression text = new StringExpression(lexer.text, line);
        lexer.next();
        yield List.of(text);
      }
      case LBRACE -> List.of(table());
      case LPAREN -> {
        if (line != lexer.lastLine) {
          throw lexer.errorNear("ambiguous syntax (function call x new statement)");
        }
        lexer.next();
        List<Expression> list = lexer.token == Token.RPAREN ? List.of() : list();
        parser.expectClosing(Token.RPAREN, Token.LPAREN, line);
        yield list;
      }
      default -> throw lexer.errorNear("function arguments expected");
    };
  }

  private Expression table() {
    int line = lexer.line;
    List<Entry> entries = new ArrayList<>();
    parser.expect(Token.LBRACE);
    while (lexer.token != Token.RBRACE) {
      entries.add(entry());
      if (!parser.test(Token.COMMA) && !parser.test(Token.SEMICOLON)) {
        break;
      }
    }
    parser.expectClosing(Token.RBRACE, Token.LBRACE, line);
    return new TableExpression(entries, line);
  }

  private Entry entry() {
    if (lexer.token == Token.NAME && lexer.peek() == Token.ASSIGN) {
      Expression key = new StringExpression(parser.name(), lexer.lastLine);
      lexer.next();
      return new Entry(key, expression());
    }
    if (lexer.token == Token.LBRACKET) {
      Expression key = bracketed();
      parser.expect(Token.ASSIGN);
      return new Entry(key, expression());
    }
    return new Entry(null, expression());
  }
}
