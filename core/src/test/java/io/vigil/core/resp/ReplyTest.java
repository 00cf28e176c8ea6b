package io.vigil.core.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.base.OutputBuffer;
import io.vigil.core.base.Rng;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReplyTest {
  private static String written(int protocol, Consumer<ReplyWriter> body) {
    OutputBuffer output = new OutputBuffer();
    ReplyWriter writer = new ReplyWriter(output);
    writer.protocol(protocol);
    body.accept(writer);
    byte[] bytes = new byte[(int) output.pendingBytes()];
    output.peek(bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void all(ReplyWriter writer) {
    writer.ok();
    writer.simple("PONG");
    writer.integer(-12);
    writer.integer(7);
    writer.bulk("text");
    writer.bulk(new byte[] {1, 2, 3}, 1, 2);
    writer.bulkInteger(1234);
    writer.nullBulk();
    writer.nullArray();
    writer.nil();
    writer.bool(true);
    writer.bool(false);
    writer.doubleValue(1.5);
    writer.doubleValue(Double.NEGATIVE_INFINITY);
    writer.bigNumber("12345678901234567890");
    writer.verbatim("txt", "words");
    writer.array(1);
    writer.map(1);
    writer.set(2);
    writer.push(3);
    writer.emptyArray();
  }

  @Test
  void respTwo() {
    assertThat(written(2, ReplyTest::all))
        .isEqualTo(
            "+OK\r\n"
                + "+PONG\r\n"
                + ":-12\r\n"
                + ":7\r\n"
                + "$4\r\n"
                + "text\r\n"
                + "$2\r\n"
                + "\2\3\r\n"
                + "$4\r\n"
                + "1234\r\n"
                + "$-1\r\n"
                + "*-1\r\n"
                + "$-1\r\n"
                + ":1\r\n"
                + ":0\r\n"
                + "$3\r\n"
                + "1.5\r\n"
                + "$4\r\n"
                + "-inf\r\n"
                + "$20\r\n"
                + "12345678901234567890\r\n"
                + "$5\r\n"
                + "words\r\n"
                + "*1\r\n"
                + "*2\r\n"
                + "*2\r\n"
                + "*3\r\n"
                + "*0\r\n");
  }

  @Test
  void respThree() {
    assertThat(written(3, ReplyTest::all))
        .isEqualTo(
            "+OK\r\n"
                + "+PONG\r\n"
                + ":-12\r\n"
                + ":7\r\n"
                + "$4\r\n"
                + "text\r\n"
                + "$2\r\n"
                + "\2\3\r\n"
                + "$4\r\n"
                + "1234\r\n"
                + "_\r\n"
                + "_\r\n"
                + "_\r\n"
                + "#t\r\n"
                + "#f\r\n"
                + ",1.5\r\n"
                + ",-inf\r\n"
                + "(12345678901234567890\r\n"
                + "=9\r\n"
                + "txt:words\r\n"
                + "*1\r\n"
                + "%1\r\n"
                + "~2\r\n"
                + ">3\r\n"
                + "*0\r\n");
  }

  @Test
  void errorsStayOnOneLineAndAreCounted() {
    List<String> codes = new ArrayList<>();
    String out =
        written(
            2,
            writer -> {
              writer.onError(codes::add);
              writer.error("ERR a\r\nb\n\r\n");
              writer.error("WRONGTYPE Operation");
              writer.error("LONELY");
              writer.error("A".repeat(40) + " b");
              assertThat(writer.errors()).isEqualTo(4);
            });
    assertThat(out).startsWith("-ERR a  b\r\n-WRONGTYPE Operation\r\n-LONELY\r\n");
    assertThat(codes).containsExactly("ERR", "WRONGTYPE", "ERR", "ERR");
  }

  @Test
  void lengthsGivenLater() {
    Consumer<ReplyWriter> body =
        writer -> {
          writer.integer(1);
          ReplyWriter.Deferred outer = writer.deferred();
          for (int i = 0; i < 3; i++) {
            ReplyWriter.Deferred inner = writer.deferred();
            writer.bulk("k");
            writer.integer(i);
            writer.setMap(inner, 1);
          }
          writer.setArray(outer, 3);
          writer.integer(2);
        };
    assertThat(written(2, body))
        .isEqualTo(
            ":1\r\n" + "*3\r\n" + "*2\r\n" + "$1\r\n" + "k\r\n" + ":0\r\n" + "*2\r\n" + "$1\r\n"
                + "k\r\n" + ":1\r\n" + "*2\r\n" + "$1\r\n" + "k\r\n" + ":2\r\n" + ":2\r\n");
    assertThat(written(3, body)).contains("*3\r\n%1\r\n");
  }

  @Test
  void discardedRepliesAreStillCounted() {
    ReplyWriter writer = new ReplyWriter(OutputBuffer.discarding());
    all(writer);
    writer.error("ERR x");
    writer.setArray(writer.deferred(), 1);
    assertThat(writer.output().isEmpty()).isTrue();
    assertThat(writer.errors()).isEqualTo(1);
  }

  private static List<Reply> read(byte[] bytes, int chunk) throws ReplyReader.MalformedReply {
    ReplyReader reader = new ReplyReader();
    List<Reply> replies = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += chunk) {
      reader.feed(bytes, at, Math.min(chunk, bytes.length - at));
      Reply reply;
      while ((reply = reader.next()) != null) {
        replies.add(reply);
      }
    }
    return replies;
  }

  private static List<Reply> read(String text) throws ReplyReader.MalformedReply {
    return read(text.getBytes(StandardCharsets.ISO_8859_1), text.length());
  }

  @Test
  void everyTypeIsRead() throws Exception {
    assertThat(
            read(
                "+OK\r\n"
                    + "-ERR no\r\n"
                    + ":5\r\n"
                    + "$2\r\n"
                    + "ab\r\n"
                    + "$-1\r\n"
                    + "*-1\r\n"
                    + "_\r\n"
                    + "#t\r\n"
                    + ",1.5\r\n"
                    + "(99\r\n"
                    + "=7\r\n"
                    + "txt:abc\r\n"
                    + "!5\r\n"
                    + "E\r\n"
                    + " x\r\n"
                    + "*2\r\n"
                    + ":1\r\n"
                    + "*0\r\n"
                    + "%1\r\n"
                    + "+k\r\n"
                    + ":1\r\n"
                    + "~1\r\n"
                    + ":1\r\n"
                    + ">1\r\n"
                    + "+m\r\n"
                    + "|1\r\n"
                    + "+a\r\n"
                    + "+b\r\n"
                    + ":3\r\n"))
        .containsExactly(
            new Reply.Simple("OK"),
            new Reply.Failure("ERR no"),
            new Reply.Int(5),
            new Reply.Bulk("ab".getBytes(StandardCharsets.US_ASCII)),
            new Reply.Nil(),
            new Reply.Nil(),
            new Reply.Nil(),
            new Reply.Bool(true),
            new Reply.Double(1.5, "1.5"),
            new Reply.Big("99"),
            new Reply.Verbatim("txt", "abc"),
            new Reply.Failure("E\r\n x"),
            new Reply.Array(List.of(new Reply.Int(1), new Reply.Array(List.of()))),
            new Reply.MapReply(List.of(new Reply.Simple("k")), List.of(new Reply.Int(1))),
            new Reply.SetReply(List.of(new Reply.Int(1))),
            new Reply.PushReply(List.of(new Reply.Simple("m"))),
            new Reply.Int(3));
  }

  /** Whatever is written is read back, however it is cut. */
  @Test
  void writtenRepliesAreReadBack() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      Rng rng = new Rng(seed);
      OutputBuffer output = new OutputBuffer();
      ReplyWriter writer = new ReplyWriter(output);
      writer.protocol(2 + seed % 2);
      for (int i = 0; i < 5; i++) {
        random(rng, writer, 0);
      }
      byte[] bytes = new byte[(int) output.pendingBytes()];
      output.peek(bytes, 0, bytes.length);
      List<Reply> whole = read(bytes, Math.max(1, bytes.length));
      assertThat(whole).hasSize(5);
      assertThat(read(bytes, 1)).isEqualTo(whole);
      assertThat(read(bytes, 1 + rng.nextInt(100))).isEqualTo(whole);
    }
  }

  private static void random(Rng rng, ReplyWriter writer, int depth) {
    switch (rng.nextInt(depth > 3 ? 6 : 8)) {
      case 0 -> writer.integer(rng.nextLong());
      case 1 -> writer.bulk(new byte[rng.nextInt(5) == 0 ? rng.nextInt(40_000) : rng.nextInt(9)]);
      case 2 -> writer.simple("x".repeat(rng.nextInt(4) == 0 ? 17_000 : rng.nextInt(10)));
      case 3 -> writer.doubleValue(Double.longBitsToDouble(rng.nextLong() & ~(1L << 62)));
      case 4 -> writer.nullArray();
      case 5 -> writer.bulk("y".repeat(rng.nextInt(3000)));
      case 6 -> {
        int pairs = rng.nextInt(4);
        writer.map(pairs);
        for (int i = 0; i < 2 * pairs; i++) {
          random(rng, writer, depth + 1);
        }
      }
      default -> {
        ReplyWriter.Deferred deferred = writer.deferred();
        int elements = rng.nextInt(5);
        for (int i = 0; i < elements; i++) {
          random(rng, writer, depth + 1);
        }
        writer.setArray(deferred, elements);
      }
    }
  }

  @Test
  void whatIsNoReplyIsRefused() {
    String[] streams = {
      "HTTP/1.1 400\r\n",
      ":x\r\n",
      "$-2\r\n",
      "$3\r\nabcd\r\n",
      "*9999999999\r\n",
      "#x\r\n",
      ",x\r\n",
      "$999999999999\r\n",
      "*1\r\n".repeat(600),
      "x".repeat(70_000),
      "=3\r\nabc\r\n",
    };
    for (String stream : streams) {
      assertThatThrownBy(() -> read(stream))
          .as(stream)
          .isInstanceOf(ReplyReader.MalformedReply.class);
    }
  }

  @Test
  void bytesThatFollowCanBeTaken() throws Exception {
    ReplyReader reader = new ReplyReader();
    byte[] bytes = "+FULLRESYNC\r\n$10\r\nREDIS".getBytes(StandardCharsets.US_ASCII);
    reader.feed(bytes, 0, bytes.length);
    assertThat(reader.next()).isEqualTo(new Reply.Simple("FULLRESYNC"));
    assertThat(reader.takeRemaining()).asString().isEqualTo("$10\r\nREDIS");
    assertThat(reader.next()).isNull();
  }
}
