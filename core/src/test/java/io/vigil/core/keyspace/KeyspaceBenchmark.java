package io.vigil.core.keyspace;

import io.vigil.core.base.OutputBuffer;
import io.vigil.core.base.Rng;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/**
 * Processor time per operation and bytes per key of a database of strings: keys of 16 bytes, values
 * of 100, then two rounds of overwriting with 60 to 140. A main program, not a test; run it as
 * {@code dev/quick run} runs others, with the number of keys.
 */
public final class KeyspaceBenchmark {
  private static final int KEY_BYTES = 16;

  private final Keyspace keyspace =
      new Keyspace(new Keyspace.Options(1, 42, Long.MAX_VALUE, false));
  private final Database database = keyspace.database(0);
  private final OutputBuffer output = new OutputBuffer();
  private final byte[] key =
      "key:000000000000".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  private final byte[] value = new byte[200];
  private final int keys;
  private long blackHole;

  private KeyspaceBenchmark(int keys) {
    this.keys = keys;
    java.util.Arrays.fill(value, (byte) 'x');
    keyspace.setWallMs(1_700_000_000_000L);
  }

  public static void main(String[] args) {
    int keys = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    new KeyspaceBenchmark(100_000).run(false);
    new KeyspaceBenchmark(keys).run(true);
  }

  private void key(int number) {
    int left = number;
    for (int at = KEY_BYTES - 1; at >= 4; at--) {
      key[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  private void run(boolean print) {
    Rng rng = new Rng(1);
    measure(print, "set, new key", keys, i -> set(i, 100));
    report(print, "fresh");
    int operations = Math.max(1_000_000, Math.min(keys, 3_000_000));
    for (int round = 0; round < 2; round++) {
      measure(print, "get", operations, i -> get(rng.nextInt(keys)));
      measure(print, "get of a missing key", operations, i -> get(keys + rng.nextInt(keys)));
      measure(print, "set, same size", operations, i -> set(rng.nextInt(keys), 100));
      measure(print, "get, burst of 16 prefetched", operations / 16, i -> burst(rng));
    }
    for (int round = 0; round < 2; round++) {
      int add = round;
      measure(print, "set, other size, with moving", keys, i -> churn(i, add));
      report(print, "after round " + (round + 1));
    }
    long end = 0;
    while (keyspace.isMovingDue()) {
      end += keyspace.moveStep(100_000);
    }
    report(print, "settled");
    SnapshotCursor cursor = keyspace.openSnapshot();
    ImageBuffer buffer = new ImageBuffer(1 << 20);
    measure(
        print,
        "snapshot, per record",
        keys,
        i -> {
          if (!cursor.isDone() && i % 100 == 0) {
            buffer.clear();
            cursor.step(400, buffer);
          }
        });
    cursor.close();
    if (print) {
      System.out.println("(" + blackHole + " " + end + ")");
    }
  }

  private void set(int number, int bytes) {
    key(number);
    database.strings().set(key, 0, KEY_BYTES, value, 0, bytes, Database.NO_DEADLINE);
  }

  private void get(int number) {
    key(number);
    long record = database.lookupRead(key, 0, KEY_BYTES);
    if (record != 0) {
      database.strings().writeBulk(record, output);
      if (output.pendingBytes() > 8000) {
        output.consume(output.pendingBytes());
      }
    }
  }

  private void burst(Rng rng) {
    int[] numbers = new int[16];
    long[] hashes = new long[16];
    for (int i = 0; i < 16; i++) {
      numbers[i] = rng.nextInt(keys);
      key(numbers[i]);
      hashes[i] = database.hashOf(key, 0, KEY_BYTES);
    }
    for (int i = 0; i < 16; i++) {
      blackHole += database.prefetchSlot(hashes[i]);
    }
    for (int i = 0; i < 16; i++) {
      blackHole += database.prefetchRecord(hashes[i]);
    }
    for (int i = 0; i < 16; i++) {
      get(numbers[i]);
    }
  }

  private void churn(int i, int round) {
    int number = (int) ((i + 1L) * 7_368_787 % keys);
    set(number, 60 + (int) ((number * 31L + round + i / 5000) % 81));
  }

  private static void measure(boolean print, String what, int times, IntConsumer operation) {
    long before = cpuNanos();
    for (int i = 0; i < times; i++) {
      operation.accept(i);
    }
    long nanos = cpuNanos() - before;
    if (print) {
      System.out.printf("%-32s %7.1f ns%n", what, (double) nanos / times);
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void report(boolean print, String what) {
    if (print) {
      double used = keyspace.memory().usedBytes() / (double) keys;
      double committed = keyspace.memory().committedBytes() / (double) keys;
      System.out.printf("%-32s %7.1f bytes per key used, %.1f committed%n", what, used, committed);
    }
  }
}
