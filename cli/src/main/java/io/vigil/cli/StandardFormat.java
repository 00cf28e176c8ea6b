package io.vigil.cli;

import static io.vigil.cli.ReplyFormat.text;

import io.vigil.cli.client.Reply;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * The format for people: types in brackets, strings quoted, elements numbered and indented under
 * their number. It ends in a newline by itself.
 */
final class StandardFormat implements ReplyFormat {

  @Override
  public void append(ByteArrayOutputStream out, Reply reply) {
    append(out, reply, "");
  }

  private static void append(ByteArrayOutputStream out, Reply reply, String indent) {
    switch (reply) {
      case Reply.Failure failure -> line(out, "(error) ", failure.bytes());
      case Reply.Status status -> line(out, "", status.bytes());
      case Reply.Int number -> text(out, "(integer) " + number.value() + "\n");
      case Reply.Decimal decimal -> line(out, "(double) ", decimal.digits());
      case Reply.BigNumber number -> line(out, "(big number) ", number.digits());
      case Reply.Verbatim verbatim -> line(out, "", verbatim.bytes());
      case Reply.Nil ignored -> text(out, "(nil)\n");
      case Reply.Bool truth -> text(out, truth.value() ? "(true)\n" : "(false)\n");
      case Reply.Bulk bulk -> {
        Quoting.quote(out, bulk.bytes());
        out.write('\n');
      }
      case Reply.Array array -> list(out, array.elements(), ')', "(empty array)\n", indent);
      case Reply.Push push -> list(out, push.elements(), ')', "(empty push)\n", indent);
      case Reply.Members set -> list(out, set.elements(), '~', "(empty set)\n", indent);
      case Reply.Pairs map -> pairs(out, map.keysAndValues(), indent);
    }
  }

  private static void line(ByteArrayOutputStream out, String prefix, byte[] bytes) {
    text(out, prefix);
    out.writeBytes(bytes);
    out.write('\n');
  }

  private static void list(
      ByteArrayOutputStream out, List<Reply> elements, char mark, String empty, String indent) {
    if (elements.isEmpty()) {
      text(out, empty);
      return;
    }
    int width = Integer.toString(elements.size()).length();
    String inner = indent + " ".repeat(width + 2);
    for (int i = 0; i < elements.size(); i++) {
      // The first element stands on the line on which the parent has already put its number.
      number(out, i == 0 ? "" : indent, i + 1, width, mark);
      append(out, elements.get(i), inner);
    }
  }

  private static void pairs(ByteArrayOutputStream out, List<Reply> keysAndValues, String indent) {
    if (keysAndValues.isEmpty()) {
      text(out, "(empty hash)\n");
      return;
    }
    int width = Integer.toString(keysAndValues.size() / 2).length();
    String inner = indent + " ".repeat(width + 2);
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      number(out, i == 0 ? "" : indent, i / 2 + 1, width, '#');
      key.reset();
      append(key, keysAndValues.get(i), inner);
      out.write(key.toByteArray(), 0, key.size() - 1);
      text(out, " => ");
      Reply value = keysAndValues.get(i + 1);
      if (takesSeveralLines(value)) {
        text(out, "\n" + inner);
      }
      append(out, value, inner);
    }
  }

  private static void number(
      ByteArrayOutputStream out, String indent, int number, int width, char mark) {
    String digits = Integer.toString(number);
    text(out, indent + " ".repeat(width - digits.length()) + digits + mark + " ");
  }

  private static boolean takesSeveralLines(Reply reply) {
    return switch (reply) {
      case Reply.Array array -> severalOrNested(array.elements());
      case Reply.Members set -> severalOrNested(set.elements());
      case Reply.Push push -> severalOrNested(push.elements());
      case Reply.Pairs map -> {
        List<Reply> all = map.keysAndValues();
        yield all.size() > 2 || (!all.isEmpty() && takesSeveralLines(all.get(1)));
      }
      default -> false;
    };
  }

  private static boolean severalOrNested(List<Reply> elements) {
    return elements.size() > 1 || (!elements.isEmpty() && takesSeveralLines(elements.getFirst()));
  }
}
