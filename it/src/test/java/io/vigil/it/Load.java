package io.vigil.it;

import java.io.IOException;
import java.util.Random;

/** A client that goes on writing strings of many kinds until it is closed. */
final class Load implements AutoCloseable {
  private static final int KEYS = 5_000;

  private final Client client;
  private final Thread thread;
  private volatile boolean ended;
  private volatile IOException failure;
  private volatile long writes;

  Load(DataNode node, long seed) throws IOException {
    client = new Client(node.port());
    thread = new Thread(() -> write(new Random(seed)), "load");
    thread.start();
  }

  private void write(Random random) {
    try {
      while (!ended) {
        for (int i = 0; i < 20; i++) {
          send(random);
        }
        for (int i = 0; i < 20; i++) {
          client.receive();
        }
        writes += 20;
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void send(Random random) throws IOException {
    String key = "key:" + random.nextInt(KEYS);
    switch (random.nextInt(8)) {
      case 0 -> client.send("SET", key, "x".repeat(random.nextInt(2000)));
      case 1 -> client.send("SET", key, Integer.toString(random.nextInt()));
      case 2 -> client.send("SET", key, "v" + random.nextLong(), "PX", "100000");
      case 3 -> client.send("APPEND", key, "tail" + random.nextInt());
      case 4 -> client.send("DEL", key);
      case 5 -> client.send("SETRANGE", key, Integer.toString(random.nextInt(300)), "range");
      case 6 -> client.send("MSET", key, "a", "other:" + random.nextInt(KEYS), "b");
      default -> client.send("PEXPIRE", key, Integer.toString(1 + random.nextInt(400)));
    }
  }

  long writes() {
    return writes;
  }

  @Override
  public void close() throws IOException {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    client.close();
    if (failure != null) {
      throw failure;
    }
  }
}
