package io.vigil.core.propagation;

import io.vigil.core.base.Arguments;
import io.vigil.core.base.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The effects of commands on their way to the replication stream and the append-only file.
 *
 * <p>The effects of one unit (a command with all it brought about, or a whole transaction) belong
 * together: one goes out as it is, several are wrapped in MULTI and EXEC. The plain case, one
 * command with one effect, is encoded straight from the words of the client, with no copy kept.
 *
 * <pre>
 *   SET a 1 (db 0)             -> [SELECT 0] SET a 1
 *   GET b, found expired       -> DEL b
 *   MULTI, INCR x, INCR y      -> MULTI, INCR x, INCR y, EXEC
 * </pre>
 */
public final class Propagation {
  private static final Arguments MULTI = Arguments.of("MULTI");
  private static final Arguments EXEC = Arguments.of("EXEC");

  /** Words longer than this are appended by themselves rather than copied once more. */
  private static final int PACKED_WORD_BYTES = 4096;

  private final ReplicationStream stream;
  private final List<Effect> pending = new ArrayList<>();
  private AofSink appendOnlyFile;
  private boolean primary = true;
  private byte[] scratch = new byte[16 * 1024];
  private int scratchLength;
  private int depth;

  private record Effect(int database, Arguments words) {}

  public Propagation(ReplicationStream stream) {
    this.stream = stream;
  }

  /** Sets where effects go besides the stream; null for nowhere. */
  public void appendOnlyFile(AofSink sink) {
    appendOnlyFile = sink;
  }

  /**
   * Says whether effects make the stream. On a replica they do not: the stream is what the primary
   * sends, appended as it is applied.
   */
  public void primary(boolean value) {
    primary = value;
  }

  /** True when somebody records effects. */
  public boolean isActive() {
    return (primary && stream.isActive()) || appendOnlyFile != null;
  }

  /**
   * A transaction or script begins: its effects are one unit, up to the {@link #endUnit} that
   * matches.
   */
  public void beginUnit() {
    depth++;
  }

  /** A unit ends; its effects go out. */
  public void endUnit() {
    depth--;
    if (depth == 0) {
      flush();
    }
  }

  /** The effect of the running command itself; {@code words} are views that die with it. */
  public void command(int database, Arguments words) {
    if (!isActive()) {
      return;
    }
    if (depth == 0 && pending.isEmpty()) {
      write(database, words);
    } else {
      pending.add(new Effect(database, words.retain()));
    }
  }

  /**
   * Another effect of the running command, or one without a command; {@code words} own their bytes.
   */
  public void also(int database, Arguments words) {
    if (isActive()) {
      pending.add(new Effect(database, words));
    }
  }

  /** After each command and each piece of housekeeping outside a unit: what is pending goes out. */
  public void flushOutsideUnit() {
    if (depth == 0 && !pending.isEmpty()) {
      flush();
    }
  }

  /**
   * As {@link #flushOutsideUnit}, where the effects do not belong together: those of a command that
   * met keys it was not asked about.
   */
  public void flushOneByOne() {
    if (depth == 0 && !pending.isEmpty()) {
      pending.forEach(effect -> write(effect.database, effect.words));
      pending.clear();
    }
  }

  private void flush() {
    int count = pending.size();
    if (count == 0) {
      return;
    }
    if (count > 1) {
      write(pending.get(0).database, MULTI);
    }
    for (Effect effect : pending) {
      write(effect.database, effect.words);
    }
    if (count > 1) {
      write(pending.get(count - 1).database, EXEC);
    }
    pending.clear();
  }

  private void write(int database, Arguments words) {
    if (appendOnlyFile != null) {
      appendOnlyFile.append(database, words);
    }
    if (!primary || !stream.isActive()) {
      return;
    }
    if (stream.database() != database) {
      encode(Arguments.of("SELECT", Integer.toString(database)));
      stream.database(database);
    }
    encode(words);
    appendScratch();
  }

  /** Appends words that are no effect and belong to no database: PING, REPLCONF GETACK. */
  public void control(String... words) {
    if (primary && stream.isActive()) {
      encode(Arguments.of(words));
      appendScratch();
    }
  }

  private void encode(Arguments words) {
    header('*', words.count());
    for (int i = 0; i < words.count(); i++) {
      int length = words.length(i);
      header('$', length);
      if (length > PACKED_WORD_BYTES) {
        appendScratch();
        stream.append(words.array(i), words.offset(i), length);
      } else {
        room(length + 2);
        System.arraycopy(words.array(i), words.offset(i), scratch, scratchLength, length);
        scratchLength += length;
      }
      room(2);
      scratch[scratchLength++] = '\r';
      scratch[scratchLength++] = '\n';
    }
  }

  private void header(char mark, int number) {
    room(Numbers.MAX_LONG_CHARS + 3);
    scratch[scratchLength++] = (byte) mark;
    scratchLength = Numbers.writeLong(number, scratch, scratchLength);
    scratch[scratchLength++] = '\r';
    scratch[scratchLength++] = '\n';
  }

  private void room(int bytes) {
    if (scratch.length - scratchLength < bytes) {
      appendScratch();
    }
  }

  private void appendScratch() {
    stream.append(scratch, 0, scratchLength);
    scratchLength = 0;
  }

  /** Words of a deletion, for {@link #also}: {@code name} is DEL or UNLINK. */
  public static Arguments deletion(String name, byte[] key) {
    return Arguments.of(name.getBytes(StandardCharsets.ISO_8859_1), key);
  }
}
