package io.vigil.lua.compiler;

import io.vigil.lua.compiler.Ast.AssignStatement;
import io.vigil.lua.compiler.Ast.Block;
import io.vigil.lua.compiler.Ast.BreakStatement;
import io.vigil.lua.compiler.Ast.CallExpression;
import io.vigil.lua.compiler.Ast.CallStatement;
import io.vigil.lua.compiler.Ast.DoStatement;
import io.vigil.lua.compiler.Ast.Expression;
import io.vigil.lua.compiler.Ast.FunctionBody;
import io.vigil.lua.compiler.Ast.FunctionExpression;
import io.vigil.lua.compiler.Ast.GenericForStatement;
import io.vigil.lua.compiler.Ast.GlobalExpression;
import io.vigil.lua.compiler.Ast.IfStatement;
import io.vigil.lua.compiler.Ast.IndexExpression;
import io.vigil.lua.compiler.Ast.LocalExpression;
import io.vigil.lua.compiler.Ast.LocalFunctionStatement;
import io.vigil.lua.compiler.Ast.LocalStatement;
import io.vigil.lua.compiler.Ast.LocalVariable;
import io.vigil.lua.compiler.Ast.MethodExpression;
import io.vigil.lua.compiler.Ast.NumberExpression;
import io.vigil.lua.compiler.Ast.NumericForStatement;
import io.vigil.lua.compiler.Ast.RepeatStatement;
import io.vigil.lua.compiler.Ast.ReturnStatement;
import io.vigil.lua.compiler.Ast.Statement;
import io.vigil.lua.compiler.Ast.StringExpression;
import io.vigil.lua.compiler.Ast.UpvalueExpression;
import io.vigil.lua.compiler.Ast.WhileStatement;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Statements: a recursive descent from tokens to the syntax tree. How deep it may go is bounded, so
 * that no source can exhaust the stack of the thread. Expressions are read by {@link
 * ExpressionParser}.
 */
final class Parser {
  /** Levels of blocks, functions and expressions inside each other. */
  private static final int MAX_LEVELS = 197;

  final Lexer lexer;
  Scope scope;
  private final ExpressionParser expressions;
  private int levels;

  private Parser(Lexer lexer) {
    this.lexer = lexer;
    this.expressions = new ExpressionParser(this, lexer);
  }

  /**
   * Parses a chunk.
   *
   * @throws LuaError that tells where the source is wrong
   */
  static FunctionBody parse(byte[] source, String chunk, Map<LuaString, LuaString> strings) {
    Lexer lexer = new Lexer(source, chunk, strings);
    Parser parser = new Parser(lexer);
    FunctionBody main = new FunctionBody(0);
    main.vararg = true;
    parser.scope = new Scope(null, main, lexer);
    lexer.next();
    main.block = parser.block();
    parser.check(Token.EOF);
    main.endLine = lexer.line;
    return main;
  }

  // Tokens

  boolean test(Token token) {
    if (lexer.token == token) {
      lexer.next();
      return true;
    }
    return false;
  }

  void check(Token token) {
    if (lexer.token != token) {
      throw lexer.errorNear("'" + token.text + "' expected");
    }
  }

  void expect(Token token) {
    check(token);
    lexer.next();
  }

  /** Expects what closes something that was opened at a line. */
  void expectClosing(Token what, Token opening, int line) {
    if (test(what)) {
      return;
    }
    if (line == lexer.line) {
      check(what);
    }
    throw lexer.errorNear(
        "'" + what.text + "' expected (to close '" + opening.text + "' at line " + line + ")");
  }

  LuaString name() {
    check(Token.NAME);
    LuaString name = lexer.text;
    lexer.next();
    return name;
  }

  void enterLevel() {
    if (++levels > MAX_LEVELS) {
      throw lexer.error("chunk has too many syntax levels");
    }
  }

  void leaveLevel() {
    levels--;
  }

  // Statements

