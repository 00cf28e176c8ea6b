package io.vigil.core.keyspace;

/** Classes of keyspace events, as the letters of {@code notify-keyspace-events} choose them. */
public enum NotifyClass {
  KEYSPACE('K'),
  KEYEVENT('E'),
  GENERIC('g'),
  STRING('$'),
  LIST('l'),
  SET('s'),
  HASH('h'),
  ZSET('z'),
  EXPIRED('x'),
  EVICTED('e'),
  STREAM('t'),
  KEY_MISS('m'),
  MODULE('d'),
  NEW('n');

  /** What the letter {@code A} stands for. */
  public static final int ALL = maskOf("g$lshzxetd");

  private final char letter;

  NotifyClass(char letter) {
    this.letter = letter;
  }

  public char letter() {
    return letter;
  }

  public int mask() {
    return 1 << ordinal();
  }

  /** The classes that {@code letters} choose, as masks; -1 when a letter means nothing. */
  public static int parse(String letters) {
    int mask = 0;
    for (int i = 0; i < letters.length(); i++) {
      int one = letters.charAt(i) == 'A' ? ALL : maskOf(letters.substring(i, i + 1));
      if (one == 0) {
        return -1;
      }
      mask |= one;
    }
    return mask;
  }

  private static int maskOf(String letters) {
    int mask = 0;
    for (int i = 0; i < letters.length(); i++) {
      for (NotifyClass value : values()) {
        if (value.letter == letters.charAt(i)) {
          mask |= value.mask();
        }
      }
    }
    return mask;
  }

  /** The letters for {@code mask} as CONFIG GET shows them. */
  public static String format(int mask) {
    StringBuilder text = new StringBuilder();
    if ((mask & ALL) == ALL) {
      text.append('A');
    } else {
      append(text, mask, "g$lshzxetdn");
    }
    append(text, mask, "KEm");
    return text.toString();
  }

  private static void append(StringBuilder text, int mask, String letters) {
    for (int i = 0; i < letters.length(); i++) {
      if ((mask & maskOf(letters.substring(i, i + 1))) != 0) {
        text.append(letters.charAt(i));
      }
    }
  }
}
