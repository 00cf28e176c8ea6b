package io.vigil.core.base;

import java.nio.charset.StandardCharsets;

/**
 * The quoted form of a byte string that a configuration file, MONITOR and a log line show: {@link
 * SplitArguments} reads it back.
 */
public final class Quote {
  private Quote() {}

  public static String of(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length + 2);
    append(out, bytes, 0, bytes.length);
    return out.toString();
  }

  /** Quotes text of one byte per character. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Appends the slice between double quotes, with escapes for all but printable ASCII. */
  public static void append(StringBuilder out, byte[] bytes, int offset, int length) {
    out.append('"');
    for (int i = offset; i < offset + length; i++) {
      int b = bytes[i] & 0xff;
      switch (b) {
        case '\\', '"' -> out.append('\\').append((char) b);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case 0x07 -> out.append("\\a");
        case '\b' -> out.append("\\b");
        default -> {
          if (b >= 0x20 && b < 0x7f) {
            out.append((char) b);
          } else {
            out.append("\\x").append(Hex.of(bytes, i, 1));
          }
        }
      }
    }
    out.append('"');
  }
}
