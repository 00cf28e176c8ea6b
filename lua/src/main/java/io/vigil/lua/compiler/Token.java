package io.vigil.lua.compiler;

/** The kinds of token, each with the text that messages show. */
enum Token {
  AND("and"),
  BREAK("break"),
  DO("do"),
  ELSE("else"),
  ELSEIF("elseif"),
  END("end"),
  FALSE("false"),
  FOR("for"),
  FUNCTION("function"),
  IF("if"),
  IN("in"),
  LOCAL("local"),
  NIL("nil"),
  NOT("not"),
  OR("or"),
  REPEAT("repeat"),
  RETURN("return"),
  THEN("then"),
  TRUE("true"),
  UNTIL("until"),
  WHILE("while"),
  CONCAT(".."),
  DOTS("..."),
  EQ("=="),
  GE(">="),
  LE("<="),
  NE("~="),
  NUMBER("<number>"),
  NAME("<name>"),
  STRING("<string>"),
  EOF("<eof>"),
  PLUS("+"),
  MINUS("-"),
  STAR("*"),
  SLASH("/"),
  PERCENT("%"),
  CARET("^"),
  HASH("#"),
  LT("<"),
  GT(">"),
  ASSIGN("="),
  LPAREN("("),
  RPAREN(")"),
  LBRACE("{"),
  RBRACE("}"),
  LBRACKET("["),
  RBRACKET("]"),
  SEMICOLON(";"),
  COLON(":"),
  COMMA(","),
  DOT("."),
  /** A character that begins no token; the parser complains about it. */
  OTHER("");

  final String text;

  Token(String text) {
    this.text = text;
  }

  boolean isReserved() {
    return ordinal() <= WHILE.ordinal();
  }

  boolean endsBlock() {
    return this == EOF || this == END || this == ELSE || this == ELSEIF || this == UNTIL;
  }
}
