package io.vigil.core.resp;

import io.vigil.core.base.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads replies, RESP2 or RESP3, from bytes as they come in: the other side of {@link ReplyWriter},
 * for outgoing links, the command line and tests.
 *
 * <p>Aggregates under way lie on a stack, so bytes are looked at once; nothing is allocated on the
 * word of a length. Attributes are read and dropped.
 */
public final class ReplyReader {
  /** Aggregates in aggregates; deeper ones are an error. */
  public static final int MAX_DEPTH = 512;

  private static final int MAX_LINE = 64 * 1024;
  private static final byte[] NO_BYTES = {};

  private final ArrayDeque<Frame> stack = new ArrayDeque<>();
  private final long maxBulkBytes;
  private byte[] buffer = NO_BYTES;
  private int start;
  private int end;
  private int scanned;

  /** The mark and length of a string whose bytes are still to come; -1 when none is. */
  private int stringMark;

  private int stringLength = -1;

  /** The stream is no RESP. */
  public static final class MalformedReply extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedReply(String message) {
      super(message);
    }
  }

  /** An aggregate under way. */
  private static final class Frame {
    final byte mark;
    final List<Reply> elements = new ArrayList<>();
    long left;

    Frame(byte mark, long left) {
      this.mark = mark;
      this.left = left;
    }
  }

  public ReplyReader() {
    this(512L * 1024 * 1024);
  }

  /** A reader that refuses strings longer than {@code maxBulkBytes}. */
  public ReplyReader(long maxBulkBytes) {
    this.maxBulkBytes = Math.min(maxBulkBytes, Integer.MAX_VALUE - 2 * MAX_LINE);
  }

  /** Takes bytes; they are copied. */
  public void feed(byte[] bytes, int offset, int length) {
    if (buffer.length - end < length) {
      int kept = end - start;
      int needed = Math.addExact(kept, length);
      int capacity = (int) Math.min(Math.max(needed, 2L * kept), Integer.MAX_VALUE - 8);
      byte[] target = capacity <= buffer.length ? buffer : new byte[capacity];
      System.arraycopy(buffer, start, target, 0, kept);
      buffer = target;
      start = 0;
      end = kept;
    }
    System.arraycopy(bytes, offset, buffer, end, length);
    end += length;
  }

  /**
   * The next whole reply, or null when more bytes are needed.
   *
   * @throws MalformedReply when the bytes are no reply; the reader cannot be used any more
   */
  public Reply next() throws MalformedReply {
    while (true) {
      Reply reply = step();
      if (reply == null) {
        if (start == end) {
          start = 0;
          end = 0;
          buffer = buffer.length > MAX_LINE ? NO_BYTES : buffer;
        }
        return null;
      }
      if (reply != NOTHING && deliver(reply)) {
        return finished;
      }
    }
  }

  /** Stands for progress that completed no value. */
  private static final Reply NOTHING = new Reply.Nil();

  private Reply finished;

  /** Puts a value into the aggregate it belongs to; true when that leaves a whole reply. */
  private boolean deliver(Reply value) {
    Reply current = value;
    while (current != null) {
      Frame frame = stack.peek();
      if (frame == null) {
        finished = current;
        return true;
      }
      frame.elements.add(current);
      current = null;
      if (--frame.left == 0) {
        stack.pop();
        current = complete(frame);
      }
    }
    return false;
  }

  /** The reply that a full frame makes, or null for attributes. */
  private static Reply complete(Frame frame) {
    return switch (frame.mark) {
      case '*' -> new Reply.Array(frame.elements);
      case '~' -> new Reply.SetReply(frame.elements);
      case '>' -> new Reply.PushReply(frame.elements);
      case '%' -> {
        List<Reply> keys = new ArrayList<>(frame.elements.size() / 2);
        List<Reply> values = new ArrayList<>(frame.elements.size() / 2);
        for (int i = 0; i < frame.elements.size(); i += 2) {
          keys.add(frame.elements.get(i));
          values.add(frame.elements.get(i + 1));
        }
        yield new Reply.MapReply(keys, values);
      }
      default -> null;
    };
  }

  /** Reads one line or string; null when there is not enough. */
  private Reply step() throws MalformedReply {
    if (stringLength >= 0) {
      return string();
    }
    int lineEnd = lineEnd();
    if (lineEnd < 0) {
      return null;
    }
    byte mark = buffer[start];
    String text = new String(buffer, start + 1, lineEnd - start - 1, StandardCharsets.ISO_8859_1);
    start = lineEnd + 2;
    return switch (mark) {
      case '+' -> new Reply.Simple(text);
      case '-' -> new Reply.Failure(text);
      case ':' -> new Reply.Int(number(mark, text));
      case '_' -> new Reply.Nil();
      case '#' -> bool(text);
      case ',' -> new Reply.Double(doubleValue(text), text);
      case '(' -> new Reply.Big(text);
      case '$', '=', '!' -> startString(mark, number(mark, text));
      case '*', '%', '~', '>', '|' -> startAggregate(mark, number(mark, text));
      default -> throw malformed("unknown type '" + (char) (mark & 0xff) + "'", text);
    };
  }

  private int lineEnd() throws MalformedReply {
    for (int i = start + scanned; i < end; i++) {
      if (buffer[i] == '\n' && i > start && buffer[i - 1] == '\r') {
        scanned = 0;
        return i - 1;
      }
    }
    scanned = Math.max(0, end - start - 1);
    if (end - start > MAX_LINE) {
      throw new MalformedReply("a line of more than " + MAX_LINE + " bytes");
    }
    return -1;
  }

  private static MalformedReply malformed(String what, String line) {
    String shown = line.length() > 64 ? line.substring(0, 64) + "..." : line;
    return new MalformedReply(what + " in reply: " + io.vigil.core.base.Quote.of(shown));
  }

  private static long number(byte mark, String text) throws MalformedReply {
    OptionalLong value = Numbers.parseLong(text);
    if (value.isEmpty()) {
      throw malformed("no number after '" + (char) mark + "'", text);
    }
    return value.getAsLong();
  }

  private static double doubleValue(String text) throws MalformedReply {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    double value = Numbers.parseDouble(bytes, 0, bytes.length);
    if (Double.isNaN(value) && !text.endsWith("nan")) {
      throw malformed("no number after ','", text);
    }
    return value;
  }

  private static Reply bool(String text) throws MalformedReply {
    return switch (text) {
      case "t" -> new Reply.Bool(true);
      case "f" -> new Reply.Bool(false);
      default -> throw malformed("no truth value after '#'", text);
    };
  }

  private Reply startString(byte mark, long length) throws MalformedReply {
    if (length == -1 && mark == '$') {
      return new Reply.Nil();
    }
    if (length < 0 || length > maxBulkBytes) {
      throw malformed("string length out of range", Long.toString(length));
    }
    stringMark = mark;
    stringLength = (int) length;
    return NOTHING;
  }

  private Reply string() throws MalformedReply {
    if (end - start < stringLength + 2) {
      return null;
    }
    if (buffer[start + stringLength] != '\r' || buffer[start + stringLength + 1] != '\n') {
      throw malformed("string does not end where its length says", "");
    }
    byte[] bytes = Arrays.copyOfRange(buffer, start, start + stringLength);
    start += stringLength + 2;
    stringLength = -1;
    if (stringMark == '$') {
      return new Reply.Bulk(bytes);
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (stringMark == '!') {
      return new Reply.Failure(text);
    }
    if (text.length() < 4 || text.charAt(3) != ':') {
      throw malformed("no format in verbatim string", text);
    }
    return new Reply.Verbatim(text.substring(0, 3), text.substring(4));
  }

  private Reply startAggregate(byte mark, long length) throws MalformedReply {
    if (length == -1 && mark == '*') {
      return new Reply.Nil();
    }
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw malformed("aggregate length out of range", Long.toString(length));
    }
    if (stack.size() >= MAX_DEPTH) {
      throw malformed("more than " + MAX_DEPTH + " aggregates in each other", "");
    }
    Frame frame = new Frame(mark, mark == '%' || mark == '|' ? 2 * length : length);
    if (length == 0) {
      Reply empty = complete(frame);
      return empty == null ? NOTHING : empty;
    }
    stack.push(frame);
    return NOTHING;
  }

  /** Takes the bytes that belong to no reply read so far: what follows is not RESP. */
  public byte[] takeRemaining() {
    byte[] rest = Arrays.copyOfRange(buffer, start, end);
    start = 0;
    end = 0;
    scanned = 0;
    return rest;
  }
}
