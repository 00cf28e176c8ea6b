package io.vigil.cli;

import static io.vigil.cli.ReplyFormat.text;

import io.vigil.cli.client.Reply;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * The format for programs: the bytes as they are, elements apart by a delimiter.
 *
 * @param elementDelimiter stands between the elements of an aggregate
 * @param replyDelimiter stands after each reply
 */
record RawFormat(byte[] elementDelimiter, byte[] replyDelimiter) implements ReplyFormat {

  @Override
  public void append(ByteArrayOutputStream out, Reply reply) {
    appendBare(out, reply);
    out.writeBytes(replyDelimiter);
  }

  /** The reply without the delimiter after it. */
  void appendBare(ByteArrayOutputStream out, Reply reply) {
    switch (reply) {
      case Reply.Nil ignored -> {}
      case Reply.Failure failure -> {
        out.writeBytes(failure.bytes());
        out.write('\n');
      }
      case Reply.Status status -> out.writeBytes(status.bytes());
      case Reply.Bulk bulk -> out.writeBytes(bulk.bytes());
      case Reply.Verbatim verbatim -> out.writeBytes(verbatim.bytes());
      case Reply.Decimal decimal -> out.writeBytes(decimal.digits());
      case Reply.BigNumber number -> out.writeBytes(number.digits());
      case Reply.Bool truth -> text(out, truth.value() ? "(true)" : "(false)");
      case Reply.Int number -> text(out, Long.toString(number.value()));
      case Reply.Array array -> list(out, array.elements());
      case Reply.Members set -> list(out, set.elements());
      case Reply.Push push -> list(out, push.elements());
      case Reply.Pairs map -> pairs(out, map.keysAndValues());
    }
  }

  private void list(ByteArrayOutputStream out, List<Reply> elements) {
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        out.writeBytes(elementDelimiter);
      }
      appendBare(out, elements.get(i));
    }
  }

  private void pairs(ByteArrayOutputStream out, List<Reply> keysAndValues) {
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      if (i > 0) {
        out.writeBytes(elementDelimiter);
      }
      appendBare(out, keysAndValues.get(i));
      out.write(' ');
      appendBare(out, keysAndValues.get(i + 1));
    }
  }
}
