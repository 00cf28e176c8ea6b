package io.vigil.cli.up;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Follows a growing log from its present end, line by line. Ends with its thread's interruption.
 */
final class LogTail implements Runnable {
  private static final int POLL_MS = 50;

  private final Member member;
  private final long start;
  private final Consumer<Event> events;

  LogTail(Member member, Consumer<Event> events) {
    this.member = member;
    this.start = member.log().toFile().length();
    this.events = events;
  }

  @Override
  public void run() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] block = new byte[8192];
    try {
      member.log().toFile().createNewFile();
      try (RandomAccessFile file = new RandomAccessFile(member.log().toFile(), "r")) {
        file.seek(start);
        while (!Thread.currentThread().isInterrupted()) {
          int n = file.read(block);
          for (int i = 0; i < n; i++) {
            if (block[i] == '\n') {
              events.accept(new Event.LogLine(member, line.toString(StandardCharsets.UTF_8)));
              line.reset();
            } else {
              line.write(block[i]);
            }
          }
          if (n <= 0) {
            Thread.sleep(POLL_MS);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      events.accept(new Event.LogLine(member, "cannot read the log: " + e));
    }
  }
}
