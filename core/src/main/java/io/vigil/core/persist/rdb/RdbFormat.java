package io.vigil.core.persist.rdb;

/**
 * Numbers of the RDB format, as Redis defines them. They are stored in files and sent to peers:
 * none of them may ever change.
 *
 * <pre>
 *   file    := "REDIS" version(4 digits) item* EOF [checksum(8, little endian, since version 5)]
 *   item    := AUX string string | SELECTDB length | RESIZEDB length length | FUNCTION2 string | entry
 *   entry   := [EXPIRETIME_MS int64] [IDLE length | FREQ byte] type string(key) value
 *   length  := 00bbbbbb | 01bbbbbb byte | 0x80 int32 (big endian) | 0x81 int64 (big endian)
 *   string  := length bytes | 11000000 int8 | 11000001 int16 | 11000010 int32 | 11000011 length(packed) length LZF
 * </pre>
 */
public final class RdbFormat {
  /** What {@link RdbReader} takes. */
  public static final int OLDEST_VERSION = 1;

  /** The newest version {@link RdbReader} takes: that of Redis 7.4 and 8. */
  public static final int NEWEST_VERSION = 12;

  /** What {@link RdbWriter} writes: that of Redis 7.0, which every later server reads. */
  public static final int WRITTEN_VERSION = 10;

  /** First version that ends in a checksum. */
  static final int CHECKSUM_SINCE = 5;

  static final int SLOT_INFO = 244;
  static final int FUNCTION2 = 245;
  static final int FUNCTION_PRE_RELEASE = 246;
  static final int MODULE_AUX = 247;
  static final int IDLE = 248;
  static final int FREQ = 249;
  static final int AUX = 250;
  static final int RESIZEDB = 251;
  static final int EXPIRETIME_MS = 252;
  static final int EXPIRETIME = 253;
  static final int SELECTDB = 254;
  static final int EOF = 255;

  public static final int TYPE_STRING = 0;
  public static final int TYPE_LIST = 1;
  public static final int TYPE_SET = 2;

  /** Scores as text. */
  public static final int TYPE_ZSET = 3;

  public static final int TYPE_HASH = 4;

  /** Scores as doubles of 8 bytes, little-endian. */
  public static final int TYPE_ZSET_2 = 5;

  public static final int TYPE_HASH_ZIPMAP = 9;
  public static final int TYPE_LIST_ZIPLIST = 10;
  public static final int TYPE_SET_INTSET = 11;
  public static final int TYPE_ZSET_ZIPLIST = 12;
  public static final int TYPE_HASH_ZIPLIST = 13;

  /** A number of ziplists. */
  public static final int TYPE_LIST_QUICKLIST = 14;

  public static final int TYPE_HASH_LISTPACK = 16;
  public static final int TYPE_ZSET_LISTPACK = 17;

  /** A number of nodes, each {@link #NODE_PLAIN} or {@link #NODE_PACKED} and a string. */
  public static final int TYPE_LIST_QUICKLIST_2 = 18;

  public static final int TYPE_SET_LISTPACK = 20;

  /** The node is one element. */
  public static final int NODE_PLAIN = 1;

  /** The node is a listpack. */
  public static final int NODE_PACKED = 2;

  static final int LENGTH_14_BITS = 0x40;
  static final int LENGTH_32_BITS = 0x80;
  static final int LENGTH_64_BITS = 0x81;
  static final int ENCODED = 0xC0;
  static final int INT8 = 0;
  static final int INT16 = 1;
  static final int INT32 = 2;
  static final int LZF = 3;

  /** The longest text that may be stored as an integer: "-2147483648". */
  static final int LONGEST_INTEGER_TEXT = 11;

  /** Redis tries to pack strings longer than this. */
  static final int PACKED_ABOVE_BYTES = 20;

  /** A packed string must save at least this, or it is stored as it is. */
  static final int PACKING_SAVES_BYTES = 4;

  private static final String[] TYPE_NAMES = {
    "string",
    "list",
    "set",
    "sorted set (version 1)",
    "hash",
    "sorted set",
    "module value (version 1)",
    "module value",
    null,
    "zipmap hash",
    "ziplist list",
    "intset set",
    "ziplist sorted set",
    "ziplist hash",
    "quicklist of ziplists",
    "stream",
    "listpack hash",
    "listpack sorted set",
    "quicklist",
    "stream (version 2)",
    "listpack set",
    "stream (version 3)",
    "hash with field deadlines (pre-release)",
    "listpack hash with field deadlines (pre-release)",
    "hash with field deadlines",
    "listpack hash with field deadlines"
  };

  private RdbFormat() {}

  /** What Redis's sources call the value type {@code type}, or null when no version has it. */
  static String typeName(int type) {
    return type < TYPE_NAMES.length ? TYPE_NAMES[type] : null;
  }
}
