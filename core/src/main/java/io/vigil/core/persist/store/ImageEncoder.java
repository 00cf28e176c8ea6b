package io.vigil.core.persist.store;

import io.vigil.core.base.Numbers;
import io.vigil.core.keyspace.Database;
import io.vigil.core.keyspace.Encoding;
import io.vigil.core.keyspace.ImageBuffer;
import io.vigil.core.keyspace.ValueType;
import io.vigil.core.persist.rdb.RdbEncoder;
import io.vigil.core.persist.rdb.RdbEntry;
import io.vigil.core.persist.rdb.RdbFormat;
import io.vigil.core.persist.rdb.RdbWriter;
import java.io.IOException;

/**
 * From images of records to the entries of an RDB. Used in jobs, one at a time.
 *
 * <p>A long value comes in pieces. Up to {@value #PACKED_BYTES} bytes they are put together, so
 * that the value may be packed; a longer one is written piece by piece as it is.
 */
final class ImageEncoder {
  private static final int PACKED_BYTES = 16 * 1024 * 1024;

  private final RdbWriter writer;
  private final DatabaseSizes sizes;
  private final SnapshotRun.Format format;
  private final byte[] digits = new byte[Numbers.MAX_LONG_CHARS];

  /** Pieces of a value that is being put together, or null. */
  private byte[] whole;

  private int wholeLength;

  /** What takes the items of the big collection under way. */
  private ItemReader items;

  ImageEncoder(RdbWriter writer, DatabaseSizes sizes, SnapshotRun.Format format) {
    this.writer = writer;
    this.sizes = sizes;
    this.format = format;
  }

  /** Writes all images in {@code images}. */
  void encode(ImageBuffer images) throws IOException {
    while (images.next()) {
      if (images.isContinuation()) {
        continuation(images);
      } else {
        begin(images);
      }
      writer.entryDone();
    }
  }

  private void begin(ImageBuffer image) throws IOException {
    sizes.select(image.database(), writer);
    RdbEncoder out = writer.entry();
    out.metadata(
        image.deadlineMs() == Database.NO_DEADLINE ? RdbEntry.NONE : image.deadlineMs(),
        format.usage() == SnapshotRun.Usage.IDLE_TIME ? image.idleSeconds() : RdbEntry.NONE,
        format.usage() == SnapshotRun.Usage.FREQUENCY ? image.frequency() : (int) RdbEntry.NONE);
    int rdbType =
        image.hasItems()
            ? ValueEncoder.bigType(image.type())
            : ValueEncoder.smallType(image.type(), image.encoding());
    out.octet(rdbType);
    out.string(image.array(), image.keyOffset(), image.keyLength());
    if (rdbType == RdbFormat.TYPE_STRING) {
      text(image, out);
    } else if (image.hasItems()) {
      out.length(image.valueLength());
      items = new ItemReader(out, rdbType);
    } else {
      items = null;
      ValueEncoder.small(out, rdbType, image.array(), image.valueOffset(), image.pieceLength());
    }
  }

  private void text(ImageBuffer image, RdbEncoder out) {
    if (image.encoding() == Encoding.INT) {
      out.string(digits, 0, Numbers.writeLong(image.integer(), digits, 0));
    } else if (image.pieceLength() == image.valueLength()) {
      out.string(image.array(), image.valueOffset(), image.pieceLength());
    } else if (format.packs() && image.valueLength() <= PACKED_BYTES) {
      whole = new byte[(int) image.valueLength()];
      wholeLength = 0;
      collect(image);
    } else {
      out.length(image.valueLength());
      out.raw(image.array(), image.valueOffset(), image.pieceLength());
    }
  }

  private void continuation(ImageBuffer image) {
    if (image.type() != ValueType.STRING) {
      items.feed(image.array(), image.valueOffset(), image.pieceLength());
      return;
    }
    if (whole == null) {
      writer.entry().raw(image.array(), image.valueOffset(), image.pieceLength());
      return;
    }
    collect(image);
    if (wholeLength == whole.length) {
      writer.entry().string(whole, 0, wholeLength);
      whole = null;
    }
  }

  private void collect(ImageBuffer image) {
    System.arraycopy(image.array(), image.valueOffset(), whole, wholeLength, image.pieceLength());
    wholeLength += image.pieceLength();
  }
}
