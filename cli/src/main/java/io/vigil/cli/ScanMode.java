package io.vigil.cli;

import io.vigil.cli.client.RedisConnection;
import io.vigil.cli.client.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code --scan}: every key of the database, one a line, by SCAN. */
final class ScanMode {
  private final CliOptions options;
  private final RedisConnection connection;
  private final OutputStream out;

  ScanMode(CliOptions options, RedisConnection connection, OutputStream out) {
    this.options = options;
    this.connection = connection;
    this.out = out;
  }

  int run() throws IOException {
    String cursor = "0";
    do {
      List<Reply> page = page(cursor);
      cursor = page.getFirst().text();
      for (Reply key : page.get(1).elements()) {
        show(key);
      }
      out.flush();
      pause();
    } while (!cursor.equals("0"));
    return 0;
  }

  private List<Reply> page(String cursor) throws IOException {
    List<byte[]> command = new ArrayList<>(4);
    command.add("SCAN".getBytes(StandardCharsets.US_ASCII));
    command.add(cursor.getBytes(StandardCharsets.US_ASCII));
    if (options.pattern != null) {
      command.add("MATCH".getBytes(StandardCharsets.US_ASCII));
      command.add(options.pattern);
    }
    return switch (connection.call(command)) {
      case Reply.Failure failure -> throw new CliExit(1, "SCAN error: " + failure.text());
      case Reply.Array array when array.elements().size() == 2 -> array.elements();
      case Reply.Array ignored -> throw new CliExit(1, "Invalid element count from SCAN!");
      default -> throw new CliExit(1, "Non ARRAY response from SCAN!");
    };
  }

  private void show(Reply key) throws IOException {
    if (key instanceof Reply.Bulk bulk) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      if (options.output == CliOptions.Output.STANDARD) {
        Quoting.quote(line, bulk.bytes());
      } else {
        line.writeBytes(bulk.bytes());
      }
      line.write('\n');
      line.writeTo(out);
    } else {
      throw new CliExit(1, "SCAN returned a key that is no string");
    }
  }

  private void pause() {
    if (options.intervalMs > 0) {
      try {
        Thread.sleep(options.intervalMs);
      } catch (InterruptedException e) {
        throw new CliExit(1, null);
      }
    }
  }
}
