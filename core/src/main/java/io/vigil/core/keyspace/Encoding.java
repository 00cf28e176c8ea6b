package io.vigil.core.keyspace;

/**
 * How a value is kept, in the words of OBJECT ENCODING. The codes stand in record headers; they
 * never change.
 */
public enum Encoding {
  RAW(0, "raw"),
  INT(1, "int"),
  EMBSTR(2, "embstr");

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
