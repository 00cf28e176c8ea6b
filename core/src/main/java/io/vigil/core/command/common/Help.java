package io.vigil.core.command.common;

import io.vigil.core.resp.ReplyWriter;
import java.util.List;
import java.util.Locale;

/** The answer to HELP of a container command. */
public final class Help {
  private Help() {}

  /** Answers with {@code lines} between the head and the foot that all containers share. */
  public static void reply(Invocation in, List<String> lines) {
    ReplyWriter reply = in.reply();
    reply.array(lines.size() + 3);
    reply.simple(
        in.text(0).toUpperCase(Locale.ROOT)
            + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    for (String line : lines) {
      reply.simple(line);
    }
    reply.simple("HELP");
    reply.simple("    Prints this help.");
  }
}
