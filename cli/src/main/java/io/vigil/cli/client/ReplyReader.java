package io.vigil.cli.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads RESP2 and RESP3 replies from a blocking stream.
 *
 * <p>A length header is a promise, not a fact: buffers grow with the bytes that really arrive, so a
 * peer that claims a huge length and sends nothing costs nothing. Attributes (RESP3) are read and
 * dropped. Not thread-safe.
 */
public final class ReplyReader {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_LINE_BYTES = 64 * 1024;
  private static final int FIRST_CHUNK_BYTES = 16 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[16 * 1024];
  private int position;
  private int limit;

  public ReplyReader(InputStream in) {
    this.in = in;
  }

  /**
   * Waits for the next reply.
   *
   * @throws EOFException if the peer closed the connection
   * @throws ProtocolException if what came is not RESP
   */
  public Reply read() throws IOException {
    return read(0);
  }

  /** True if bytes of a further reply have already been received. */
  public boolean hasBufferedBytes() {
    return position < limit;
  }

  private Reply read(int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new ProtocolException("reply nested deeper than " + MAX_DEPTH + " levels");
    }
    int type = next();
    return switch (type) {
      case '+' -> new Reply.Status(line());
      case '-' -> new Reply.Failure(line());
      case ':' -> new Reply.Int(number());
      case '$' -> bulk();
      case '*' -> {
        long count = number();
        yield count < 0 ? Reply.NIL : new Reply.Array(elements(count, depth));
      }
      case '_' -> {
        line();
        yield Reply.NIL;
      }
      case ',' -> new Reply.Decimal(line());
      case '(' -> new Reply.BigNumber(line());
      case '#' -> truth();
      case '=' -> verbatim();
      case '!' -> new Reply.Failure(payload(number()));
      case '~' -> new Reply.Members(elements(number(), depth));
      case '>' -> new Reply.Push(elements(number(), depth));
      case '%' -> new Reply.Pairs(elements(doubled(number()), depth));
      case '|' -> {
        elements(doubled(number()), depth);
        yield read(depth);
      }
      default ->
          throw new ProtocolException(
              "Protocol error, got \"" + printable(type) + "\" as reply type byte");
    };
  }

  private Reply bulk() throws IOException {
    long length = number();
    return length < 0 ? Reply.NIL : new Reply.Bulk(payload(length));
  }

  private Reply truth() throws IOException {
    byte[] word = line();
    if (word.length != 1 || (word[0] != 't' && word[0] != 'f')) {
      throw new ProtocolException("Bad bool value");
    }
    return new Reply.Bool(word[0] == 't');
  }

  private Reply verbatim() throws IOException {
    byte[] bytes = payload(number());
    if (bytes.length < 4 || bytes[3] != ':') {
      throw new ProtocolException("Verbatim string without its format");
    }
    return new Reply.Verbatim(Arrays.copyOfRange(bytes, 4, bytes.length));
  }

  private List<Reply> elements(long count, int depth) throws IOException {
    if (count < 0 || count > Integer.MAX_VALUE) {
      throw new ProtocolException("Multi-bulk length out of range");
    }
    List<Reply> elements = new ArrayList<>((int) Math.min(count, 64));
    for (long i = 0; i < count; i++) {
      elements.add(read(depth + 1));
    }
    return elements;
  }

  private static long doubled(long pairs) throws ProtocolException {
    if (pairs < 0 || pairs > Integer.MAX_VALUE / 2) {
      throw new ProtocolException("Map length out of range");
    }
    return pairs * 2;
  }

  private byte[] payload(long length) throws IOException {
    if (length < 0 || length > Integer.MAX_VALUE - 16) {
      throw new ProtocolException("Bulk string length out of range");
    }
    byte[] bytes = new byte[(int) Math.min(length, FIRST_CHUNK_BYTES)];
    int filled = 0;
    while (filled < length) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, bytes.length * 2L));
      }
      fillIfEmpty();
      int n = Math.min(limit - position, bytes.length - filled);
      System.arraycopy(buffer, position, bytes, filled, n);
      position += n;
      filled += n;
    }
    if (next() != '\r' || next() != '\n') {
      throw new ProtocolException("Bulk string without its final newline");
    }
    return bytes;
  }

  private long number() throws IOException {
    String digits = new String(line(), StandardCharsets.ISO_8859_1);
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new ProtocolException("Bad integer value: " + digits);
    }
  }

  private byte[] line() throws IOException {
    for (int end = position; end + 1 < limit; end++) {
      if (buffer[end] == '\r' && buffer[end + 1] == '\n') {
        byte[] line = Arrays.copyOfRange(buffer, position, end);
        position = end + 2;
        return line;
      }
    }
    return lineAcrossReads();
  }

  private byte[] lineAcrossReads() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int b = next();
      if (b == '\r') {
        int after = next();
        if (after == '\n') {
          return line.toByteArray();
        }
        line.write(b);
        line.write(after);
      } else {
        line.write(b);
      }
      if (line.size() > MAX_LINE_BYTES) {
        throw new ProtocolException("line longer than " + MAX_LINE_BYTES + " bytes");
      }
    }
  }

  private int next() throws IOException {
    fillIfEmpty();
    return buffer[position++] & 0xff;
  }

  private void fillIfEmpty() throws IOException {
    if (position < limit) {
      return;
    }
    int n = in.read(buffer, 0, buffer.length);
    if (n < 0) {
      throw new EOFException("Server closed the connection");
    }
    position = 0;
    limit = n;
  }

  private static String printable(int b) {
    return b >= ' ' && b < 0x7f
        ? String.valueOf((char) b)
        : "\\x" + Integer.toHexString(0x100 | b).substring(1);
  }

  /** What came from the peer is not RESP; the connection is of no further use. */
  public static final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
      super(message);
    }
  }
}
