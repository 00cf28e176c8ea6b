package io.vigil.core.base;

/** Lower-case hexadecimal. */
public final class Hex {
  private static final String DIGITS = "0123456789abcdef";

  private Hex() {}

  /** Two digits per byte. */
  public static String of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  public static String of(byte[] bytes, int offset, int length) {
    StringBuilder text = new StringBuilder(2 * length);
    for (int i = offset; i < offset + length; i++) {
      text.append(DIGITS.charAt((bytes[i] >> 4) & 15)).append(DIGITS.charAt(bytes[i] & 15));
    }
    return text.toString();
  }

  /** The value of an ASCII hexadecimal digit of either case, or -1. */
  public static int digit(int character) {
    if (character >= '0' && character <= '9') {
      return character - '0';
    }
    int lower = character | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /**
   * Bytes of a text of hexadecimal digits.
   *
   * @throws IllegalArgumentException when the length is odd or a character is no digit
   */
  public static byte[] parse(String text) {
    if (text.length() % 2 != 0) {
      throw new IllegalArgumentException("odd number of hexadecimal digits: " + text.length());
    }
    byte[] bytes = new byte[text.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = digit(text.charAt(2 * i));
      int low = digit(text.charAt(2 * i + 1));
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException("not hexadecimal: '" + text + "'");
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }
}
