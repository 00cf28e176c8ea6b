package io.vigil.lua.compiler;

import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.NumberText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Cuts a source into tokens. It holds the current token, and one more when asked to look ahead. */
final class Lexer {
  /** Lines above this are refused, as in the reference implementation. */
  private static final int MAX_LINES = Integer.MAX_VALUE - 2;

  private static final Map<String, Token> RESERVED = reserved();

  private final byte[] source;
  private final String chunk;
  private final Map<LuaString, LuaString> strings;

  private int at;

  /** The line of the current token, and that of the token before it. */
  int line = 1;

  int lastLine = 1;

  Token token;
  LuaString text;
  double number;

  private boolean ahead;
  private Token nextToken;
  private LuaString nextText;
  private double nextNumber;
  private int start;

  /**
   * @param chunk the name of the source as messages show it
   * @param strings equal strings of all programs of an engine, so that they are one object
   */
  Lexer(byte[] source, String chunk, Map<LuaString, LuaString> strings) {
    this.source = source;
    this.chunk = chunk;
    this.strings = strings;
    if (source.length > 0 && source[0] == '#') {
      while (at < source.length && source[at] != '\n') {
        at++;
      }
    }
  }

  private static Map<String, Token> reserved() {
    Map<String, Token> words = new HashMap<>();
    for (Token token : Token.values()) {
      if (token.isReserved()) {
        words.put(token.text, token);
      }
    }
    return words;
  }

  void next() {
    lastLine = line;
    if (ahead) {
      ahead = false;
      token = nextToken;
      text = nextText;
      number = nextNumber;
    } else {
      token = scan();
    }
  }

  Token peek() {
    Token current = token;
    LuaString currentText = text;
    double currentNumber = number;
    int currentStart = start;
    int currentEnd = tokenEnd;
    nextToken = scan();
    nextText = text;
    nextNumber = number;
    ahead = true;
    token = current;
    text = currentText;
    number = currentNumber;
    start = currentStart;
    tokenEnd = currentEnd;
    return nextToken;
  }

  // Errors

  LuaError error(String message) {
    return new LuaError(LuaString.of(chunk + ":" + line + ": " + message));
  }

  LuaError errorNear(String message) {
    return errorNear(message, shown());
  }

