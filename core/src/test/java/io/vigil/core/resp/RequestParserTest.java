package io.vigil.core.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Rng;
import io.vigil.core.resp.RequestParser.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestParserTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What a parser makes of a stream: commands, then perhaps an error. */
  private static List<String> parse(RequestParser parser, byte[] stream, Rng chunks, int maxChunk) {
    List<String> seen = new ArrayList<>();
    Arguments arguments = new Arguments();
    for (int at = 0; at < stream.length; ) {
      int length = Math.min(maxChunk == 1 ? 1 : 1 + chunks.nextInt(maxChunk), stream.length - at);
      byte[] chunk = new byte[length + 7];
      System.arraycopy(stream, at, chunk, 3, length);
      at += length;
      parser.feed(chunk, 3, length);
      Outcome outcome;
      while ((outcome = parser.next(arguments)) == Outcome.COMMAND) {
        StringBuilder command = new StringBuilder();
        for (int i = 0; i < arguments.count(); i++) {
          command.append('<').append(arguments.text(i)).append('>');
        }
        seen.add(command.toString());
      }
      if (outcome == Outcome.ERROR) {
        seen.add("error: " + parser.error().reply());
        return seen;
      }
      parser.retain();
      Arrays.fill(chunk, (byte) '!');
    }
    return seen;
  }

  private static List<String> parse(String stream) {
    return parse(new RequestParser(), bytes(stream), null, 1);
  }

  private static String errorOf(RequestParser parser, String stream) {
    List<String> seen = parse(parser, bytes(stream), new Rng(1), 100_000);
    return seen.isEmpty() ? "none" : seen.getLast();
  }

  private static String errorOf(String stream) {
    return errorOf(new RequestParser(), stream);
  }

  @Test
  void commandsOfBothForms() {
    assertThat(
            parse(
                "*2\r\n"
                    + "$3\r\n"
                    + "GET\r\n"
                    + "$0\r\n\r\n"
                    + "ping\r\n"
                    + "set k \"a\\x41\" 'b c'\n\r\n"
                    + "*0\r\n"
                    + "*-1\r\n"
                    + "x y\r\n"))
        .containsExactly("<GET><>", "<ping>", "<set><k><aA><b c>", "<x><y>");
  }

  @Test
  void errorTexts() {
    assertThat(errorOf("*1x\r\n")).isEqualTo("error: ERR Protocol error: invalid multibulk length");
    assertThat(errorOf("*2147483648\r\n")).endsWith("invalid multibulk length");
    assertThat(errorOf("*\r\n")).endsWith("invalid multibulk length");
    assertThat(errorOf("*3\r\n$3\r\nSET\r\nx\r\n"))
        .isEqualTo("error: ERR Protocol error: expected '$', got 'x'");
    assertThat(errorOf("*1\r\n$-1\r\n"))
        .isEqualTo("error: ERR Protocol error: invalid bulk length");
    assertThat(errorOf("*1\r\n$536870913\r\n")).endsWith("invalid bulk length");
    assertThat(errorOf("*1\r\n$536870912\r\n")).isEqualTo("none");
    assertThat(errorOf("\"a\"b\r\n")).endsWith("unbalanced quotes in request");
    assertThat(errorOf("x".repeat(65536))).isEqualTo("none");
    assertThat(errorOf("x".repeat(65537))).endsWith("too big inline request");
    assertThat(errorOf("*" + "1".repeat(65536))).endsWith("too big mbulk count string");
    assertThat(errorOf("*1\r\n$" + "1".repeat(65536))).endsWith("too big bulk count string");
  }

  @Test
  void limitsBeforeAuthentication() {
    RequestParser parser = new RequestParser();
    parser.unauthenticated(true);
    assertThat(errorOf(parser, "*10\r\n")).isEqualTo("none");
    parser = new RequestParser();
    parser.unauthenticated(true);
    assertThat(errorOf(parser, "*11\r\n")).endsWith("unauthenticated multibulk length");
    parser = new RequestParser();
    parser.unauthenticated(true);
    assertThat(errorOf(parser, "*1\r\n$16384\r\n")).isEqualTo("none");
    parser = new RequestParser();
    parser.unauthenticated(true);
    assertThat(errorOf(parser, "*1\r\n$16385\r\n")).endsWith("unauthenticated bulk length");
  }

  @Test
  void streamOfAPrimary() {
    RequestParser parser = new RequestParser();
    parser.fromPrimary(true);
    parser.maxBulkBytes(10);
    Arguments arguments = new Arguments();
    byte[] stream = bytes("\n*0\r\n*1\r\n$11\r\nhello world\r\n*1\r\n$4\r\nping\r\n");
    parser.feed(stream, 0, stream.length);
    assertThat(parser.next(arguments)).isEqualTo(Outcome.COMMAND);
    assertThat(arguments.text(0)).isEqualTo("hello world");
    assertThat(parser.commandOffset()).isZero();
    assertThat(parser.commandLength()).isEqualTo(27);
    assertThat(parser.next(arguments)).isEqualTo(Outcome.COMMAND);
    assertThat(parser.commandLength()).isEqualTo(14);
    byte[] inline = bytes("ping\r\n");
    parser.retain();
    parser.feed(inline, 0, inline.length);
    assertThat(parser.next(arguments)).isEqualTo(Outcome.ERROR);
    assertThat(parser.error().reply()).isNull();
  }

  @Test
  void nulHidesTheEndOfALine() {
    assertThat(parse("a\0b\r\nping\r\n")).isEmpty();
  }

  /** However the bytes are cut, the same commands and the same error come out. */
  @Test
  void cutsMakeNoDifference() {
    int errors = 0;
    int commands = 0;
    for (int seed = 0; seed < 2000; seed++) {
      Rng rng = new Rng(seed);
      byte[] stream = stream(rng);
      List<String> expected = parse(new RequestParser(), stream, rng, stream.length);
      assertThat(parse(new RequestParser(), stream, rng, 1))
          .as("seed %s", seed)
          .isEqualTo(expected);
      assertThat(parse(new RequestParser(), stream, rng, 50))
          .as("seed %s", seed)
          .isEqualTo(expected);
      commands += expected.size();
      errors += !expected.isEmpty() && expected.getLast().startsWith("error") ? 1 : 0;
    }
    assertThat(errors).isBetween(200, 1900);
    assertThat(commands).isGreaterThan(4000);
  }

  private static byte[] stream(Rng rng) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 10; i++) {
      switch (rng.nextInt(6)) {
        case 0 -> out.writeBytes(bytes("get  \"a b\\n\" 'x' plain\r\n"));
        case 1 -> out.writeBytes(bytes("\r\n*0\r\nping x\n"));
        default -> {
          int words = 1 + rng.nextInt(5);
          out.writeBytes(bytes("*" + words + "\r\n"));
          for (int w = 0; w < words; w++) {
            byte[] word = new byte[rng.nextInt(10) == 0 ? rng.nextInt(3000) : rng.nextInt(12)];
            for (int b = 0; b < word.length; b++) {
              word[b] = (byte) rng.nextInt(256);
            }
            out.writeBytes(bytes("$" + word.length + "\r\n"));
            out.writeBytes(word);
            out.writeBytes(bytes("\r\n"));
          }
        }
      }
    }
    byte[] stream = out.toByteArray();
    if (rng.nextInt(2) == 0) {
      // Damage: the result may be anything, but must not depend on the cuts.
      for (int i = 0; i < 8; i++) {
        stream[rng.nextInt(stream.length)] = (byte) "*$\r\n19-x\"".charAt(rng.nextInt(9));
      }
    }
    return stream;
  }

  @Test
  void headersAllocateNothing() {
    RequestParser parser = new RequestParser();
    Arguments arguments = new Arguments();
    byte[] header = bytes("*1000000\r\n$3\r\nSET\r\n$536870912\r\nabc");
    parser.feed(header, 0, header.length);
    assertThat(parser.next(arguments)).isEqualTo(Outcome.NEED_MORE);
    parser.retain();
    assertThat(parser.heldBytes()).isEqualTo(header.length);
    assertThat(parser.partialWords()).isEqualTo(1);
  }

  @Test
  void largeBulkGrowsWithWhatCame() {
    RequestParser parser = new RequestParser();
    Arguments arguments = new Arguments();
    int length = 3_000_000;
    byte[] header = bytes("*2\r\n$3\r\nSET\r\n$" + length + "\r\n");
    parser.feed(header, 0, header.length);
    assertThat(parser.next(arguments)).isEqualTo(Outcome.NEED_MORE);
    parser.retain();
    byte[] chunk = new byte[50_000];
    Arrays.fill(chunk, (byte) 'v');
    for (int i = 0; i < length / chunk.length; i++) {
      parser.feed(chunk, 0, chunk.length);
      assertThat(parser.next(arguments)).isEqualTo(Outcome.NEED_MORE);
      parser.retain();
      assertThat(parser.heldBytes())
          .isLessThanOrEqualTo(Math.min(2 * parser.pendingBytes(), length + header.length + 2));
    }
    parser.feed(bytes("\r\n"), 0, 2);
    assertThat(parser.next(arguments)).isEqualTo(Outcome.COMMAND);
    assertThat(arguments.length(1)).isEqualTo(length);
    parser.retain();
    assertThat(parser.heldBytes()).isZero();
  }

  @Test
  void whatWaitsIsKept() {
    RequestParser parser = new RequestParser();
    Arguments arguments = new Arguments();
    byte[] stream = bytes("blpop a 0\r\nget b\r\nget c\r\n");
    parser.feed(stream, 0, stream.length);
    assertThat(parser.next(arguments)).isEqualTo(Outcome.COMMAND);
    parser.retain();
    Arrays.fill(stream, (byte) 0);
    assertThat(parser.pendingBytes()).isEqualTo(14);
    assertThat(parser.burstBytes()).isEqualTo(14);
    assertThat(parser.next(arguments)).isEqualTo(Outcome.COMMAND);
    assertThat(arguments.text(1)).isEqualTo("b");
    assertThat(parser.burstBytes()).isEqualTo(14);
    parser.feed(bytes("get d\r\n"), 0, 7);
    assertThat(parser.next(arguments)).isEqualTo(Outcome.COMMAND);
    assertThat(arguments.text(1)).isEqualTo("c");
    assertThat(parser.next(arguments)).isEqualTo(Outcome.COMMAND);
    assertThat(arguments.text(1)).isEqualTo("d");
    assertThat(parser.next(arguments)).isEqualTo(Outcome.NEED_MORE);
  }
}
