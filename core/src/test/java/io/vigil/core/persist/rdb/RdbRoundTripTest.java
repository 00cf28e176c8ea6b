package io.vigil.core.persist.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.base.Rng;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RdbRoundTripTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What a reader found, one line per item. */
  private static final class Found implements RdbVisitor {
    final List<String> lines = new ArrayList<>();

    @Override
    public void aux(String name, String value) {
      lines.add("aux " + name + "=" + value);
    }

    @Override
    public void sizes(int database, long keys, long keysWithDeadline) {
      lines.add("sizes " + database + " " + keys + " " + keysWithDeadline);
    }

    @Override
    public void entry(RdbEntry entry) {
      if (!(entry.value() instanceof RdbValue.Text text)) {
        lines.add("collection");
        return;
      }
      String value =
          new String(text.array(), text.offset(), text.length(), StandardCharsets.ISO_8859_1);
      lines.add(
          "%d %s=%s @%d idle %d freq %d"
              .formatted(
                  entry.database(),
                  new String(entry.key(), StandardCharsets.ISO_8859_1),
                  value,
                  entry.deadlineMs(),
                  entry.idleSeconds(),
                  entry.frequency()));
    }
  }

  private static final String[] VALUES = {
    "",
    "0",
    "-0",
    "7",
    "-128",
    "127",
    "128",
    "-32768",
    "32767",
    "32768",
    "-2147483648",
    "2147483647",
    "2147483648",
    "01",
    "+1",
    "1 ",
    "x".repeat(20),
    "x".repeat(21),
    "y".repeat(70_000),
    "abcdefghijklmnopqrstuvwxyz0123456789"
  };

  private static byte[] sample(boolean packs, boolean checksums) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RdbWriter writer = new RdbWriter(out::write, packs, checksums);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("redis-ver", "7.0.15");
    facts.put("aof-base", "0");
    writer.begin(facts);
    writer.database(3, VALUES.length, 1);
    for (int i = 0; i < VALUES.length; i++) {
      RdbEncoder encoder = writer.entry();
      encoder.metadata(i == 2 ? 1_700_000_000_123L : -1, i == 3 ? 100_000 : -1, i == 4 ? 255 : -1);
      encoder.octet(RdbFormat.TYPE_STRING);
      encoder.string("key" + i);
      encoder.string(VALUES[i]);
      writer.entryDone();
    }
    writer.finish();
    assertThat(writer.writtenBytes()).isEqualTo(out.size());
    return out.toByteArray();
  }

  private static List<String> read(byte[] file, int pieceBytes) throws RdbException {
    Found found = new Found();
    RdbReader reader = new RdbReader(found, 16, true);
    for (int at = 0; at < file.length; at += pieceBytes) {
      reader.feed(file, at, Math.min(pieceBytes, file.length - at));
    }
    reader.end();
    assertThat(reader.offset()).isEqualTo(file.length);
    return found.lines;
  }

  @Test
  void whatIsWrittenIsReadInPiecesOfAnySize() throws Exception {
    List<String> expected =
        new ArrayList<>(List.of("aux redis-ver=7.0.15", "aux aof-base=0", "sizes 3 20 1"));
    for (int i = 0; i < VALUES.length; i++) {
      expected.add(
          "3 key%d=%s @%d idle %d freq %d"
              .formatted(
                  i,
                  VALUES[i],
                  i == 2 ? 1_700_000_000_123L : -1,
                  i == 3 ? 100_000 : -1,
                  i == 4 ? 255 : -1));
    }
    for (boolean packs : new boolean[] {false, true}) {
      byte[] file = sample(packs, true);
      for (int piece : new int[] {1, 2, 7, 4096, file.length}) {
        assertThat(read(file, piece)).isEqualTo(expected);
      }
    }
  }

  @Test
  void aChecksumOfZeroMeansThatThereIsNone() throws Exception {
    byte[] file = sample(true, false);
    assertThat(Arrays.copyOfRange(file, file.length - 8, file.length)).isEqualTo(new byte[8]);
    assertThat(read(file, 100)).hasSize(VALUES.length + 3);
  }

  @Test
  void everyTruncationAndEveryFlippedBitIsRefused() throws Exception {
    byte[] file = sample(true, true);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> read(cut, 4096)).isInstanceOf(RdbException.class);
    }
    Rng rng = new Rng(3);
    for (int round = 0; round < 2_000; round++) {
      byte[] bent = file.clone();
      int at = rng.nextInt(bent.length);
      bent[at] ^= (byte) (1 << rng.nextInt(8));
      assertThatThrownBy(() -> read(bent, 4096)).as("byte %d", at).isInstanceOf(RdbException.class);
    }
  }

  @Test
  void saysWhatItRefusesAndWhere() {
    assertRefused(
        "524544495330303133ff", RdbException.Kind.VERSION, 5, "Can't handle RDB format version 13");
    assertRefused("474554202f20485454", RdbException.Kind.SIGNATURE, 0, "Wrong signature");
    assertRefused(
        "524544495330303130" + "13",
        RdbException.Kind.UNSUPPORTED,
        9,
        "type 19 (stream (version 2))");
    assertRefused(
        "524544495330303130" + "dc", RdbException.Kind.CORRUPT, 9, "Unknown RDB encoding type 220");
    assertRefused(
        "524544495330303130" + "f500", RdbException.Kind.UNSUPPORTED, 9, "function library");
    assertRefused(
        "524544495330303130" + "fe10", RdbException.Kind.CORRUPT, 11, "more than 16 databases");
    assertRefused(
        "524544495330303130" + "0001" + "61" + "c4",
        RdbException.Kind.CORRUPT,
        12,
        "unknown string encoding 4");
    // A packed string that claims to unpack to 2 GB out of 4 bytes.
    assertRefused(
        "524544495330303130" + "000161" + "c304807fffff00" + "00000000",
        RdbException.Kind.CORRUPT,
        12,
        "cannot hold");
  }

  private static void assertRefused(
      String hex, RdbException.Kind kind, long offset, String reason) {
    assertThatThrownBy(() -> read(HexFormat.of().parseHex(hex), 4096))
        .isInstanceOfSatisfying(
            RdbException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e.offset()).isEqualTo(offset);
            })
        .hasMessageContaining(reason);
  }

  @Test
  void aLengthAloneTakesNoMemory() throws Exception {
    RdbReader reader = new RdbReader(new Found(), 16, true);
    byte[] header = HexFormat.of().parseHex("524544495330303130" + "0001618170000000" + "00000000");
    assertThatThrownBy(() -> reader.feed(header, 0, header.length))
        .hasMessageContaining("a string of");
    RdbReader second = new RdbReader(new Found(), 16, true);
    byte[] twoGigabytes = HexFormat.of().parseHex("524544495330303130" + "000161807fffff00");
    second.feed(twoGigabytes, 0, twoGigabytes.length);
    assertThat(second.isDone()).isFalse();
  }

  @Test
  void bytesAfterTheEndAreCounted() throws Exception {
    byte[] file = sample(true, true);
    byte[] more = Arrays.copyOf(file, file.length + 5);
    RdbReader reader = new RdbReader(new Found(), 16, true);
    reader.feed(more, 0, more.length);
    assertThat(reader.isDone()).isTrue();
    assertThat(reader.surplusBytes()).isEqualTo(5);
  }

  @Test
  void dumpPayloadsEqualThoseOfRedis() throws Exception {
    // From DUMP of redis-server 7.0.15.
    String runOfA = "00c3094064016161e057000161610a00e8a3b507b06df271";
    RdbEncoder encoder = new RdbEncoder(true);
    encoder.octet(RdbFormat.TYPE_STRING);
    encoder.string(bytes("a".repeat(100)), 0, 100);
    byte[] payload = DumpPayload.of(encoder);
    assertThat(HexFormat.of().formatHex(payload)).isEqualTo(runOfA);
    assertThat(DumpPayload.isIntact(payload, 0, payload.length, false)).isTrue();
    RdbValue[] value = new RdbValue[1];
    DumpPayload.read(payload, 0, payload.length, found -> value[0] = found);
    RdbValue.Text text = (RdbValue.Text) value[0];
    assertThat(Arrays.copyOfRange(text.array(), text.offset(), text.offset() + text.length()))
        .isEqualTo(bytes("a".repeat(100)));
    payload[3] ^= 1;
    assertThat(DumpPayload.isIntact(payload, 0, payload.length, false)).isFalse();
    assertThat(DumpPayload.isIntact(payload, 0, payload.length, true)).isTrue();
  }
}
