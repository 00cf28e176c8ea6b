package io.vigil.core.keyspace;

/**
 * How a value is kept, in the words of OBJECT ENCODING. The codes stand in record headers; they
 * never change.
 *
 * <p>Of a collection this is what Redis would call it at its thresholds. Whether it lies in its
 * record, as one listpack or intset, or in a structure of its own is told by {@link
 * Records#FLAG_LONG_VALUE} and decided by size alone.
 */
public enum Encoding {
  RAW(0, "raw"),
  INT(1, "int"),
  EMBSTR(2, "embstr"),
  HASHTABLE(3, "hashtable"),
  LISTPACK(4, "listpack"),
  INTSET(5, "intset"),
  QUICKLIST(6, "quicklist"),
  SKIPLIST(7, "skiplist");

  private static final Encoding[] BY_CODE = values();

  private final int code;
  private final String redisName;

  Encoding(int code, String redisName) {
    this.code = code;
    this.redisName = redisName;
  }

  /** The code in a record's header, 0 to 15. */
  public int code() {
    return code;
  }

  /** The word that OBJECT ENCODING answers. */
  public String redisName() {
    return redisName;
  }

  /** The encoding with this code. */
  public static Encoding of(int code) {
    return BY_CODE[code];
  }
}
