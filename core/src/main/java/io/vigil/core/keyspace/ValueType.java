package io.vigil.core.keyspace;

/** The types of values. The codes stand in record headers and in images; they never change. */
public enum ValueType {
  STRING(0, 0, "string"),
  LIST(1, 1, "list"),
  SET(2, 2, "set"),
  ZSET(3, 3, "zset"),
  HASH(4, 4, "hash");

  private static final ValueType[] BY_CODE = values();

  private final int code;
  private final int redisCode;
  private final String redisName;

  ValueType(int code, int redisCode, String redisName) {
    this.code = code;
    this.redisCode = redisCode;
    this.redisName = redisName;
  }

  /** The code in a record's header, 0 to 15. */
  public int code() {
    return code;
  }

  /** The number of the type in Redis, which goes into digests. */
  int redisCode() {
    return redisCode;
  }

  /** The word that TYPE answers. */
  public String redisName() {
    return redisName;
  }

  /** The type with this code. */
  public static ValueType of(int code) {
    return BY_CODE[code];
  }
}
