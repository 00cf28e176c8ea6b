package io.vigil.core.persist.rdb;

import io.vigil.core.persist.rdb.RdbException.Kind;

/**
 * Reads an RDB of version 1 to 12 as its bytes arrive, from a file or a socket: {@link #feed} takes
 * any piece and hands what became whole to the visitor. It never waits, and never takes memory on
 * the word of a length.
 *
 * <pre>
 *   SIGNATURE --> ITEMS --(EOF)--> CHECKSUM --> DONE
 *                 |   ^
 *                 ELEMENTS of a big value
 * </pre>
 *
 * <p>Limits: value types that this server does not have yet, modules and function libraries are
 * refused by name, with their offset. After an exception the reader is of no more use.
 */
public final class RdbReader {
  private static final String MODULE_NAME_CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final RdbInput input = new RdbInput();
  private final ElementReader elements = new ElementReader(input);
  private final RdbVisitor visitor;
  private final RdbEntry entry = new RdbEntry();
  private final int databases;
  private final boolean verifies;
  private State state = State.SIGNATURE;
  private int version;

  private enum State {
    /** Waits for "REDIS" and the version. */
    SIGNATURE,
    /** Between two items. */
    ITEMS,
    /** Within a collection that is told element by element. */
    ELEMENTS,
    /** The end mark has been read, the checksum has not. */
    CHECKSUM,
    /** Whole and verified. */
    DONE
  }

  /**
   * @param databases how many databases there are; an entry of a higher one is an error
   * @param verifies whether the checksum is compared
   */
  public RdbReader(RdbVisitor visitor, int databases, boolean verifies) {
    this.visitor = visitor;
    this.databases = databases;
    this.verifies = verifies;
  }

  /** Takes bytes that have arrived; bytes after the end are kept for {@link #surplus}. */
  public void feed(byte[] source, int offset, int length) throws RdbException {
    input.append(source, offset, length);
    while (state != State.DONE && input.worthTrying()) {
      boolean summed = state != State.CHECKSUM;
      step();
      if (input.starved()) {
        input.rollback();
        return;
      }
      input.commit(verifies && summed);
    }
  }

  /** Says that no more bytes will come. */
  public void end() throws RdbException {
    if (state != State.DONE) {
      throw new RdbException(Kind.TRUNCATED, offset(), "Unexpected EOF reading RDB file");
    }
  }

  public boolean isDone() {
    return state == State.DONE;
  }

  /** Offset of the first byte that is not part of what was read. */
  public long offset() {
    return input.offset();
  }

  /** Number of bytes that came after the end of the RDB; they are the last ones of what was fed. */
  public int surplusBytes() {
    return isDone() ? input.pendingBytes() : 0;
  }

  private void step() throws RdbException {
    switch (state) {
      case SIGNATURE -> signature();
      case ITEMS -> item();
      case ELEMENTS -> element();
      case CHECKSUM -> checksum();
      case DONE -> throw new IllegalStateException("the RDB has ended");
    }
  }

  private void signature() throws RdbException {
    int digits = 0;
    boolean ours = true;
    for (int i = 0; i < 5; i++) {
      ours &= input.octet() == "REDIS".charAt(i);
    }
    for (int i = 0; i < 4; i++) {
      int digit = input.octet() - '0';
      ours &= digit >= 0 && digit <= 9;
      digits = digits * 10 + digit;
    }
    if (input.starved()) {
      return;
    }
    if (!ours) {
      throw new RdbException(Kind.SIGNATURE, 0, "Wrong signature trying to load DB from file");
    }
    if (digits < RdbFormat.OLDEST_VERSION || digits > RdbFormat.NEWEST_VERSION) {
      throw new RdbException(Kind.VERSION, 5, "Can't handle RDB format version " + digits);
    }
    version = digits;
    state = State.ITEMS;
  }

