package io.vigil.cli;

import static io.vigil.cli.ReplyFormat.text;

import io.vigil.cli.client.Reply;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Comma-separated values, strings quoted, nested aggregates flattened. */
final class CsvFormat implements ReplyFormat {

  @Override
  public void append(ByteArrayOutputStream out, Reply reply) {
    value(out, reply);
    out.write('\n');
  }

  private static void value(ByteArrayOutputStream out, Reply reply) {
    switch (reply) {
      case Reply.Failure failure -> {
        text(out, "ERROR,");
        Quoting.quote(out, failure.bytes());
      }
      case Reply.Status status -> Quoting.quote(out, status.bytes());
      case Reply.Bulk bulk -> Quoting.quote(out, bulk.bytes());
      case Reply.Verbatim verbatim -> Quoting.quote(out, verbatim.bytes());
      case Reply.Int number -> text(out, Long.toString(number.value()));
      case Reply.Decimal decimal -> out.writeBytes(decimal.digits());
      case Reply.BigNumber number -> out.writeBytes(number.digits());
      case Reply.Nil ignored -> text(out, "NULL");
      case Reply.Bool truth -> text(out, Boolean.toString(truth.value()));
      case Reply.Array array -> list(out, array.elements());
      case Reply.Members set -> list(out, set.elements());
      case Reply.Push push -> list(out, push.elements());
      case Reply.Pairs map -> list(out, map.keysAndValues());
    }
  }

  private static void list(ByteArrayOutputStream out, List<Reply> elements) {
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      value(out, elements.get(i));
    }
  }
}
