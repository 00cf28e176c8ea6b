package io.vigil.core.persist.rdb;

import io.vigil.core.base.Crc64;
import java.util.Arrays;

/**
 * The serialized value of DUMP, RESTORE and MIGRATE.
 *
 * <pre>
 *   type(1) | value as in an RDB | RDB version (2, little endian) | CRC64 of all before (8, little endian)
 * </pre>
 */
public final class DumpPayload {
  private static final int FOOTER_BYTES = 10;
  private static final int CHECKSUM_BYTES = 8;

  private DumpPayload() {}

  /** The payload of the type and value that have been written to {@code encoder}. */
  public static byte[] of(RdbEncoder encoder) {
    encoder.littleEndian(RdbFormat.WRITTEN_VERSION, 2);
    encoder.littleEndian(Crc64.update(0, encoder.array(), 0, encoder.size()), CHECKSUM_BYTES);
    return Arrays.copyOf(encoder.array(), encoder.size());
  }

  /**
   * True when the footer's version is one we read and, unless {@code skipChecksum}, the checksum
   * fits.
   */
  public static boolean isIntact(byte[] array, int offset, int length, boolean skipChecksum) {
    if (length < FOOTER_BYTES) {
      return false;
    }
    int footer = offset + length - FOOTER_BYTES;
    int version = array[footer] & 0xFF | (array[footer + 1] & 0xFF) << 8;
    if (version > RdbFormat.NEWEST_VERSION) {
      return false;
    }
    long stored = 0;
    for (int i = 0; i < CHECKSUM_BYTES; i++) {
      stored |= (array[footer + 2 + i] & 0xFFL) << (8 * i);
    }
    return skipChecksum || stored == Crc64.update(0, array, offset, length - CHECKSUM_BYTES);
  }

  /** Is told the value in a payload. */
  public interface Receiver extends ValueVisitor {
    /** The value, or its beginning. */
    void value(RdbValue value) throws RdbException;
  }

  /**
   * Tells the value in an intact payload.
   *
   * @throws RdbException when it does not hold exactly one value of a type we have
   */
  public static void read(byte[] array, int offset, int length, Receiver receiver)
      throws RdbException {
    RdbInput input = new RdbInput();
    input.append(array, offset, length - FOOTER_BYTES);
    int type = input.octet();
    if (!ElementReader.knows(type)) {
      throw RdbInput.corrupt(0, "type " + type);
    }
    ElementReader elements = new ElementReader(input);
    RdbValue value = elements.begin(type);
    requireFed(input);
    receiver.value(value);
    while (!elements.isDone()) {
      elements.next(receiver);
      requireFed(input);
    }
    if (value instanceof RdbValue.Elements) {
      receiver.elementsEnd();
    }
  }

  private static void requireFed(RdbInput input) throws RdbException {
    if (input.starved()) {
      throw RdbInput.corrupt(input.offset(), "the value ends too early");
    }
  }
}
