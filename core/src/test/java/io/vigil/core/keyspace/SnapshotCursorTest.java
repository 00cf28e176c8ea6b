package io.vigil.core.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Rng;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A snapshot gives exactly what was there when it began, whatever is written, moved, flushed or
 * swapped while it runs.
 */
class SnapshotCursorTest {
  private static final int DATABASES = 3;

  private record Image(String value, long deadlineMs, Encoding encoding) {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] array, int offset, int length) {
    return new String(array, offset, length, StandardCharsets.ISO_8859_1);
  }

  /** A random writer over three databases. */
  private static final class Writer {
    final Keyspace keyspace;
    final Rng rng;
    final int keys;

    Writer(long seed, int keys) {
      keyspace = new Keyspace(new Keyspace.Options(DATABASES, seed, Long.MAX_VALUE, true));
      keyspace.setWallMs(1_700_000_000_000L);
      rng = new Rng(seed);
      this.keys = keys;
    }

    byte[] key() {
      int number = rng.nextInt(keys);
      return bytes("key:" + number + (number % 40 == 0 ? "y".repeat(2100) : ""));
    }

    byte[] value() {
      int kind = rng.nextInt(12);
      if (kind < 3) {
        return bytes(Integer.toString(rng.nextInt(1_000_000)));
      }
      byte[] value = new byte[kind < 11 ? rng.nextInt(120) : rng.nextInt(60_000)];
      Arrays.fill(value, (byte) ('a' + rng.nextInt(26)));
      return value;
    }

    void write() {
      Database database = keyspace.database(rng.nextInt(DATABASES));
      byte[] key = key();
      byte[] value = value();
      switch (rng.nextInt(16)) {
        case 0, 1, 2, 3 -> {
          long deadline =
              rng.nextInt(3) == 0 ? keyspace.wallMs() + rng.nextInt(4000) : Database.NO_DEADLINE;
          database.strings().set(key, 0, key.length, value, 0, value.length, deadline);
        }
        case 4, 5 -> database.delete(key, 0, key.length);
        case 6 -> {
          long record = database.peek(key, 0, key.length);
          if (record == 0 || database.strings().length(record) < 200_000) {
            database.strings().append(key, 0, key.length, value, 0, value.length);
          }
        }
        case 7 ->
            database
                .strings()
                .setRange(key, 0, key.length, rng.nextInt(300), value, 0, value.length);
        case 8 -> database.strings().setBit(key, 0, key.length, rng.nextInt(2000), rng.nextInt(2));
        case 9 -> database.setDeadline(key, 0, key.length, keyspace.wallMs() + rng.nextInt(4000));
        case 10 -> database.removeDeadline(key, 0, key.length);
        case 11 -> {
          byte[] other = key();
          if (!Arrays.equals(key, other)) {
            database.rename(key, other);
          }
        }
        case 12 -> {
          keyspace.setWallMs(keyspace.wallMs() + rng.nextInt(20));
          keyspace.expireStep(200);
        }
        case 13, 14 -> count(database, key);
        default -> keyspace.moveStep(300);
      }
    }

    /** What INCR does: an int is changed where it lies, unless the snapshot has yet to see it. */
    private void count(Database database, byte[] key) {
      Arguments words = Arguments.of(bytes("INCR"), key);
      long record = database.lookupChange(words, 1);
      StringValues strings = database.strings();
      if (record == 0 || strings.isInteger(record)) {
        long old = record == 0 ? 0 : strings.integer(record);
        strings.changeInteger(record, words, 1, old + 1);
      }
    }

    void occasionally() {
      switch (rng.nextInt(3)) {
        case 0 -> keyspace.swap(rng.nextInt(DATABASES), rng.nextInt(DATABASES));
        case 1 -> keyspace.database(rng.nextInt(DATABASES)).flush();
        default -> keyspace.database(0).lookupRead(key(), 0, 1);
      }
    }

    Map<String, Image> state() {
      Map<String, Image> state = new TreeMap<>();
      for (int i = 0; i < DATABASES; i++) {
        Database database = keyspace.database(i);
        int number = i;
        database.forEach(
            record -> {
              byte[] key = database.key(record);
              byte[] value = database.strings().bytes(record);
              Image image =
                  new Image(
                      text(value, 0, value.length),
                      database.deadlineMs(record),
                      database.encoding(record));
              state.put(number + "/" + text(key, 0, key.length), image);
            });
      }
      return state;
    }
  }

  /** Puts images together as a reader of a snapshot does. */
  private static final class Reader {
    final Map<String, Image> images = new TreeMap<>();
    private String longKey;
    private StringBuilder longValue;

    void read(ImageBuffer buffer) {
      while (buffer.next()) {
        if (buffer.isContinuation()) {
          longValue.append(text(buffer.array(), buffer.valueOffset(), buffer.pieceLength()));
          finishLongValue(buffer.valueLength());
          continue;
        }
        assertThat(longKey).isNull();
        String key =
            buffer.database() + "/" + text(buffer.array(), buffer.keyOffset(), buffer.keyLength());
        String value =
            buffer.encoding() == Encoding.INT
                ? Long.toString(buffer.integer())
                : text(buffer.array(), buffer.valueOffset(), buffer.pieceLength());
        assertThat(images.put(key, new Image(value, buffer.deadlineMs(), buffer.encoding())))
            .isNull();
        if (buffer.pieceLength() < buffer.valueLength()) {
          longKey = key;
          longValue = new StringBuilder(value);
        }
      }
      buffer.clear();
    }

    private void finishLongValue(long length) {
      if (longValue.length() == length) {
        Image first = images.get(longKey);
        images.put(longKey, new Image(longValue.toString(), first.deadlineMs, first.encoding));
        longKey = null;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void isThePointInTime(long seed) {
    Writer writer = new Writer(seed, seed % 2 == 0 ? 60 : 1500);
    Keyspace keyspace = writer.keyspace;
    for (int i = 0; i < 3000; i++) {
      writer.write();
    }
    for (int round = 0; round < 6; round++) {
      Map<String, Image> before = writer.state();
      SnapshotCursor cursor = keyspace.openSnapshot();
      assertThat(cursor.totalRecords()).isEqualTo(before.size());
      Reader reader = new Reader();
      ImageBuffer buffer = new ImageBuffer(20_000);
      boolean abort = round == 2;
      while (!cursor.isDone() && !(abort && cursor.doneRecords() > 20)) {
        cursor.step(writer.rng.nextInt(400) + 1, buffer);
        reader.read(buffer);
        for (int i = writer.rng.nextInt(12); i > 0; i--) {
          writer.write();
        }
        if (writer.rng.nextInt(40) == 0) {
          writer.occasionally();
        }
      }
      if (!abort) {
        assertThat(reader.images).isEqualTo(before);
        assertThat(cursor.doneRecords()).isEqualTo(before.size());
        assertThat(cursor.heldBytes()).isZero();
      }
      cursor.close();
      keyspace.verify();
      for (int i = 0; i < 500; i++) {
        writer.write();
      }
    }
    keyspace.flushAll();
    keyspace.verify();
    assertThat(keyspace.memory().usedBytes()).isZero();
    assertThat(keyspace.memory().committedBytes()).isZero();
  }

  @Test
  void ofNothingIsDoneAtOnce() {
    Keyspace keyspace = new Keyspace(new Keyspace.Options(1, 1, Long.MAX_VALUE, true));
    SnapshotCursor cursor = keyspace.openSnapshot();
    assertThat(cursor.isDone()).isTrue();
    assertThat(cursor.step(100, new ImageBuffer(100))).isZero();
    cursor.close();
    assertThat(keyspace.hasSnapshot()).isFalse();
  }
}
