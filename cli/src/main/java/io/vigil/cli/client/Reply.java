package io.vigil.cli.client;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One reply of a server, in the types of RESP2 and RESP3. Bytes are kept as they came; nothing here
 * assumes a charset. Instances are immutable by convention: nobody changes the arrays and lists
 * they hold.
 */
public sealed interface Reply {

  /** A simple string such as {@code +OK}. */
  record Status(byte[] bytes) implements Reply {}

  /** An error, its code word included. */
  record Failure(byte[] bytes) implements Reply {}

  /** A 64-bit signed integer. */
  record Int(long value) implements Reply {}

  /** A bulk string. */
  record Bulk(byte[] bytes) implements Reply {}

  /** The null of RESP3, and the null bulk string and null array of RESP2. */
  record Nil() implements Reply {}

  /** A double (RESP3), in the server's own digits. */
  record Decimal(byte[] digits) implements Reply {}

  /** A boolean (RESP3). */
  record Bool(boolean value) implements Reply {}

  /** A number beyond 64 bits (RESP3), in decimal digits. */
  record BigNumber(byte[] digits) implements Reply {}

  /** A bulk string for human eyes (RESP3), without its three-letter format. */
  record Verbatim(byte[] bytes) implements Reply {}

  /** A list of replies. */
  record Array(List<Reply> elements) implements Reply {}

  /** A set (RESP3), in the server's order. */
  record Members(List<Reply> elements) implements Reply {}

  /** Out-of-band data (RESP3): messages of channels, invalidations. */
  record Push(List<Reply> elements) implements Reply {}

  /** A map (RESP3): key, value, key, value, in the server's order. */
  record Pairs(List<Reply> keysAndValues) implements Reply {}

  /** The only null. */
  Nil NIL = new Nil();

  /**
   * The text of a string-like reply or the digits of a number; {@code null} for aggregates and
   * null.
   */
  default String text() {
    return switch (this) {
      case Status s -> utf8(s.bytes);
      case Failure f -> utf8(f.bytes);
      case Bulk b -> utf8(b.bytes);
      case Verbatim v -> utf8(v.bytes);
      case Decimal d -> utf8(d.digits);
      case BigNumber n -> utf8(n.digits);
      case Int i -> Long.toString(i.value);
      case Bool b -> Boolean.toString(b.value);
      case Nil ignored -> null;
      case Array ignored -> null;
      case Members ignored -> null;
      case Push ignored -> null;
      case Pairs ignored -> null;
    };
  }

  /**
   * The elements of an aggregate (of a map its keys and values in turn); empty for anything else.
   */
  default List<Reply> elements() {
    return switch (this) {
      case Array a -> a.elements;
      case Members m -> m.elements;
      case Push p -> p.elements;
      case Pairs p -> p.keysAndValues;
      default -> List.of();
    };
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
