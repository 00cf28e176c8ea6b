package io.vigil.core.persist.rdb;

/**
 * Bytes that are no valid RDB. {@link #offset} is where, counted from the first byte of the file.
 */
public final class RdbException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final long offset;

  /** Why the bytes were refused, for those who log or answer differently. */
  public enum Kind {
    /** It does not begin as an RDB does. */
    SIGNATURE,
    /** A version this reader does not know. */
    VERSION,
    /** The checksum does not fit the bytes. */
    CHECKSUM,
    /** The bytes end too early. */
    TRUNCATED,
    /** Something that exists in the format but not in this server. */
    UNSUPPORTED,
    /** The data need more memory than there is. */
    NO_ROOM,
    /** Anything else that cannot be. */
    CORRUPT
  }

  public RdbException(Kind kind, long offset, String reason) {
    super(reason);
    this.kind = kind;
    this.offset = offset;
  }

  public Kind kind() {
    return kind;
  }

  public long offset() {
    return offset;
  }
}
