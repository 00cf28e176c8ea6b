package io.vigil.cli.up;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Copies what a process prints to the end of its log, and hands on each line. Ends when the process
 * has. A log that cannot be written is told once and read on: the process must never wait for its
 * output to be taken.
 */
final class LogPump implements Runnable {
  private final InputStream output;
  private final Path log;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LogPump(InputStream output, Path log, Consumer<String> lines) {
    this.output = output;
    this.log = log;
    this.lines = lines;
  }

  @Override
  public void run() {
    OutputStream file = open();
    byte[] block = new byte[8192];
    try (InputStream in = output) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        file = write(file, block, n);
        handOn(block, n);
      }
      file.close();
    } catch (IOException e) {
      lines.accept("cannot read what it prints: " + e.getMessage());
    }
  }

  private OutputStream open() {
    try {
      return Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      return withoutLog(e);
    }
  }

  private OutputStream write(OutputStream file, byte[] block, int count) {
    try {
      file.write(block, 0, count);
      return file;
    } catch (IOException e) {
      return withoutLog(e);
    }
  }

  private OutputStream withoutLog(IOException why) {
    lines.accept("cannot write " + log + ": " + why.getMessage());
    return OutputStream.nullOutputStream();
  }

  private void handOn(byte[] block, int count) {
    for (int i = 0; i < count; i++) {
      if (block[i] == '\n') {
        lines.accept(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(block[i]);
      }
    }
  }
}
