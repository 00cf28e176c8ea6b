package io.vigil.lua.lib;

import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.LuaTable;
import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.NumberText;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** JSON text to Lua values, with the messages of the original. */
final class JsonDecoder {
  private enum Kind {
    T_OBJ_BEGIN,
    T_OBJ_END,
    T_ARR_BEGIN,
    T_ARR_END,
    T_STRING,
    T_NUMBER,
    T_BOOLEAN,
    T_NULL,
    T_COLON,
    T_COMMA,
    T_END,
    T_ERROR
  }

  private final Call call;
  private final JsonSettings settings;
  private final byte[] text;
  private int at;
  private final Deque<Level> levels = new ArrayDeque<>();
  private int slots = 1;

  // The token read last
  private Kind kind;
  private int index;
  private Object value;
  private String problem;

  private JsonDecoder(Call call, JsonSettings settings, LuaString text) {
    this.call = call;
    this.settings = settings;
    this.text = text.sharedBytes();
  }

  static int decode(Call call, JsonSettings settings) {
    if (call.argumentCount() != 1) {
      throw call.argumentError(1, "expected 1 argument");
    }
    LuaString text = call.checkString(1);
    if (text.length() >= 2 && (text.at(0) == 0 || text.at(1) == 0)) {
      throw call.error("JSON parser does not support UTF-16 or UTF-32");
    }
    JsonDecoder decoder = new JsonDecoder(call, settings, text);
    decoder.next();
    Object value = decoder.value();
    decoder.next();
    if (decoder.kind != Kind.T_END) {
      throw decoder.unexpected("the end");
    }
    call.spend(text.length() / 64);
    return call.one(value);
  }

  private LuaError unexpected(String expected) {
    String found = kind == Kind.T_ERROR ? problem : kind.name();
    return call.error(
        "Expected " + expected + " but found " + found + " at character " + (index + 1));
  }

  // Values, with a stack of the tables that are open

  /** A table that is being read; the key of the entry that comes, null in an array. */
  private static final class Level {
    final LuaTable table;
    LuaString key;
    int index = 1;

    Level(LuaTable table) {
      this.table = table;
    }
  }

  /** Reads the value that begins with the current token. */
  private Object value() {
    for (; ; ) {
      Object read;
      if (kind == Kind.T_OBJ_BEGIN || kind == Kind.T_ARR_BEGIN) {
        boolean object = kind == Kind.T_OBJ_BEGIN;
        Level level = open(object);
        next();
        if (kind != (object ? Kind.T_OBJ_END : Kind.T_ARR_END)) {
          if (object) {
            level.key = key();
            slots++;
          }
          levels.addLast(level);
          continue;
        }
        slots--;
        read = level.table;
      } else {
        read = scalar();
      }
      Object whole = close(read);
      if (levels.isEmpty()) {
        return whole;
      }
    }
  }

  private Object scalar() {
    return switch (kind) {
      case T_STRING, T_NUMBER, T_BOOLEAN -> value;
      case T_NULL -> call.engine().nullPointer();
      default -> throw unexpected("value");
    };
  }

  private Level open(boolean object) {
    int depth = levels.size() + 1;
    if (depth > settings.decodeMaxDepth || slots + (object ? 3 : 2) > JsonLibrary.MAX_SLOTS) {
      throw call.error("Found too many nested data structures (" + depth + ") at character " + at);
    }
    slots++;
    return new Level(call.newTable(0, 0));
  }

  private LuaString key() {
    if (kind != Kind.T_STRING) {
      throw unexpected("object key string");
    }
    LuaString key = (LuaString) value;
    next();
    if (kind != Kind.T_COLON) {
      throw unexpected("colon");
    }
    next();
    return key;
  }

  /** Puts a value into the innermost table, and closes all tables that end with it. */
  private Object close(Object read) {
    Object complete = read;
    while (!levels.isEmpty()) {
      Level level = levels.getLast();
      boolean object = level.key != null;
      if (object) {
        level.table.set(level.key, complete);
      } else {
        level.table.set(level.index++, complete);
      }
      next();
      if (kind == Kind.T_COMMA) {
        next();
        if (object) {
          level.key = key();
        }
        return null;
      }
      if (kind != (object ? Kind.T_OBJ_END : Kind.T_ARR_END)) {
        throw unexpected(object ? "comma or object end" : "comma or array end");
      }
      levels.removeLast();
      slots -= object ? 2 : 1;
      complete = level.table;
    }
    return complete;
  }

  // Tokens

  private int byteAt(int position) {
    return position < text.length ? text[position] & 0xFF : 0;
  }

  private void found(Kind what) {
    kind = what;
  }

  private void failed(String what) {
    kind = Kind.T_ERROR;
    index = at;
    problem = what;
  }

  private void single(Kind what) {
    kind = what;
    at++;
  }

