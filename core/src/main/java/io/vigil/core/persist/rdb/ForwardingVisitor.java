package io.vigil.core.persist.rdb;

/** Passes the entries of an RDB on to another visitor, those its subclass wants, whole. */
public abstract class ForwardingVisitor implements RdbVisitor {
  private final RdbVisitor next;
  private boolean passes;

  protected ForwardingVisitor(RdbVisitor next) {
    this.next = next;
  }

  /** False for a key that is to be left out. */
  protected boolean wants(RdbEntry entry) {
    return true;
  }

  @Override
  public void sizes(int database, long keys, long keysWithDeadline) {
    next.sizes(database, keys, keysWithDeadline);
  }

  @Override
  public final void entry(RdbEntry entry) throws RdbException {
    passes = wants(entry);
    if (passes) {
      next.entry(entry);
    }
  }

  @Override
  public final void element(byte[] array, int offset, int length) throws RdbException {
    if (passes) {
      next.element(array, offset, length);
    }
  }

  @Override
  public final void score(double score) throws RdbException {
    if (passes) {
      next.score(score);
    }
  }

  @Override
  public final void node(int type, byte[] array, int offset, int length) throws RdbException {
    if (passes) {
      next.node(type, array, offset, length);
    }
  }

  @Override
  public final void elementsEnd() throws RdbException {
    if (passes) {
      next.elementsEnd();
    }
  }
}
