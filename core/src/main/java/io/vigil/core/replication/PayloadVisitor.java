package io.vigil.core.replication;

import io.vigil.core.env.Log;
import io.vigil.core.persist.rdb.ForwardingVisitor;
import io.vigil.core.persist.rdb.RdbEntry;
import io.vigil.core.persist.rdb.RdbVisitor;
import io.vigil.core.persist.store.FileFacts;
import io.vigil.core.persist.store.SaveState;
import java.util.Locale;

/** Passes the entries of a payload on, and keeps what it says of itself. */
final class PayloadVisitor extends ForwardingVisitor {
  private final Log log;
  private final FileFacts facts;

  PayloadVisitor(RdbVisitor data, Log log, long nowMs) {
    super(data);
    this.log = log;
    this.facts = new FileFacts(log, nowMs);
  }

  @Override
  public void aux(String name, String value) {
    facts.aux(name, value);
  }

  @Override
  protected boolean wants(RdbEntry entry) {
    facts.keyLoaded();
    return true;
  }

  /** The database selected in the stream where the payload was made; -1 when it does not say. */
  int streamDatabase() {
    return facts.streamDatabase();
  }

  long keysLoaded() {
    return facts.keysLoaded();
  }

  void report(SaveState state) {
    state.keysLoaded = facts.keysLoaded();
    state.keysExpiredWhileLoading = 0;
    state.changes++;
    log.notice(
        String.format(
            Locale.ROOT,
            "Done loading RDB, keys loaded: %d, keys expired: 0.",
            facts.keysLoaded()));
  }
}