  private LuaError errorNear(String message, byte[] near) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        (chunk + ":" + line + ": " + message + " near '").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(near);
    out.write('\'');
    return new LuaError(LuaString.wrap(out.toByteArray()));
  }

  /** The current token as it stands in the source. */
  private byte[] shown() {
    return switch (token) {
      case NAME, STRING, NUMBER -> cString(start, tokenEnd);
      case OTHER -> shownCharacter(source[start]);
      default -> token.text.getBytes(StandardCharsets.UTF_8);
    };
  }

  private int tokenEnd;

  private static byte[] shownCharacter(byte c) {
    int code = c & 0xFF;
    boolean control = code < 32 || code == 127;
    return control ? ("char(" + code + ")").getBytes(StandardCharsets.UTF_8) : new byte[] {c};
  }

  /** Text of the source as C prints it: up to the first zero byte. */
  private byte[] cString(int from, int to) {
    int end = from;
    while (end < to && source[end] != 0) {
      end++;
    }
    return java.util.Arrays.copyOfRange(source, from, end);
  }

  private LuaError errorSoFar(String message) {
    return errorNear(message, cString(start, at));
  }

  private LuaError errorAtEnd(String message) {
    return errorNear(message, Token.EOF.text.getBytes(StandardCharsets.UTF_8));
  }

  // Scanning

  private int current() {
    return at < source.length ? source[at] & 0xFF : -1;
  }

  private int following() {
    return at + 1 < source.length ? source[at + 1] & 0xFF : -1;
  }

  private Token scan() {
    Token found = scanToken();
    tokenEnd = at;
    return found;
  }

  private Token scanToken() {
    for (; ; ) {
      start = at;
      int c = current();
      switch (c) {
        case -1 -> {
          return Token.EOF;
        }
        case '\n', '\r' -> endLine();
        case ' ', '\t', 0x0B, '\f' -> at++;
        case '-' -> {
          if (following() != '-') {
            return single(Token.MINUS);
          }
          comment();
        }
        case '[' -> {
          int level = longBracket();
          if (level >= 0) {
            text = longString(level, "string");
            return Token.STRING;
          }
          if (level == -1) {
            return single(Token.LBRACKET);
          }
          throw errorSoFar("invalid long string delimiter");
        }
        case '=' -> {
          return either('=', Token.EQ, Token.ASSIGN);
        }
        case '<' -> {
          return either('=', Token.LE, Token.LT);
        }
        case '>' -> {
          return either('=', Token.GE, Token.GT);
        }
        case '~' -> {
          return either('=', Token.NE, Token.OTHER);
        }
        case '"', '\'' -> {
          shortString(c);
          return Token.STRING;
        }
        default -> {
          return wordOrSign(c);
        }
      }
    }
  }

  private Token wordOrSign(int c) {
    if (c == '.') {
      if (following() == '.') {
        at += 2;
        return current() == '.' ? single(Token.DOTS) : Token.CONCAT;
      }
      if (!isDigit(following())) {
        return single(Token.DOT);
      }
    }
    if (c == '.' || isDigit(c)) {
      numeral();
      return Token.NUMBER;
    }
    if (isLetter(c)) {
      return name();
    }
    return single(
        switch (c) {
          case '+' -> Token.PLUS;
          case '*' -> Token.STAR;
          case '/' -> Token.SLASH;
          case '%' -> Token.PERCENT;
          case '^' -> Token.CARET;
          case '#' -> Token.HASH;
          case '(' -> Token.LPAREN;
          case ')' -> Token.RPAREN;
          case '{' -> Token.LBRACE;
          case '}' -> Token.RBRACE;
          case ']' -> Token.RBRACKET;
          case ';' -> Token.SEMICOLON;
          case ':' -> Token.COLON;
          case ',' -> Token.COMMA;
          default -> Token.OTHER;
        });
  }

  private Token single(Token found) {
    at++;
    return found;
  }

  private Token either(int second, Token both, Token one) {
    at++;
    return current() == second ? single(both) : one;
  }

  private void endLine() {
    int first = current();
    at++;
    int second = current();
    if ((second == '\n' || second == '\r') && second != first) {
      at++;
    }
    if (++line >= MAX_LINES) {
      throw errorSoFar("chunk has too many lines");
    }
  }

  private void comment() {
    at += 2;
    if (current() == '[') {
      start = at;
      int level = longBracket();
      if (level >= 0) {
        longString(level, "comment");
        return;
      }
    }
    while (current() != '\n' && current() != '\r' && current() != -1) {
      at++;
    }
  }

  /**
   * Reads what may open a long string and leaves the position behind it.
   *
   * @return its level; -1 for a lone bracket (the position stays), -2 for a broken opening
   */
  private int longBracket() {
    int first = at;
    at++;
    int level = 0;
    while (current() == '=') {
      at++;
      level++;
    }
    if (current() == '[') {
      at++;
      return level;
    }
    if (level == 0) {
      at = first;
      return -1;
    }
    return -2;
  }

  private LuaString longString(int level, String what) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (current() == '\n' || current() == '\r') {
      endLine();
    }
    for (; ; ) {
      int c = current();
      switch (c) {
        case -1 -> throw errorAtEnd("unfinished long " + what);
        case '\n', '\r' -> {
          endLine();
          out.write('\n');
        }
        case ']' -> {
          if (closes(level)) {
            return intern(LuaString.wrap(out.toByteArray()));
          }
          out.write(c);
          at++;
        }
        default -> {
          if (c == '[' && level == 0 && following() == '[') {
            at++;
            throw errorSoFar("nesting of [[...]] is deprecated");
          }
          out.write(c);
          at++;
        }
      }
    }
  }

  private boolean closes(int level) {
    int end = at + 1;
    while (end < source.length && source[end] == '=') {
      end++;
    }
    if (end - at - 1 == level && end < source.length && source[end] == ']') {
      at = end + 1;
      return true;
    }
    return false;
  }

  private void shortString(int quote) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    at++;
    for (; ; ) {
      int c = current();
      if (c == quote) {
        at++;
        text = intern(LuaString.wrap(out.toByteArray()));
        return;
      }
      switch (c) {
        case -1 -> throw errorAtEnd("unfinished string");
        case '\n', '\r' -> throw errorSoFar("unfinished string");
        case '\\' -> escape(out);
        default -> {
          out.write(c);
          at++;
        }
      }
    }
  }

  private void escape(ByteArrayOutputStream out) {
    at++;
    int c = current();
    switch (c) {
      case -1 -> {
        // The end of the source is reported by the caller.
      }
      case 'a' -> put(out, 7);
      case 'b' -> put(out, '\b');
      case 'f' -> put(out, '\f');
      case 'n' -> put(out, '\n');
      case 'r' -> put(out, '\r');
      case 't' -> put(out, '\t');
      case 'v' -> put(out, 0x0B);
      case '\n', '\r' -> {
        out.write('\n');
        endLine();
      }
      default -> {
        if (isDigit(c)) {
          decimalEscape(out);
        } else {
          put(out, c);
        }
      }
    }
  }

  private void put(ByteArrayOutputStream out, int c) {
    out.write(c);
    at++;
  }

  private void decimalEscape(ByteArrayOutputStream out) {
    int value = 0;
    for (int digits = 0; digits < 3 && isDigit(current()); digits++) {
      value = value * 10 + current() - '0';
      at++;
    }
    if (value > 255) {
      byte[] quoteAndText = new byte[out.size() + 1];
      quoteAndText[0] = source[start];
      System.arraycopy(out.toByteArray(), 0, quoteAndText, 1, out.size());
      throw errorNear("escape sequence too large", quoteAndText);
    }
    out.write(value);
  }

  private void numeral() {
    while (isDigit(current()) || current() == '.') {
      at++;
    }
    if ((current() | 0x20) == 'e') {
      at++;
      if (current() == '+' || current() == '-') {
        at++;
      }
    }
    while (isLetter(current()) || isDigit(current())) {
      at++;
    }
    Double value = NumberText.parse(source, start, at);
    if (value == null) {
      throw errorSoFar("malformed number");
    }
    number = value;
  }

  private Token name() {
    while (isLetter(current()) || isDigit(current())) {
      at++;
    }
    String word = new String(source, start, at - start, StandardCharsets.ISO_8859_1);
    Token reserved = RESERVED.get(word);
    if (reserved != null) {
      return reserved;
    }
    text = intern(LuaString.copyOf(source, start, at - start));
    return Token.NAME;
  }

  LuaString intern(LuaString string) {
    LuaString known = strings.putIfAbsent(string, string);
    return known == null ? string : known;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
