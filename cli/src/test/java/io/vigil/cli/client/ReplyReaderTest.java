package io.vigil.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplyReaderTest {

  private static ReplyReader reader(String wire) {
    return new ReplyReader(new ByteArrayInputStream(wire.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void readsRepliesThatArriveByteByByte() throws IOException {
    byte[] wire = "*2\r\n$5\r\nab\r\nc\r\n+x\ry\r\n".getBytes(StandardCharsets.ISO_8859_1);
    InputStream slow =
        new ByteArrayInputStream(wire) {
          @Override
          public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(length, 1));
          }
        };
    Reply reply = new ReplyReader(slow).read();
    assertThat(reply.elements()).extracting(Reply::text).containsExactly("ab\r\nc", "x\ry");
  }

  @Test
  void aLengthIsNoReasonToAllocate() {
    // 2 GiB are promised and three bytes come: with a buffer of that size this would be an
    // OutOfMemoryError.
    assertThatThrownBy(() -> reader("$2147483600\r\nabc").read()).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> reader("*2147483647\r\n:1\r\n").read())
        .isInstanceOf(EOFException.class);
  }

  @Test
  void attributesAreDropped() throws IOException {
    assertThat(reader("|1\r\n+ttl\r\n:3\r\n$1\r\na\r\n").read().text()).isEqualTo("a");
  }

  @Test
  void garbageIsNamed() {
    assertThatThrownBy(() -> reader("hello\r\n").read())
        .hasMessage("Protocol error, got \"h\" as reply type byte");
    assertThatThrownBy(() -> reader(":12a\r\n").read()).hasMessage("Bad integer value: 12a");
    assertThatThrownBy(() -> reader("$1\r\nabc\r\n").read())
        .hasMessage("Bulk string without its final newline");
    assertThatThrownBy(() -> reader("*1\r\n".repeat(100)).read())
        .hasMessage("reply nested deeper than 64 levels");
  }
}
