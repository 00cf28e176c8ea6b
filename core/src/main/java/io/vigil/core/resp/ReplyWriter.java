package io.vigil.core.resp;

import io.vigil.core.base.Ascii;
import io.vigil.core.base.Numbers;
import io.vigil.core.base.OutputBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes replies in the protocol version that a client speaks, RESP2 or RESP3, into an {@link
 * OutputBuffer}. Where RESP2 lacks a type it writes what Redis does: maps and sets as arrays,
 * doubles as bulk strings, booleans as integers.
 *
 * <p>Text parameters hold one byte per character (ISO 8859-1), which is how {@code Arguments.text}
 * makes them. One thread at a time.
 */
public final class ReplyWriter {
  private static final byte[] OK = Ascii.bytes("+OK\r\n");
  private static final byte[] NULL_BULK = Ascii.bytes("$-1\r\n");
  private static final byte[] NULL_ARRAY = Ascii.bytes("*-1\r\n");
  private static final byte[] NULL = Ascii.bytes("_\r\n");
  private static final byte[] TRUE = Ascii.bytes("#t\r\n");
  private static final byte[] FALSE = Ascii.bytes("#f\r\n");

  /** Longest header: mark, digits, CR LF. */
  private static final int HEADER_BYTES = 24;

  /** Strings up to this length are placed beside their header with one bounds check. */
  private static final int SHORT_BULK = 1024;

  private OutputBuffer output;
  private int protocol = 2;
  private long errors;
  private ErrorListener listener = code -> {};

  /** Is told of each error written: feeds {@code errorstats}. */
  @FunctionalInterface
  public interface ErrorListener {
    /** {@code code} is the first word of the error, such as {@code ERR} or {@code WRONGTYPE}. */
    void errorWritten(String code);
  }

  /** An aggregate whose length is given once its elements have been written. */
  public static final class Deferred {
    private final OutputBuffer buffer;
    private final OutputBuffer.Gap gap;

    private Deferred(OutputBuffer buffer) {
      this.buffer = buffer;
      this.gap = buffer.gap();
    }
  }

  public ReplyWriter(OutputBuffer output) {
    this.output = output;
  }

  /** Where replies go. */
  public OutputBuffer output() {
    return output;
  }

  /** Sends what follows elsewhere, for instance to {@link OutputBuffer#discarding}. */
  public void output(OutputBuffer target) {
    output = target;
  }

  public int protocol() {
    return protocol;
  }

  /** Sets the version, 2 or 3. */
  public void protocol(int version) {
    if (version != 2 && version != 3) {
      throw new IllegalArgumentException("RESP version " + version + " is neither 2 nor 3");
    }
    protocol = version;
  }

  public void onError(ErrorListener errorListener) {
    listener = errorListener;
  }

  /** Errors written so far, also those that were discarded. */
  public long errors() {
    return errors;
  }

  // ---- simple values

  public void ok() {
    output.write(OK);
  }

  /** A status line; must not hold CR or LF. */
  public void simple(String text) {
    line('+', text);
  }

  /**
   * An error: {@code text} starts with its code ({@code ERR ...}), without the leading minus. CR
   * and LF at its end are dropped, elsewhere they become spaces.
   */
  public void error(String text) {
    int length = text.length();
    while (length > 0 && isLineBreak(text.charAt(length - 1))) {
      length--;
    }
    String clean = text.substring(0, length).replace('\r', ' ').replace('\n', ' ');
    errors++;
    int space = clean.indexOf(' ');
    // Redis looks for the code within 32 bytes, the minus included.
    listener.errorWritten(space > 0 && space < 31 ? clean.substring(0, space) : "ERR");
    line('-', clean);
  }

  private static boolean isLineBreak(char c) {
    return c == '\r' || c == '\n';
  }

  private void line(char mark, String text) {
    int length = text.length();
    if (length > OutputBuffer.BLOCK_BYTES - HEADER_BYTES) {
      output.write((byte) mark);
      output.write(text.getBytes(StandardCharsets.ISO_8859_1));
      crlf();
      return;
    }
    byte[] array = output.reserve(length + 3);
    int at = output.tailPosition();
    array[at++] = (byte) mark;
    at = copy(text, array, at);
    output.advanceTo(end(array, at));
  }

