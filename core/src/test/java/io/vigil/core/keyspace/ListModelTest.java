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
 * Lists behave like those of java.util, small or in nodes, and a snapshot gives exactly what was
 * there when it began.
 */
class ListModelTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] array) {
    return new String(array, StandardCharsets.ISO_8859_1);
  }

  private final Keyspace keyspace = new Keyspace(new Keyspace.Options(1, 7, Long.MAX_VALUE, true));
  private final Database database = keyspace.database(0);
  private final Map<String, List<String>> twin = new TreeMap<>();
  private Rng rng;
  private int longest;

  private String value() {
    return switch (rng.nextInt(40)) {
      case 0 -> "L".repeat(rng.nextInt(30_000));
      case 1, 2, 3 -> Long.toString(rng.nextLong() >> rng.nextInt(60));
      case 4, 5 -> "m".repeat(rng.nextInt(3000));
      default -> "v" + rng.nextInt(1000);
    };
  }

  private void write() {
    String key = "l" + rng.nextInt(3);
    List<String> list = twin.get(key);
    Arguments words = Arguments.of(key);
    switch (rng.nextInt(30)) {
      case 0 -> keyspace.moveStep(400);
      case 1 -> keyspace.reclaimStep(30);
      case 2 -> {
        String other = "l" + rng.nextInt(3);
        if (!other.equals(key) && database.rename(bytes(key), bytes(other))) {
          twin.put(other, twin.remove(key));
        }
      }
      case 3 -> {
        String other = "l" + rng.nextInt(3);
        if (!other.equals(key) && database.copy(bytes(key), database, bytes(other))) {
          twin.put(other, new ArrayList<>(list));
        }
      }
      default -> change(key, list, database.lookupWrite(words, 0), words);
    }
  }

  private void change(String key, List<String> list, long record, Arguments words) {
    ListValues lists = database.lists();
    assertThat(record == 0).isEqualTo(list == null);
    byte[] value = bytes(value());
    if (record == 0) {
      lists.push(lists.create(words, 0), true, value, 0, value.length);
      twin.put(key, new ArrayList<>(List.of(text(value))));
      return;
    }
    int index = rng.nextInt(list.size());
    boolean shrink = list.size() > longest;
    switch (shrink ? 5 : rng.nextInt(6)) {
      case 0 -> {
        lists.push(record, true, value, 0, value.length);
        list.addFirst(text(value));
      }
      case 1 -> {
        lists.push(record, false, value, 0, value.length);
        list.addLast(text(value));
      }
      case 2, 3 -> {
        lists.insert(record, index, value, 0, value.length);
        list.add(index, text(value));
      }
      case 4 -> {
        lists.set(record, index, value, 0, value.length);
        list.set(index, text(value));
      }
      default -> {
        int elements = 1 + rng.nextInt(shrink ? list.size() - index : 1);
        long left = lists.remove(record, index, elements);
        list.subList(index, index + elements).clear();
        if (list.isEmpty()) {
          twin.remove(key);
        }
        assertThat(left == 0).isEqualTo(list.isEmpty());
        return;
      }
    }
    long now = lists.record();
    assertThat(now).isEqualTo(database.peek(words, 0));
    assertThat(text(lists.get(now, index).bytes())).isEqualTo(list.get(index));
  }

  private void check() {
    keyspace.verify();
    Map<String, List<String>> found = new TreeMap<>();
    database.forEach(
        record -> {
          List<String> elements = new ArrayList<>();
          database.lists().walk(record, ItemParts.BOTH, item -> elements.add(text(item.bytes())));
          List<String> backwards = new ArrayList<>();
          database
              .lists()
              .visit(
                  record,
                  elements.size() - 1,
                  true,
                  (index, item) -> {
                    assertThat(index).isEqualTo(elements.size() - 1 - backwards.size());
                    backwards.add(text(item.bytes()));
                    return true;
                  });
          assertThat(backwards.reversed()).isEqualTo(elements);
          found.put(text(database.key(record)), elements);
        });
    assertThat(found).isEqualTo(twin);
  }

  private final Map<String, List<String>> images = new TreeMap<>();
  private final ByteArrayOutputStream items = new ByteArrayOutputStream();
  private String open;

  private void read(ImageBuffer buffer) {
    while (buffer.next()) {
      if (buffer.isContinuation()) {
        items.write(buffer.array(), buffer.valueOffset(), buffer.pieceLength());
        continue;
      }
      finish();
      int offset = buffer.keyOffset();
      open = text(Arrays.copyOfRange(buffer.array(), offset, offset + buffer.keyLength()));
      if (!buffer.hasItems()) {
        List<String> elements = new ArrayList<>();
        addAll(buffer.array(), buffer.valueOffset(), elements);
        assertThat(images.put(open, elements)).isNull();
        open = null;
      }
    }
  }

  private static void addAll(byte[] array, int at, List<String> elements) {
    for (int entry = Listpack.first(array, at);
        entry != Listpack.NONE;
        entry = Listpack.next(array, entry)) {
      elements.add(text(Listpack.element(array, entry)));
    }
  }

  private void finish() {
    if (open == null) {
      return;
    }
    byte[] stream = items.toByteArray();
    items.reset();
    List<String> elements = new ArrayList<>();
    int at = 0;
    while (at < stream.length) {
      int length = 0;
      for (int i = 3; i >= 0; i--) {
        length = length << 8 | stream[at + i] & 0xFF;
      }
      boolean packed = stream[at + 7] == 2;
      at += 8;
      if (packed) {
        assertThat(Listpack.isIntact(stream, at, length)).isTrue();
        addAll(stream, at, elements);
      } else {
        elements.add(text(Arrays.copyOfRange(stream, at, at + length)));
      }
      at += length;
    }
    assertThat(images.put(open, elements)).isNull();
    open = null;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void listsAreListsAndSnapshotsAreWhole(long seed) {
    keyspace.setWallMs(1_700_000_000_000L);
    rng = new Rng(seed);
    longest = seed % 2 == 0 ? 30 : 600;
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 1500; i++) {
        write();
      }
      check();
      Map<String, List<String>> before = new TreeMap<>();
      twin.forEach((key, list) -> before.put(key, new ArrayList<>(list)));
      images.clear();
      SnapshotCursor cursor = keyspace.openSnapshot();
      ImageBuffer buffer = new ImageBuffer(60_000);
      boolean abandoned = round == 3;
      while (!cursor.isDone() && !(abandoned && rng.nextInt(20) == 0)) {
        cursor.step(1 + rng.nextInt(30), buffer);
        read(buffer);
        buffer.clear();
        for (int i = rng.nextInt(12); i > 0; i--) {
          write();
        }
      }
      boolean done = cursor.isDone();
      cursor.close();
      finish();
      check();
      if (done) {
        assertThat(images).isEqualTo(before);
      }
      images.clear();
    }
  }
}
