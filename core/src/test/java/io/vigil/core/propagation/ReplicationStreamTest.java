package io.vigil.core.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.OutputBuffer;
import io.vigil.core.base.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReplicationStreamTest {
  private static final String ID = "a".repeat(40);

  private static byte[] random(Rng rng, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) rng.nextLong();
    }
    return bytes;
  }

  private static byte[] all(OutputBuffer output) {
    byte[] bytes = new byte[(int) output.pendingBytes()];
    output.peek(bytes, 0, bytes.length);
    return bytes;
  }

  @Test
  void recordsNothingBeforeItIsActivated() {
    ReplicationStream stream = new ReplicationStream(ID, 16_384);
    stream.append(new byte[10], 0, 10);
    assertThat(stream.offset()).isZero();
    assertThat(stream.covers(1)).isFalse();
    stream.activate();
    assertThat(stream.firstOffset()).isEqualTo(1);
    assertThat(stream.covers(1)).isTrue();
    assertThat(stream.covers(2)).isFalse();
  }

  @Test
  void cursorsSeeExactlyTheBytesFromTheirOffsetOn() {
    Rng rng = new Rng(5);
    for (long backlog : new long[] {16_384, 100_000, 1 << 20}) {
      ReplicationStream stream = new ReplicationStream(ID, backlog);
      stream.activate();
      byte[] model = new byte[0];
      for (int round = 0; round < 300; round++) {
        byte[] piece = random(rng, 1 + rng.nextInt(round % 10 == 0 ? 40_000 : 200));
        stream.append(piece, 0, piece.length);
        int old = model.length;
        model = Arrays.copyOf(model, old + piece.length);
        System.arraycopy(piece, 0, model, old, piece.length);
        assertThat(stream.offset()).isEqualTo(model.length);
        assertThat(stream.historyLength()).isGreaterThanOrEqualTo(Math.min(backlog, model.length));
        assertThat(stream.historyLength()).isLessThan(backlog + 16_384 + 40_000);
        long from = stream.firstOffset() + rng.nextLong(stream.historyLength() + 1);
        OutputBuffer output = new OutputBuffer();
        stream.cursorAt(from).drainTo(output, Long.MAX_VALUE);
        assertThat(all(output)).isEqualTo(Arrays.copyOfRange(model, (int) from - 1, model.length));
      }
    }
  }

  @Test
  void aCursorKeepsWhatTheBacklogLetGo() {
    ReplicationStream stream = new ReplicationStream(ID, 16_384);
    stream.activate();
    ReplicationStream.Cursor cursor = stream.cursorAt(1);
    byte[] bytes = random(new Rng(1), 500_000);
    stream.append(bytes, 0, bytes.length);
    assertThat(stream.covers(1)).isFalse();
    OutputBuffer output = new OutputBuffer();
    assertThat(cursor.drainTo(output, Long.MAX_VALUE)).isEqualTo(bytes.length);
    assertThat(all(output)).isEqualTo(bytes);
    assertThat(cursor.offset()).isEqualTo(stream.offset() + 1);
  }

  @Test
  void takingOverKeepsTheOldIdUpToHere() {
    ReplicationStream stream = new ReplicationStream(ID, 16_384);
    stream.activate();
    stream.append(new byte[100], 0, 100);
    stream.takeOver("b".repeat(40));
    assertThat(stream.id()).isEqualTo("b".repeat(40));
    assertThat(stream.secondId()).isEqualTo(ID);
    assertThat(stream.secondIdLimit()).isEqualTo(101);
    stream.follow("c".repeat(40), 7);
    assertThat(stream.secondId()).isEqualTo(ReplicationStream.NO_ID);
    assertThat(stream.secondIdLimit()).isEqualTo(-1);
    assertThat(stream.firstOffset()).isEqualTo(8);
  }
}
