package io.vigil.core.base;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words as Redis does for inline commands and configuration files. Words are
 * separated by blanks. Double quotes understand {@code \n \r \t \b \a \\ \" \xHH}; single quotes
 * only {@code \'}. A closing quote must end its word. A NUL byte ends the line.
 */
public final class SplitArguments {
  private final byte[] line;
  private final int end;
  private int at;

  private SplitArguments(byte[] line, int offset, int length) {
    this.line = line;
    this.at = offset;
    this.end = offset + length;
  }

  /** The words of a line, or null when its quotes are unbalanced. */
  public static List<byte[]> of(byte[] line, int offset, int length) {
    return new SplitArguments(line, offset, length).words();
  }

  /** The words of a line of one byte per character, or null when its quotes are unbalanced. */
  public static List<String> of(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    List<byte[]> words = of(bytes, 0, bytes.length);
    return words == null
        ? null
        : words.stream().map(word -> new String(word, StandardCharsets.ISO_8859_1)).toList();
  }

  /** Blanks that may stand between words. */
  public static boolean isSpace(int b) {
    return b == ' ' || b >= '\t' && b <= '\r';
  }

  private int byteAt(int index) {
    return index < end ? line[index] & 0xff : 0;
  }

  private List<byte[]> words() {
    List<byte[]> words = new ArrayList<>();
    while (true) {
      while (isSpace(byteAt(at))) {
        at++;
      }
      if (byteAt(at) == 0) {
        return words;
      }
      byte[] word = word();
      if (word == null) {
        return null;
      }
      words.add(word);
    }
  }

  /** Reads one word; quotes may open inside it but must close at its end. */
  private byte[] word() {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (true) {
      int b = byteAt(at);
      // Vertical tab and form feed separate words only at their start, as in Redis.
      if (b == 0 || b == ' ' || b == '\n' || b == '\r' || b == '\t') {
        return word.toByteArray();
      }
      at++;
      if (b == '"' || b == '\'') {
        boolean closed = b == '"' ? doubleQuoted(word) : singleQuoted(word);
        boolean wordEnds = byteAt(at) == 0 || isSpace(byteAt(at));
        return closed && wordEnds ? word.toByteArray() : null;
      }
      word.write(b);
    }
  }

  private boolean doubleQuoted(ByteArrayOutputStream word) {
    while (true) {
      int b = byteAt(at);
      if (b == 0) {
        return false;
      }
      at++;
      if (b == '"') {
        return true;
      }
      word.write(b == '\\' && byteAt(at) != 0 ? escaped() : b);
    }
  }

  private int escaped() {
    int b = byteAt(at++);
    if (b == 'x') {
      int high = Hex.digit(byteAt(at));
      int low = Hex.digit(byteAt(at + 1));
      if (high >= 0 && low >= 0) {
        at += 2;
        return high << 4 | low;
      }
    }
    return switch (b) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 0x07;
      default -> b;
    };
  }

  private boolean singleQuoted(ByteArrayOutputStream word) {
    while (true) {
      int b = byteAt(at);
      if (b == 0) {
        return false;
      }
      at++;
      if (b == '\'') {
        return true;
      }
      if (b == '\\' && byteAt(at) == '\'') {
        word.write('\'');
        at++;
      } else {
        word.write(b);
      }
    }
  }
}