  private static int copy(String text, byte[] array, int at) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      array[at + i] = (byte) text.charAt(i);
    }
    return at + length;
  }

  private static int end(byte[] array, int at) {
    array[at] = '\r';
    array[at + 1] = '\n';
    return at + 2;
  }

  public void integer(long value) {
    header(':', value);
  }

  private void header(char mark, long value) {
    byte[] array = output.reserve(HEADER_BYTES);
    output.advanceTo(header(mark, value, array, output.tailPosition()));
  }

  private static int header(char mark, long value, byte[] array, int from) {
    int at = from;
    array[at++] = (byte) mark;
    if (value >= 0 && value < 10) {
      array[at++] = (byte) ('0' + value);
    } else {
      at = Numbers.writeLong(value, array, at);
    }
    return end(array, at);
  }

  // ---- strings

  public void bulk(byte[] source, int offset, int length) {
    if (length > SHORT_BULK) {
      bulkHeader(length);
      output.write(source, offset, length);
      crlf();
      return;
    }
    byte[] array = output.reserve(length + HEADER_BYTES + 2);
    int at = header('$', length, array, output.tailPosition());
    System.arraycopy(source, offset, array, at, length);
    output.advanceTo(end(array, at + length));
  }

  public void bulk(byte[] source) {
    bulk(source, 0, source.length);
  }

  public void bulk(String text) {
    if (text.length() > SHORT_BULK) {
      bulk(text.getBytes(StandardCharsets.ISO_8859_1));
      return;
    }
    byte[] array = output.reserve(text.length() + HEADER_BYTES + 2);
    int at = header('$', text.length(), array, output.tailPosition());
    output.advanceTo(end(array, copy(text, array, at)));
  }

  /** An integer as a bulk string. */
  public void bulkInteger(long value) {
    byte[] array = output.reserve(2 * HEADER_BYTES);
    int at = header('$', Numbers.longLength(value), array, output.tailPosition());
    output.advanceTo(end(array, Numbers.writeLong(value, array, at)));
  }

  /** Starts a bulk string: {@code length} bytes must follow by {@link #raw}, then {@link #crlf}. */
  public void bulkHeader(long length) {
    header('$', length);
  }

  public void crlf() {
    byte[] array = output.reserve(2);
    output.advanceTo(end(array, output.tailPosition()));
  }

  /** Bytes as they are. */
  public void raw(byte[] source, int offset, int length) {
    output.write(source, offset, length);
  }

  public void raw(byte[] source) {
    output.write(source, 0, source.length);
  }

  /** Text with a hint of its format, a word of three letters such as {@code txt}. */
  public void verbatim(String format, String text) {
    if (protocol == 2) {
      bulk(text);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    header('=', bytes.length + 4L);
    output.write(Ascii.bytes(format.substring(0, 3) + ":"));
    output.write(bytes);
    crlf();
  }

  // ---- nothing

  /** No string. */
  public void nullBulk() {
    output.write(protocol == 2 ? NULL_BULK : NULL);
  }

  /** No array. */
  public void nullArray() {
    output.write(protocol == 2 ? NULL_ARRAY : NULL);
  }

  /** Nothing, where neither a string nor an array is expected. */
  public void nil() {
    nullBulk();
  }

  // ---- numbers and truth

  public void bool(boolean value) {
    if (protocol == 2) {
      integer(value ? 1 : 0);
    } else {
      output.write(value ? TRUE : FALSE);
    }
  }

  public void doubleValue(double value) {
    doubleText(Numbers.doubleText(value));
  }

  /** A number of type double that has been printed already. */
  public void doubleText(String text) {
    if (protocol == 2) {
      bulk(text);
    } else {
      line(',', text);
    }
  }

  /** An integer of any size in decimal. */
  public void bigNumber(String digits) {
    if (protocol == 2) {
      bulk(digits);
    } else {
      line('(', digits);
    }
  }

  // ---- aggregates

  public void array(long elements) {
    header('*', elements);
  }

  public void emptyArray() {
    array(0);
  }

  /** {@code pairs} keys and values follow. */
  public void map(long pairs) {
    if (protocol == 2) {
      header('*', 2 * pairs);
    } else {
      header('%', pairs);
    }
  }

  public void set(long elements) {
    header(protocol == 2 ? '*' : '~', elements);
  }

  public void push(long elements) {
    header(protocol == 2 ? '*' : '>', elements);
  }

  /** {@code pairs} of attributes follow, then the reply they belong to; RESP3 only. */
  public void attribute(long pairs) {
    if (protocol == 2) {
      throw new IllegalStateException("RESP2 has no attributes");
    }
    header('|', pairs);
  }

  /** Starts an aggregate of a length not known yet; one of the {@code set...} methods ends it. */
  public Deferred deferred() {
    return new Deferred(output);
  }

  public void setArray(Deferred deferred, long elements) {
    fill(deferred, '*', elements);
  }

  public void setMap(Deferred deferred, long pairs) {
    fill(deferred, protocol == 2 ? '*' : '%', protocol == 2 ? 2 * pairs : pairs);
  }

  public void setSet(Deferred deferred, long elements) {
    fill(deferred, protocol == 2 ? '*' : '~', elements);
  }

  public void setPush(Deferred deferred, long elements) {
    fill(deferred, protocol == 2 ? '*' : '>', elements);
  }

  private static void fill(Deferred deferred, char mark, long length) {
    byte[] bytes = new byte[HEADER_BYTES];
    int end = header(mark, length, bytes, 0);
    deferred.buffer.fill(deferred.gap, java.util.Arrays.copyOf(bytes, end));
  }
}
