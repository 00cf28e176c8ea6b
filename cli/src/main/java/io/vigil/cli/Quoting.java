package io.vigil.cli;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The quoting of Redis's tools, both ways: bytes shown as a {@code "quoted string"} with escapes,
 * and a typed line split into words in which quotes and the same escapes are understood.
 */
public final class Quoting {
  private static final String HEX = "0123456789abcdef";

  private Quoting() {}

  /** Appends the bytes in double quotes; what is not printable ASCII as an escape. */
  public static void quote(ByteArrayOutputStream out, byte[] bytes) {
    out.write('"');
    for (byte b : bytes) {
      switch (b) {
        case '\\', '"' -> escape(out, (char) b);
        case '\n' -> escape(out, 'n');
        case '\r' -> escape(out, 'r');
        case '\t' -> escape(out, 't');
        case 0x07 -> escape(out, 'a');
        case '\b' -> escape(out, 'b');
        default -> {
          if (b >= ' ' && b < 0x7f) {
            out.write(b);
          } else {
            escape(out, 'x');
            out.write(HEX.charAt((b >> 4) & 0xf));
            out.write(HEX.charAt(b & 0xf));
          }
        }
      }
    }
    out.write('"');
  }

  private static void escape(ByteArrayOutputStream out, char letter) {
    out.write('\\');
    out.write(letter);
  }

  /**
   * Splits a line into words.
   *
   * @return the words, or null if a quote is not closed or not followed by a blank
   */
  public static List<byte[]> split(byte[] line) {
    return new Splitter(line).split();
  }

  /**
   * Reads a whole argument as one quoted string.
   *
   * @return its bytes, or null if it is not exactly one word
   */
  static byte[] unquote(byte[] argument) {
    List<byte[]> words = split(argument);
    return words != null && words.size() == 1 ? words.getFirst() : null;
  }

  private static final class Splitter {
    private final byte[] line;
    private int at;

    Splitter(byte[] line) {
      this.line = line;
    }

    List<byte[]> split() {
      List<byte[]> words = new ArrayList<>();
      while (true) {
        while (isBlank(peek(0)) && at < line.length) {
          at++;
        }
        if (peek(0) == 0) {
          return words;
        }
        byte[] word = word();
        if (word == null) {
          return null;
        }
        words.add(word);
      }
    }

    /**
     * A word may be made of several parts: {@code a"b c"} is one word, since only a closing quote
     * ends it.
     */
    private byte[] word() {
      ByteArrayOutputStream word = new ByteArrayOutputStream();
      while (true) {
        int c = peek(0);
        switch (c) {
          case 0, ' ', '\n', '\r', '\t' -> {
            return word.toByteArray();
          }
          case '"' -> {
            at++;
            return doubleQuoted(word) ? word.toByteArray() : null;
          }
          case '\'' -> {
            at++;
            return singleQuoted(word) ? word.toByteArray() : null;
          }
          default -> {
            word.write(c);
            at++;
          }
        }
      }
    }

    private boolean doubleQuoted(ByteArrayOutputStream word) {
      while (true) {
        int c = peek(0);
        if (c == 0) {
          return false;
        } else if (c == '"') {
          at++;
          return atWordEnd();
        } else if (c == '\\' && peek(1) == 'x' && hex(peek(2)) >= 0 && hex(peek(3)) >= 0) {
          word.write(hex(peek(2)) * 16 + hex(peek(3)));
          at += 4;
        } else if (c == '\\' && peek(1) != 0) {
          word.write(unescaped(peek(1)));
          at += 2;
        } else {
          word.write(c);
          at++;
        }
      }
    }

    private boolean singleQuoted(ByteArrayOutputStream word) {
      while (true) {
        int c = peek(0);
        if (c == 0) {
          return false;
        } else if (c == '\'') {
          at++;
          return atWordEnd();
        } else if (c == '\\' && peek(1) == '\'') {
          word.write('\'');
          at += 2;
        } else {
          word.write(c);
          at++;
        }
      }
    }

    private boolean atWordEnd() {
      return peek(0) == 0 || isBlank(peek(0));
    }

    /**
     * The byte {@code ahead} of the current one; 0 past the end, as a NUL in a line ends it for
     * Redis's tools too.
     */
    private int peek(int ahead) {
      return at + ahead < line.length ? line[at + ahead] & 0xff : 0;
    }

    private static boolean isBlank(int c) {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static int hex(int c) {
      return Character.digit(c, 16);
    }

    private static int unescaped(int letter) {
      return switch (letter) {
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case 'b' -> '\b';
        case 'a' -> 0x07;
        default -> letter;
      };
    }
  }
}
