package io.vigil.core.session;

import io.vigil.core.base.Arguments;
import io.vigil.core.spec.Command;
import io.vigil.core.spec.CommandFlag;
import java.util.ArrayList;
import java.util.List;

/** What a client has queued since MULTI. */
public final class Transaction {
  private static final int WORD_OVERHEAD_BYTES = 8;

  private final List<Queued> commands = new ArrayList<>(2);
  private long union;
  private long intersection = -1;
  private long argumentBytes;
  private boolean failed;

  /** One queued command; the words own their bytes. */
  public record Queued(Command command, Arguments arguments) {}

  /** Queues a copy of a command. */
  void add(Command command, Arguments arguments) {
    commands.add(new Queued(command, arguments.retain()));
    union |= command.spec().flags();
    intersection &= command.spec().flags();
    argumentBytes += arguments.totalBytes() + (long) WORD_OVERHEAD_BYTES * arguments.count();
  }

  public List<Queued> commands() {
    return commands;
  }

  /** Bytes of all queued words, as CLIENT LIST shows them. */
  public long argumentBytes() {
    return argumentBytes;
  }

  /** Something was refused while queueing: EXEC aborts. */
  public boolean failed() {
    return failed;
  }

  void fail() {
    failed = true;
  }

  /**
   * {@code flags} of EXEC as they count for the guards: it writes, or needs memory, when a queued
   * command does; it may run while loading or stale only when all of them may.
   */
  public long joinFlags(long flags) {
    long needsAll = CommandFlag.LOADING.mask() | CommandFlag.STALE.mask();
    long joinsAny =
        CommandFlag.WRITE.mask()
            | CommandFlag.READONLY.mask()
            | CommandFlag.DENYOOM.mask()
            | CommandFlag.MAY_REPLICATE.mask()
            | CommandFlag.NO_ASYNC_LOADING.mask();
    return (flags | (union & joinsAny)) & (~needsAll | intersection);
  }
}
