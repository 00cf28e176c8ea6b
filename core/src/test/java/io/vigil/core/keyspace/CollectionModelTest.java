package io.vigil.core.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Rng;
import io.vigil.core.structure.Listpack;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Collections behave like those of java.util, whatever is written, moved, copied, renamed and
 * deleted; and a snapshot gives exactly what was there when it began.
 */
class CollectionModelTest {
  private static final int DATABASES = 2;
  private static final int HASHES = 4;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] array) {
    return new String(array, StandardCharsets.ISO_8859_1);
  }

  /** One random writer with a twin of all it has written. */
  private static final class World {
    final Keyspace keyspace;
    final Rng rng;
    final List<Map<String, Map<String, String>>> twins = new ArrayList<>();
    final int fields;

    World(long seed, int fields) {
      keyspace = new Keyspace(new Keyspace.Options(DATABASES, seed, Long.MAX_VALUE, true));
      keyspace.setWallMs(1_700_000_000_000L);
      rng = new Rng(seed);
      this.fields = fields;
      for (int i = 0; i < DATABASES; i++) {
        twins.add(new TreeMap<>());
      }
    }

    String field() {
      int number = rng.nextInt(fields);
      return number % 50 == 0 ? "f" + number + "y".repeat(2500) : "f" + number;
    }

    String value() {
      return switch (rng.nextInt(30)) {
        case 0 -> "v".repeat(rng.nextInt(40_000));
        case 1, 2, 3 -> Long.toString(rng.nextLong() >> rng.nextInt(60));
        default -> "w".repeat(rng.nextInt(20)) + rng.nextInt(100);
      };
    }

    void write() {
      int index = rng.nextInt(DATABASES);
      Database database = keyspace.database(index);
      Map<String, Map<String, String>> twin = twins.get(index);
      String key = "h" + rng.nextInt(HASHES);
      switch (rng.nextInt(40)) {
        case 0 -> rename(database, twin, key);
        case 1 -> copy(database, twin, key);
        case 2 -> database.setDeadline(bytes(key), 0, key.length(), keyspace.wallMs() + 1_000_000);
        case 3 -> database.removeDeadline(bytes(key), 0, key.length());
        case 4 -> {
          if (rng.nextInt(4) == 0) {
            assertThat(database.delete(bytes(key), 0, key.length()))
                .isEqualTo(twin.remove(key) != null);
          }
        }
        case 5 -> keyspace.moveStep(500);
        case 6 -> keyspace.reclaimStep(50);
        case 7, 8, 9, 10, 11, 12, 13, 14, 15 -> remove(database, twin, key);
        default -> put(database, twin, key);
      }
    }

    private void rename(Database database, Map<String, Map<String, String>> twin, String key) {
      String other = "h" + rng.nextInt(HASHES);
      if (!key.equals(other) && database.rename(bytes(key), bytes(other))) {
        twin.put(other, twin.remove(key));
      }
    }

    private void copy(Database database, Map<String, Map<String, String>> twin, String key) {
      int target = rng.nextInt(DATABASES);
      String other = "h" + rng.nextInt(HASHES);
      if (target == database.index() && key.equals(other)) {
        return;
      }
      if (database.copy(bytes(key), keyspace.database(target), bytes(other))) {
        twins.get(target).put(other, new TreeMap<>(twin.get(key)));
      }
    }

    private void put(Database database, Map<String, Map<String, String>> twin, String key) {
      HashValues hashes = database.hashes();
      Arguments words = Arguments.of(key, field(), value());
      long record = database.lookupWrite(words, 0);
      if (record == 0) {
        record = hashes.create(words, 0);
      }
      record = hashes.put(record, words, 1, 2);
      String old =
          twin.computeIfAbsent(key, absent -> new TreeMap<>()).put(words.text(1), words.text(2));
      assertThat(hashes.added()).isEqualTo(old == null);
      assertThat(record).isEqualTo(database.peek(words, 0));
      assertThat(hashes.get(record, words, 1).bytes()).isEqualTo(bytes(words.text(2)));
    }

    private void remove(Database database, Map<String, Map<String, String>> twin, String key) {
      Arguments words = Arguments.of(key, field());
      long record = database.lookupWrite(words, 0);
      if (record == 0) {
        assertThat(twin).doesNotContainKey(key);
        return;
      }
      boolean removed = database.hashes().remove(record, words, 1);
      assertThat(removed).isEqualTo(twin.get(key).remove(words.text(1)) != null);
      if (twin.get(key).isEmpty()) {
        twin.remove(key);
        assertThat(database.hashes().record()).isZero();
      }
    }

    void check() {
      keyspace.verify();
      for (int i = 0; i < DATABASES; i++) {
        Database database = keyspace.database(i);
        Map<String, Map<String, String>> found = new TreeMap<>();
        database.forEach(
            record -> found.put(text(database.key(record)), fieldsOf(database, record)));
        assertThat(found).isEqualTo(twins.get(i));
      }
    }

    private static Map<String, String> fieldsOf(Database database, long record) {
      List<String> items = new ArrayList<>();
      database.hashes().walk(record, ItemParts.BOTH, item -> items.add(text(item.bytes())));
      Map<String, String> fields = new TreeMap<>();
      for (int i = 0; i < items.size(); i += 2) {
        assertThat(fields.put(items.get(i), items.get(i + 1))).isNull();
      }
      assertThat(database.hashes().count(record)).isEqualTo(fields.size());
      return fields;
    }

    List<Map<String, Map<String, String>>> copyOfTwins() {
      List<Map<String, Map<String, String>>> copy = new ArrayList<>();
      for (Map<String, Map<String, String>> twin : twins) {
        Map<String, Map<String, String>> database = new TreeMap<>();
        twin.forEach((key, fields) -> database.put(key, new TreeMap<>(fields)));
        copy.add(database);
      }
      return copy;
    }
  }

  /** Puts images together as a reader of a snapshot does. */
  private static final class Reader {
    final List<Map<String, Map<String, String>>> found = new ArrayList<>();
    private final ByteArrayOutputStream items = new ByteArrayOutputStream();
    private String key;
    private int database;
    private long count;

    Reader() {
      for (int i = 0; i < DATABASES; i++) {
        found.add(new TreeMap<>());
      }
    }

    void read(ImageBuffer buffer) {
      while (buffer.next()) {
        if (buffer.isContinuation()) {
          items.write(buffer.array(), buffer.valueOffset(), buffer.pieceLength());
          continue;
        }
        finish();
        database = buffer.database();
        key =
            text(
                Arrays.copyOfRange(
                    buffer.array(), buffer.keyOffset(), buffer.keyOffset() + buffer.keyLength()));
        if (buffer.hasItems()) {
          count = buffer.valueLength();
        } else {
          small(buffer.array(), buffer.valueOffset(), buffer.pieceLength());
          key = null;
        }
      }
    }

    private void small(byte[] array, int offset, int length) {
      assertThat(Listpack.isIntact(array, offset, length)).isTrue();
      List<String> strings = new ArrayList<>();
      for (int entry = Listpack.first(array, offset);
          entry != Listpack.NONE;
          entry = Listpack.next(array, entry)) {
        strings.add(text(Listpack.element(array, entry)));
      }
      put(strings);
    }

    private void put(List<String> strings) {
      Map<String, String> fields = new TreeMap<>();
      for (int i = 0; i < strings.size(); i += 2) {
        assertThat(fields.put(strings.get(i), strings.get(i + 1))).isNull();
      }
      assertThat(found.get(database).put(key, fields)).isNull();
    }

    void finish() {
      if (key == null) {
        return;
      }
      byte[] stream = items.toByteArray();
      items.reset();
      List<String> strings = new ArrayList<>();
      int at = 0;
      while (at < stream.length) {
        int length = 0;
        for (int i = 3; i >= 0; i--) {
          length = length << 8 | stream[at + i] & 0xFF;
        }
        at += 8;
        strings.add(text(Arrays.copyOfRange(stream, at, at + length)));
        at += length;
      }
      assertThat(strings).hasSize((int) (2 * count));
      put(strings);
      key = null;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void hashesAreMapsAndSnapshotsAreWhole(long seed) {
    World world = new World(seed, seed % 2 == 0 ? 40 : 900);
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 2500; i++) {
        world.write();
      }
      world.check();
      List<Map<String, Map<String, String>>> before = world.copyOfTwins();
      SnapshotCursor cursor = world.keyspace.openSnapshot();
      ImageBuffer buffer = new ImageBuffer(100_000);
      Reader reader = new Reader();
      boolean abandoned = round == 2;
      while (!cursor.isDone()) {
        cursor.step(1 + world.rng.nextInt(60), buffer);
        reader.read(buffer);
        buffer.clear();
        for (int i = world.rng.nextInt(12); i > 0; i--) {
          world.write();
        }
        if (abandoned && world.rng.nextInt(40) == 0) {
          break;
        }
      }
      boolean done = cursor.isDone();
      cursor.close();
      world.check();
      if (done) {
        reader.finish();
        assertThat(reader.found).isEqualTo(before);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 300, 5000})
  void aFlushedOrDeletedHashGivesItsMemoryBack(int fields) {
    World world = new World(9, fields);
    Database database = world.keyspace.database(0);
    long before = world.keyspace.memory().usedBytes();
    for (int i = 0; i < fields; i++) {
      Arguments words = Arguments.of("k", "field" + i, "value" + i);
      long record = database.lookupWrite(words, 0);
      database.hashes().put(record != 0 ? record : database.hashes().create(words, 0), words, 1, 2);
    }
    assertThat(database.delete(bytes("k"), 0, 1)).isTrue();
    while (world.keyspace.isReclaiming()) {
      world.keyspace.reclaimStep(100);
    }
    world.keyspace.verify();
    assertThat(database.records().allocator.ownedBytes()).isEqualTo(before);
  }
}
