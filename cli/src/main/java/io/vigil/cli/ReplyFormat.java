package io.vigil.cli;

import io.vigil.cli.client.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One way to show a reply, delimiter after it included. Formats are stateless but for their
 * delimiters.
 */
interface ReplyFormat {

  /** Appends the reply as the user is to see it. */
  void append(ByteArrayOutputStream out, Reply reply);

  /** Appends ASCII or UTF-8 text. */
  static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
