package io.vigil.core.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Hex;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * The values expected here are what DEBUG DIGEST of redis-server 7.0.15 printed for the same keys.
 */
class DigestTest {
  private final Keyspace keyspace = new Keyspace(new Keyspace.Options(16, 1, Long.MAX_VALUE, true));

  private void set(int database, String key, String value) {
    byte[] keyBytes = bytes(key);
    byte[] valueBytes = bytes(value);
    keyspace
        .database(database)
        .strings()
        .set(keyBytes, 0, keyBytes.length, valueBytes, 0, valueBytes.length, Database.NO_DEADLINE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String digest() {
    return Hex.of(keyspace.digest());
  }

  @Test
  void equalsThatOfRedis() {
    assertThat(digest()).isEqualTo("0".repeat(40));
    set(0, "a", "12345");
    set(0, "b", "hello");
    set(0, "neg", "-7");
    set(0, "e", "");
    assertThat(digest()).isEqualTo("80aa8245f44d51072c6050118d11c285b475b632");
    Database database = keyspace.database(0);
    database.strings().setRange(bytes("long"), 0, 4, 39_999, bytes("z"), 0, 1);
    database.setDeadline(bytes("b"), 0, 1, 100_000_000);
    assertThat(digest()).isEqualTo("e92d2c71b32581dfeb464caba907651a5551b199");
    set(3, "a", "12345");
    keyspace.database(3).setDeadline(bytes("a"), 0, 1, 10_000_000);
    assertThat(digest()).isEqualTo("1aa3b2cd51949e379a3ac94779ba3d30be822fe9");
    long b = database.lookupRead(bytes("b"), 0, 1);
    assertThat(Hex.of(keyspace.digestOfValue(database, b)))
        .isEqualTo("d037c4eb8a8b36b602fbced4000daeab0714c1e3");
    long longValue = database.lookupRead(bytes("long"), 0, 4);
    assertThat(Hex.of(keyspace.digestOfValue(database, longValue)))
        .isEqualTo("52ee9272aa8cb4ddc8d9ed704be027978d2ffe61");
  }
}
