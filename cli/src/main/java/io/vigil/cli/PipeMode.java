package io.vigil.cli;

import io.vigil.cli.client.RedisConnection;
import io.vigil.cli.client.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code --pipe}: commands in the wire format from standard input to the server as fast as it takes
 * them, replies counted meanwhile. An ECHO of random bytes after the last one tells when all have
 * been answered.
 */
final class PipeMode {
  private static final int MARK_BYTES = 20;

  private final CliOptions options;
  private final RedisConnection connection;
  private final InputStream in;
  private final OutputStream out;
  private final PrintStream err;
  private final byte[] mark = new byte[MARK_BYTES];
  private final AtomicLong lastReplyNanos = new AtomicLong();
  private volatile boolean allSent;
  private volatile boolean answered;
  private volatile boolean broken;
  private long replies;
  private long errors;

  PipeMode(
      CliOptions options,
      RedisConnection connection,
      InputStream in,
      OutputStream out,
      PrintStream err) {
    this.options = options;
    this.connection = connection;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  int run() throws IOException {
    new SecureRandom().nextBytes(mark);
    Thread reader = Thread.ofPlatform().daemon().start(this::readReplies);
    send();
    awaitLastReply(reader);
    if (broken) {
      return 1;
    }
    print("errors: " + errors + ", replies: " + replies + "\n");
    return errors > 0 ? 1 : 0;
  }

  private void send() throws IOException {
    byte[] block = new byte[16 * 1024];
    for (int n = in.read(block); n > 0; n = in.read(block)) {
      connection.sendRaw(block, 0, n);
    }
    // The empty line in front keeps the ECHO whole should the input end in the middle of garbage.
    byte[] header = "\r\n*2\r\n$4\r\nECHO\r\n$20\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] echo = Arrays.copyOf(header, header.length + MARK_BYTES + 2);
    System.arraycopy(mark, 0, echo, header.length, MARK_BYTES);
    echo[echo.length - 2] = '\r';
    echo[echo.length - 1] = '\n';
    lastReplyNanos.set(System.nanoTime());
    allSent = true;
    print("All data transferred. Waiting for the last reply...\n");
    connection.sendRaw(echo, 0, echo.length);
  }

  private void readReplies() {
    try {
      while (true) {
        Reply reply = connection.read();
        lastReplyNanos.set(System.nanoTime());
        if (allSent && reply instanceof Reply.Bulk bulk && Arrays.equals(bulk.bytes(), mark)) {
          print("Last reply received from server.\n");
          answered = true;
          return;
        }
        replies++;
        if (reply instanceof Reply.Failure failure) {
          err.println(failure.text());
          errors++;
        }
      }
    } catch (IOException e) {
      if (!answered) {
        broken = true;
        err.println("Error reading replies from server");
      }
    }
  }

  private void awaitLastReply(Thread reader) throws IOException {
    long limitNanos = TimeUnit.SECONDS.toNanos(options.pipeTimeoutSeconds);
    try {
      while (!reader.join(java.time.Duration.ofMillis(100))) {
        if (limitNanos > 0 && System.nanoTime() - lastReplyNanos.get() > limitNanos) {
          err.println("No replies for " + options.pipeTimeoutSeconds + " seconds: exiting.");
          answered = true;
          connection.close();
          reader.join();
          errors++;
          return;
        }
      }
    } catch (InterruptedException e) {
      throw new CliExit(1, null);
    }
  }

  private synchronized void print(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
