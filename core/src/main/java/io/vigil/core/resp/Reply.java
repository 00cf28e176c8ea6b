package io.vigil.core.resp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A reply as it was read from the wire. */
public sealed interface Reply {
  /** A status line. */
  record Simple(String text) implements Reply {}

  /** An error; {@code text} starts with its code. */
  record Failure(String text) implements Reply {
    /** The first word of the error. */
    public String code() {
      int space = text.indexOf(' ');
      return space < 0 ? text : text.substring(0, space);
    }
  }

  /** An integer. */
  record Int(long value) implements Reply {}

  /** A string of bytes. */
  record Bulk(byte[] bytes) implements Reply {
    /** One character per byte. */
    public String text() {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bulk that && java.util.Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return java.util.Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Bulk[" + text() + "]";
    }
  }

  /** A list. */
  record Array(List<Reply> elements) implements Reply {}

  /** Keys and values, in order. */
  record MapReply(List<Reply> keys, List<Reply> values) implements Reply {}

  /** A set. */
  record SetReply(List<Reply> elements) implements Reply {}

  /** A message that answers no request. */
  record PushReply(List<Reply> elements) implements Reply {}

  /** Nothing: no string or no array. */
  record Nil() implements Reply {}

  /** A truth value. */
  record Bool(boolean value) implements Reply {}

  /** A double; {@code text} is as it was sent. */
  record Double(double value, String text) implements Reply {}

  /** An integer of any size in decimal. */
  record Big(String digits) implements Reply {}

  /** Text with a hint of its format. */
  record Verbatim(String format, String text) implements Reply {}

  /**
   * The reply as text where it is one line, a string or a number; an error for anything else.
   *
   * @throws IllegalStateException when the reply is an aggregate or nothing
   */
  default String asText() {
    return switch (this) {
      case Simple simple -> simple.text();
      case Failure failure -> failure.text();
      case Int integer -> Long.toString(integer.value());
      case Bulk bulk -> bulk.text();
      case Double number -> number.text();
      case Big big -> big.digits();
      case Verbatim verbatim -> verbatim.text();
      case Bool bool -> Boolean.toString(bool.value());
      case Array _, MapReply _, SetReply _, PushReply _, Nil _ ->
          throw new IllegalStateException("not a single text: " + this);
    };
  }
}