  private void item() throws RdbException {
    long at = input.offset();
    int code = input.octet();
    if (input.starved()) {
      return;
    }
    switch (code) {
      case RdbFormat.EXPIRETIME -> deadline((int) input.littleEndian(4) * 1000L);
      case RdbFormat.EXPIRETIME_MS -> deadline(input.littleEndian(8));
      case RdbFormat.IDLE -> idle(input.length());
      case RdbFormat.FREQ -> frequency(input.octet());
      case RdbFormat.AUX -> aux();
      case RdbFormat.SELECTDB -> selectDatabase(input.length());
      case RdbFormat.RESIZEDB -> sizes(input.length(), input.length());
      case RdbFormat.SLOT_INFO -> {
        input.length();
        input.length();
        input.length();
      }
      case RdbFormat.FUNCTION2, RdbFormat.FUNCTION_PRE_RELEASE ->
          throw unsupported(at, "a function library; functions do not exist in this server yet");
      case RdbFormat.MODULE_AUX -> moduleAux(at);
      case RdbFormat.EOF ->
          state = version >= RdbFormat.CHECKSUM_SINCE ? State.CHECKSUM : State.DONE;
      default -> keyAndValue(at, code);
    }
  }

  // What follows an opcode is kept only once it is whole: a rollback comes back to the opcode.

  private void deadline(long deadlineMs) {
    if (!input.starved()) {
      entry.deadlineMs = deadlineMs;
    }
  }

  private void idle(long seconds) {
    if (!input.starved()) {
      entry.idleSeconds = seconds;
    }
  }

  private void frequency(int value) {
    if (!input.starved()) {
      entry.frequency = value;
    }
  }

  private void selectDatabase(long index) throws RdbException {
    if (input.starved()) {
      return;
    }
    if (index >= databases) {
      throw RdbInput.corrupt(
          input.offset(),
          "FATAL: Data file was created with a Redis server configured to handle more than "
              + databases
              + " databases. Exiting");
    }
    entry.database = (int) index;
  }

  private void sizes(long keys, long keysWithDeadline) {
    if (!input.starved()) {
      visitor.sizes(entry.database, keys, keysWithDeadline);
    }
  }

  private void aux() throws RdbException {
    input.string();
    String name = input.text();
    input.string();
    if (!input.starved()) {
      visitor.aux(name, input.text());
    }
  }

  private void moduleAux(long at) throws RdbException {
    long id = input.identifier();
    if (!input.starved()) {
      throw unsupported(
          at,
          "The RDB file contains AUX module data I can't load: no matching module '"
              + moduleName(id)
              + "'");
    }
  }

  private static String moduleName(long id) {
    StringBuilder name = new StringBuilder();
    for (int shift = 58; shift >= 10; shift -= 6) {
      name.append(MODULE_NAME_CHARACTERS.charAt((int) (id >>> shift) & 63));
    }
    return name.toString();
  }

  private void keyAndValue(long at, int type) throws RdbException {
    if (!ElementReader.knows(type)) {
      throw unknownType(at, type);
    }
    input.string();
    byte[] key = input.starved() ? null : input.copyString();
    RdbValue value = elements.begin(type);
    if (value == null) {
      return;
    }
    entry.key = key;
    entry.value = value;
    visitor.entry(entry);
    if (value instanceof RdbValue.Elements) {
      state = State.ELEMENTS;
      endElements();
    } else {
      entry.forgetMetadata();
    }
  }

  private void element() throws RdbException {
    elements.next(visitor);
    if (!input.starved()) {
      endElements();
    }
  }

  private void endElements() throws RdbException {
    if (elements.isDone()) {
      visitor.elementsEnd();
      entry.forgetMetadata();
      state = State.ITEMS;
    }
  }

  private static RdbException unknownType(long at, int type) {
    String name = RdbFormat.typeName(type);
    return name == null
        ? RdbInput.corrupt(at, "Unknown RDB encoding type " + type)
        : unsupported(
            at,
            "a value of type " + type + " (" + name + "), which does not exist in this server yet");
  }

  private static RdbException unsupported(long at, String what) {
    return new RdbException(Kind.UNSUPPORTED, at, what);
  }

  private void checksum() throws RdbException {
    long at = input.offset();
    long stored = input.littleEndian(8);
    if (input.starved()) {
      return;
    }
    if (verifies && stored != 0 && stored != input.checksum()) {
      throw new RdbException(
          Kind.CHECKSUM,
          at,
          "Wrong RDB checksum expected: ("
              + Long.toHexString(input.checksum())
              + ") but got ("
              + Long.toHexString(stored)
              + "). Aborting now.");
    }
    state = State.DONE;
  }
}