  private Block block() {
    List<Statement> statements = new ArrayList<>();
    enterLevel();
    boolean last = false;
    while (!last && !lexer.token.endsBlock()) {
      last = lexer.token == Token.RETURN || lexer.token == Token.BREAK;
      statements.add(statement());
      test(Token.SEMICOLON);
    }
    leaveLevel();
    return new Block(statements);
  }

  private Block scopedBlock() {
    int mark = scope.enter();
    Block block = block();
    scope.leave(mark);
    return block;
  }

  private Block loopBlock() {
    scope.loops++;
    Block block = scopedBlock();
    scope.loops--;
    return block;
  }

  private Statement statement() {
    int line = lexer.line;
    return switch (lexer.token) {
      case IF -> ifStatement(line);
      case WHILE -> whileStatement(line);
      case DO -> {
        lexer.next();
        Block block = scopedBlock();
        expectClosing(Token.END, Token.DO, line);
        yield new DoStatement(block, line);
      }
      case FOR -> forStatement(line);
      case REPEAT -> repeatStatement(line);
      case FUNCTION -> functionStatement(line);
      case LOCAL -> {
        lexer.next();
        yield test(Token.FUNCTION) ? localFunction(line) : localStatement(line);
      }
      case RETURN -> returnStatement(line);
      case BREAK -> {
        lexer.next();
        if (scope.loops == 0) {
          throw lexer.errorNear("no loop to break");
        }
        yield new BreakStatement(line);
      }
      default -> expressionStatement(line);
    };
  }

  private Statement ifStatement(int line) {
    List<Expression> conditions = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    do {
      lexer.next(); // if, elseif
      conditions.add(expressions.expression());
      expect(Token.THEN);
      blocks.add(scopedBlock());
    } while (lexer.token == Token.ELSEIF);
    if (test(Token.ELSE)) {
      blocks.add(scopedBlock());
    }
    expectClosing(Token.END, Token.IF, line);
    return new IfStatement(conditions, blocks, line);
  }

  private Statement whileStatement(int line) {
    lexer.next();
    Expression condition = expressions.expression();
    expect(Token.DO);
    Block block = loopBlock();
    expectClosing(Token.END, Token.WHILE, line);
    return new WhileStatement(condition, block, line);
  }

  private Statement repeatStatement(int line) {
    lexer.next();
    scope.loops++;
    int mark = scope.enter();
    Block block = block();
    expectClosing(Token.UNTIL, Token.REPEAT, line);
    Expression condition = expressions.expression(); // sees the locals of the block
    scope.leave(mark);
    scope.loops--;
    return new RepeatStatement(block, condition, line);
  }

  private Statement forStatement(int line) {
    lexer.next();
    LuaString first = name();
    Statement statement =
        switch (lexer.token) {
          case ASSIGN -> numericFor(first, line);
          case COMMA, IN -> genericFor(first);
          default -> throw lexer.errorNear("'=' or 'in' expected");
        };
    expectClosing(Token.END, Token.FOR, line);
    return statement;
  }

  private Statement numericFor(LuaString name, int line) {
    lexer.next();
    Expression start = expressions.expression();
    expect(Token.COMMA);
    Expression limit = expressions.expression();
    Expression step =
        test(Token.COMMA) ? expressions.expression() : new NumberExpression(1, lexer.lastLine);
    LocalVariable variable = new LocalVariable(name);
    Block block = forBlock(List.of(variable));
    return new NumericForStatement(variable, start, limit, step, block, line);
  }

  private Statement genericFor(LuaString first) {
    List<LocalVariable> variables = new ArrayList<>();
    variables.add(new LocalVariable(first));
    while (test(Token.COMMA)) {
      variables.add(new LocalVariable(name()));
    }
    expect(Token.IN);
    int valuesLine = lexer.line;
    List<Expression> values = expressions.list();
    return new GenericForStatement(variables, values, forBlock(variables), valuesLine);
  }

