package io.vigil.core.replication;

import io.vigil.core.base.Arguments;
import io.vigil.core.resp.RequestParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Takes the commands that clients sent out of a piece of the replication stream. */
final class TailCommands {
  private TailCommands() {}

  /**
   * The commands that begin at or after {@code skipped} bytes, as clients send them; nothing when
   * none of them changes data.
   *
   * @param bytes the stream from the beginning of a command on
   * @param database the one selected there; negative when the stream says it itself
   */
  static byte[] of(byte[] bytes, long skipped, int database) {
    RequestParser parser = new RequestParser();
    parser.fromPrimary(true);
    parser.feed(bytes, 0, bytes.length);
    Arguments words = new Arguments();
    ByteArrayOutputStream commands = new ByteArrayOutputStream();
    int selected = database;
    boolean changes = false;
    while (parser.next(words) == RequestParser.Outcome.COMMAND) {
      int at = parser.commandOffset();
      if (words.is(0, "SELECT")) {
        selected = Integer.parseInt(words.text(1));
      }
      if (at < skipped || words.is(0, "PING") || words.is(0, "REPLCONF")) {
        continue;
      }
      if (commands.size() == 0 && selected >= 0 && !words.is(0, "SELECT")) {
        String number = Integer.toString(selected);
        String select = "*2\r\n$6\r\nSELECT\r\n$" + number.length() + "\r\n" + number + "\r\n";
        commands.writeBytes(select.getBytes(StandardCharsets.ISO_8859_1));
      }
      changes |= !words.is(0, "SELECT") && !words.is(0, "MULTI") && !words.is(0, "EXEC");
      commands.write(bytes, at, parser.commandLength());
    }
    return changes ? commands.toByteArray() : new byte[0];
  }
}
