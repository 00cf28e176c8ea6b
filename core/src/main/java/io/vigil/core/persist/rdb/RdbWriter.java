package io.vigil.core.persist.rdb;

import io.vigil.core.base.Crc64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Writes an RDB of version {@link RdbFormat#WRITTEN_VERSION} into a sink: {@link #begin}, then for
 * each database {@link #database} and its entries, then {@link #finish}. Owned by one job at a
 * time; a snapshot hands it from job to job.
 */
public final class RdbWriter {
  private static final int FLUSH_BYTES = 64 * 1024;

  private final ByteSink sink;
  private final RdbEncoder encoder;
  private final boolean checksums;
  private long checksum;
  private long writtenBytes;

  /**
   * @param packs see {@link RdbEncoder}
   * @param checksums whether the file ends in its checksum ({@code rdbchecksum}); 0 stands there
   *     otherwise
   */
  public RdbWriter(ByteSink sink, boolean packs, boolean checksums) {
    this.sink = sink;
    this.encoder = new RdbEncoder(packs);
    this.checksums = checksums;
  }

  /** Writes the signature and the facts about the file, in the order of {@code facts}. */
  public void begin(Map<String, String> facts) throws IOException {
    byte[] signature =
        String.format(Locale.ROOT, "REDIS%04d", RdbFormat.WRITTEN_VERSION)
            .getBytes(StandardCharsets.ISO_8859_1);
    encoder.raw(signature, 0, signature.length);
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      encoder.octet(RdbFormat.AUX);
      encoder.string(fact.getKey());
      encoder.string(fact.getValue());
    }
    flush();
  }

  /** The entries that follow belong to database {@code index}. */
  public void database(int index, long keys, long keysWithDeadline) throws IOException {
    encoder.octet(RdbFormat.SELECTDB);
    encoder.length(index);
    encoder.octet(RdbFormat.RESIZEDB);
    encoder.length(keys);
    encoder.length(keysWithDeadline);
    flushIfFull();
  }

  /** The encoder to which an entry is written, metadata first; {@link #entryDone} ends it. */
  public RdbEncoder entry() {
    return encoder;
  }

  public void entryDone() throws IOException {
    flushIfFull();
  }

  /** Writes the end mark and the checksum. */
  public void finish() throws IOException {
    encoder.octet(RdbFormat.EOF);
    flush();
    encoder.littleEndian(checksum, 8);
    sink.write(encoder.array(), 0, encoder.size());
    writtenBytes += encoder.size();
    encoder.clear();
  }

  /** Bytes handed to the sink. */
  public long writtenBytes() {
    return writtenBytes;
  }

  private void flushIfFull() throws IOException {
    if (encoder.size() >= FLUSH_BYTES) {
      flush();
    }
  }

  /** Hands what has been encoded to the sink. */
  public void flush() throws IOException {
    if (checksums) {
      checksum = Crc64.update(checksum, encoder.array(), 0, encoder.size());
    }
    sink.write(encoder.array(), 0, encoder.size());
    writtenBytes += encoder.size();
    encoder.clear();
  }
}