  private Block forBlock(List<LocalVariable> variables) {
    int mark = scope.enter();
    for (int i = 0; i < 3; i++) {
      scope.declare(new LocalVariable(LuaString.of("(for control)")));
    }
    expect(Token.DO);
    variables.forEach(scope::declare);
    Block block = loopBlock();
    scope.leave(mark);
    return block;
  }

  private Statement functionStatement(int line) {
    lexer.next();
    Expression target = scope.resolve(name(), lexer.lastLine);
    boolean method = false;
    while (!method && (lexer.token == Token.DOT || lexer.token == Token.COLON)) {
      method = lexer.token == Token.COLON;
      lexer.next();
      target =
          new IndexExpression(target, new StringExpression(name(), lexer.lastLine), lexer.lastLine);
    }
    Expression function = functionBody(method, line);
    return new AssignStatement(List.of(target), List.of(function), line);
  }

  private Statement localFunction(int line) {
    LocalVariable variable = new LocalVariable(name());
    scope.declare(variable);
    FunctionExpression function = functionBody(false, lexer.line);
    return new LocalFunctionStatement(variable, function.body(), line);
  }

  private Statement localStatement(int line) {
    List<LocalVariable> variables = new ArrayList<>();
    do {
      variables.add(new LocalVariable(name()));
    } while (test(Token.COMMA));
    List<Expression> values = test(Token.ASSIGN) ? expressions.list() : List.of();
    variables.forEach(scope::declare);
    return new LocalStatement(variables, values, line);
  }

  private Statement returnStatement(int line) {
    lexer.next();
    boolean none = lexer.token.endsBlock() || lexer.token == Token.SEMICOLON;
    return new ReturnStatement(none ? List.of() : expressions.list(), line);
  }

  private Statement expressionStatement(int line) {
    Expression first = expressions.suffixed();
    if (first instanceof CallExpression || first instanceof MethodExpression) {
      return new CallStatement(first, line);
    }
    List<Expression> targets = new ArrayList<>();
    targets.add(assignable(first));
    while (test(Token.COMMA)) {
      targets.add(assignable(expressions.suffixed()));
      scope.checkLimit(targets.size(), MAX_LEVELS - levels, "variables in assignment");
    }
    expect(Token.ASSIGN);
    List<Expression> values = expressions.list();
    return new AssignStatement(targets, values, lexer.lastLine);
  }

  private Expression assignable(Expression target) {
    return switch (target) {
      case LocalExpression local -> local;
      case UpvalueExpression upvalue -> upvalue;
      case GlobalExpression global -> global;
      case IndexExpression index -> index;
      default -> throw lexer.errorNear("syntax error");
    };
  }

  /** Parameters and block of a function, up to its end. */
  FunctionExpression functionBody(boolean method, int line) {
    FunctionBody body = new FunctionBody(line);
    scope = new Scope(scope, body, lexer);
    expect(Token.LPAREN);
    if (method) {
      addParameter(LuaString.of("self"));
    }
    if (lexer.token != Token.RPAREN) {
      parameters(body);
    }
    expect(Token.RPAREN);
    body.block = block();
    body.endLine = lexer.line;
    expectClosing(Token.END, Token.FUNCTION, line);
    scope = scope.outer;
    return new FunctionExpression(body, lexer.lastLine);
  }

  private void parameters(FunctionBody body) {
    do {
      if (lexer.token == Token.NAME) {
        addParameter(name());
      } else if (test(Token.DOTS)) {
        body.vararg = true;
        body.argTable = new LocalVariable(LuaString.of("arg"));
        scope.declare(body.argTable);
      } else {
        throw lexer.errorNear("<name> or '...' expected");
      }
    } while (!body.vararg && test(Token.COMMA));
  }

  private void addParameter(LuaString name) {
    LocalVariable parameter = new LocalVariable(name);
    scope.body.parameters.add(parameter);
    scope.declare(parameter);
  }
}
