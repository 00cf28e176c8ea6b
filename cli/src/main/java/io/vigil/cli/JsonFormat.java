package io.vigil.cli;

import static io.vigil.cli.ReplyFormat.text;

import io.vigil.cli.client.Reply;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * JSON, one reply a line. Strings keep their bytes (so they are UTF-8 if the data are); with {@code
 * asciiOnly} what is not printable ASCII becomes an escape, its backslash doubled.
 */
record JsonFormat(boolean asciiOnly) implements ReplyFormat {

  @Override
  public void append(ByteArrayOutputStream out, Reply reply) {
    value(out, reply);
    out.write('\n');
  }

  private void value(ByteArrayOutputStream out, Reply reply) {
    switch (reply) {
      case Reply.Failure failure -> {
        text(out, "error:");
        string(out, failure.bytes());
      }
      case Reply.Status status -> string(out, status.bytes());
      case Reply.Bulk bulk -> string(out, bulk.bytes());
      case Reply.Verbatim verbatim -> string(out, verbatim.bytes());
      case Reply.Int number -> text(out, Long.toString(number.value()));
      case Reply.Decimal decimal -> out.writeBytes(decimal.digits());
      case Reply.BigNumber number -> out.writeBytes(number.digits());
      case Reply.Nil ignored -> text(out, "null");
      case Reply.Bool truth -> text(out, Boolean.toString(truth.value()));
      case Reply.Array array -> list(out, array.elements());
      case Reply.Members set -> list(out, set.elements());
      case Reply.Push push -> list(out, push.elements());
      case Reply.Pairs map -> object(out, map.keysAndValues());
    }
  }

  private void list(ByteArrayOutputStream out, List<Reply> elements) {
    out.write('[');
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      value(out, elements.get(i));
    }
    out.write(']');
  }

  private void object(ByteArrayOutputStream out, List<Reply> keysAndValues) {
    out.write('{');
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      if (i > 0) {
        out.write(',');
      }
      key(out, keysAndValues.get(i));
      out.write(':');
      value(out, keysAndValues.get(i + 1));
    }
    out.write('}');
  }

  /** A key of RESP3 may be of any type, one of JSON only a string. */
  private void key(ByteArrayOutputStream out, Reply key) {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    value(shown, key);
    boolean isString = shown.size() > 0 && shown.toByteArray()[0] == '"';
    if (!isString) {
      out.write('"');
    }
    out.writeBytes(shown.toByteArray());
    if (!isString) {
      out.write('"');
    }
  }

  private void string(ByteArrayOutputStream out, byte[] bytes) {
    if (asciiOnly) {
      ByteArrayOutputStream quoted = new ByteArrayOutputStream();
      Quoting.quote(quoted, bytes);
      for (byte b : quoted.toByteArray()) {
        if (b == '\\') {
          out.write('\\');
        }
        out.write(b);
      }
      return;
    }
    out.write('"');
    for (byte b : bytes) {
      switch (b) {
        case '\\', '"' -> {
          out.write('\\');
          out.write(b);
        }
        case '\n' -> text(out, "\\n");
        case '\f' -> text(out, "\\f");
        case '\r' -> text(out, "\\r");
        case '\t' -> text(out, "\\t");
        case '\b' -> text(out, "\\b");
        default -> {
          if (b >= 0 && b < ' ') {
            text(out, "\\u00" + (b < 0x10 ? "0" : "") + Integer.toHexString(b));
          } else {
            out.write(b);
          }
        }
      }
    }
    out.write('"');
  }
}
