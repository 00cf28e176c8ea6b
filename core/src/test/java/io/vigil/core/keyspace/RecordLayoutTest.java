package io.vigil.core.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Hex;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The bytes of records, frozen: a change here is a change of format. */
class RecordLayoutTest {
  private final Keyspace keyspace = new Keyspace(new Keyspace.Options(1, 1, Long.MAX_VALUE, true));
  private final Database database = keyspace.database(0);

  RecordLayoutTest() {
    keyspace.setWallMs(0x123456L * 1000);
  }

  private String set(String key, String value, long deadlineMs, int length) {
    byte[] keyBytes = key.getBytes(StandardCharsets.ISO_8859_1);
    byte[] valueBytes = value.getBytes(StandardCharsets.ISO_8859_1);
    database
        .strings()
        .set(keyBytes, 0, keyBytes.length, valueBytes, 0, valueBytes.length, deadlineMs);
    long record = database.peek(keyBytes, 0, keyBytes.length);
    byte[] bytes = new byte[length];
    database.records().pages.copyOut(record, bytes, 0, length);
    return Hex.of(bytes);
  }

  @Test
  void stringsAreAsTheyAlwaysWere() {
    // type and encoding, key length and flags, epoch, clock | key | length, value
    assertThat(set("key", "value", -1, 18))
        .isEqualTo("20" + "0300" + "0100" + "563412" + "6b6579" + "0500" + "76616c7565");
    // int
    assertThat(set("key", "-2", -1, 19))
        .isEqualTo("10" + "0300" + "0100" + "563412" + "6b6579" + "feffffffffffffff");
    // raw, with a deadline
    assertThat(set("key", "v".repeat(45), 0x0102030405060708L, 66))
        .isEqualTo(
            "00"
                + "0310"
                + "0100"
                + "563412"
                + "0807060504030201"
                + "6b6579"
                + "2d00"
                + "76".repeat(45));
  }

  @Test
  void codesAreFrozen() {
    assertThat(ValueType.STRING.code()).isZero();
    assertThat(Encoding.RAW.code()).isZero();
    assertThat(Encoding.INT.code()).isEqualTo(1);
    assertThat(Encoding.EMBSTR.code()).isEqualTo(2);
    for (ValueType type : ValueType.values()) {
      assertThat(ValueType.of(type.code())).isEqualTo(type);
    }
    for (Encoding encoding : Encoding.values()) {
      assertThat(Encoding.of(encoding.code())).isEqualTo(encoding);
    }
  }
}