  private void next() {
    int c = byteAt(at);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      c = byteAt(++at);
    }
    index = at;
    switch (c) {
      case 0 -> found(Kind.T_END);
      case '{' -> single(Kind.T_OBJ_BEGIN);
      case '}' -> single(Kind.T_OBJ_END);
      case '[' -> single(Kind.T_ARR_BEGIN);
      case ']' -> single(Kind.T_ARR_END);
      case ',' -> single(Kind.T_COMMA);
      case ':' -> single(Kind.T_COLON);
      case '"' -> string();
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        if (!settings.decodeInvalidNumbers && isInvalidNumber()) {
          failed("invalid number");
        } else {
          number();
        }
      }
      default -> word();
    }
  }

  private void word() {
    if (startsWith("true")) {
      value = true;
      found(Kind.T_BOOLEAN);
      at += 4;
    } else if (startsWith("false")) {
      value = false;
      found(Kind.T_BOOLEAN);
      at += 5;
    } else if (startsWith("null")) {
      found(Kind.T_NULL);
      at += 4;
    } else if (settings.decodeInvalidNumbers
        && "iInN+".indexOf(byteAt(at)) >= 0
        && isInvalidNumber()) {
      number();
    } else {
      failed("invalid token");
    }
  }

  private boolean startsWith(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (byteAt(at + i) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean startsWithAnyCase(int from, String word) {
    for (int i = 0; i < word.length(); i++) {
      if ((byteAt(from + i) | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isInvalidNumber() {
    int p = at;
    if (byteAt(p) == '+') {
      return true;
    }
    if (byteAt(p) == '-') {
      p++;
    }
    int first = byteAt(p);
    if (first == '0') {
      int second = byteAt(p + 1);
      return (second | 0x20) == 'x' || (second >= '0' && second <= '9');
    }
    if (first <= '9') {
      return false;
    }
    return startsWithAnyCase(p, "inf") || startsWithAnyCase(p, "nan");
  }

  /** The longest number that begins here, as strtod reads it. */
  private void number() {
    int end = at;
    while (end < text.length && end - at < 1000 && "+-.xXpP".indexOf(text[end]) >= 0
        || (end < text.length && end - at < 1000 && Character.isLetterOrDigit(text[end]))) {
      end++;
    }
    for (; end > at; end--) {
      Double number = NumberText.parse(text, at, end);
      if (number != null && !NumberText.isSpace(text[end - 1])) {
        value = number;
        found(Kind.T_NUMBER);
        at = end;
        return;
      }
    }
    failed("invalid number");
  }

  private void string() {
    ByteBuilder out = null;
    at++;
    int plain = at;
    for (int c = byteAt(at); c != '"'; c = byteAt(at)) {
      if (c == 0) {
        failed("unexpected end of string");
        return;
      }
      if (c != '\\') {
        at++;
        continue;
      }
      if (out == null) {
        out = new ByteBuilder(call, 64);
      }
      out.add(text, plain, at - plain);
      if (!escape(out)) {
        return;
      }
      plain = at;
    }
    if (out == null) {
      value = call.newString(Arrays.copyOfRange(text, plain, at));
    } else {
      out.add(text, plain, at - plain);
      value = out.toLuaString();
    }
    at++;
    found(Kind.T_STRING);
  }

  private boolean escape(ByteBuilder out) {
    int c = byteAt(at + 1);
    int plain =
        switch (c) {
          case '"', '\\', '/' -> c;
          case 'b' -> '\b';
          case 't' -> '\t';
          case 'n' -> '\n';
          case 'f' -> '\f';
          case 'r' -> '\r';
          case 'u' -> -1;
          default -> 0;
        };
    if (plain == 0) {
      failed("invalid escape code");
      return false;
    }
    if (plain < 0) {
      return unicode(out);
    }
    out.add(plain);
    at += 2;
    return true;
  }

  private boolean unicode(ByteBuilder out) {
    int code = hex4(at + 2);
    int length = 6;
    boolean valid = code >= 0;
    if (valid && (code & 0xF800) == 0xD800) {
      int low = byteAt(at + 6) == '\\' && byteAt(at + 7) == 'u' ? hex4(at + 8) : -1;
      valid = (code & 0x400) == 0 && (low & 0xFC00) == 0xDC00 && low >= 0;
      code = ((code & 0x3FF) << 10 | (low & 0x3FF)) + 0x10000;
      length = 12;
    }
    if (!valid) {
      failed("invalid unicode escape code");
      return false;
    }
    utf8(out, code);
    at += length;
    return true;
  }

  private static void utf8(ByteBuilder out, int code) {
    if (code <= 0x7F) {
      out.add(code);
    } else if (code <= 0x7FF) {
      out.add(code >> 6 | 0xC0);
      out.add(code & 0x3F | 0x80);
    } else if (code <= 0xFFFF) {
      out.add(code >> 12 | 0xE0);
      out.add(code >> 6 & 0x3F | 0x80);
      out.add(code & 0x3F | 0x80);
    } else {
      out.add(code >> 18 | 0xF0);
      out.add(code >> 12 & 0x3F | 0x80);
      out.add(code >> 6 & 0x3F | 0x80);
      out.add(code & 0x3F | 0x80);
    }
  }

  private int hex4(int from) {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(byteAt(from + i), 16);
      if (digit < 0) {
        return -1;
      }
      code = code << 4 | digit;
    }
    return code;
  }
}
