package io.vigil.core.replication;

import io.vigil.core.env.Disk;
import io.vigil.core.env.Disk.DiskFile;
import io.vigil.core.env.Env;
import io.vigil.core.propagation.ReplicationStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a primary wrote and no replica acknowledged, kept in a file when the node becomes a replica
 * whose new primary goes on without it.
 *
 * <pre>
 *   stream   ---- mark ------ acknowledged ---------------- end of the primary's time
 *                  |---read----|------------kept-------------|
 * </pre>
 *
 * <p>The file {@code vigil-tail-<time>-<offset>.resp} in the working directory holds commands as
 * clients send them, first of all the SELECT of their database: {@code redis-cli --pipe} runs them.
 * It may begin with some that the new primary has, since a replica acknowledges once a second.
 *
 * <p>Bounds: {@code vigil-tail-files} files, the oldest go first; {@code vigil-tail-size} bytes,
 * the newest stay; and never more than the backlog holds in memory. The place of a command in the
 * stream is known from marks, set once a second.
 */
final class LostTail {
  private static final String PREFIX = "vigil-tail-";
  private static final String SUFFIX = ".resp";
  private static final String LANE = "tail";
  private static final int MARKS = 300;

  private final Env env;
  private final ReplicationStream stream;
  private final ReplicationSettings settings;
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private long acknowledgedOffset;
  private Candidate candidate;
  private boolean writing;
  private String lastFile = "";
  private long lastBytes;

  /** A place between two commands, and the database selected there. */
  private record Mark(long offset, int database) {}

  /** The primary's time has ended with the stream at {@code end}. */
  private record Candidate(long acknowledged, long end) {}

  LostTail(Env env, ReplicationStream stream, ReplicationSettings settings) {
    this.env = env;
    this.stream = stream;
    this.settings = settings;
  }

  // ---- while the node is a primary

  /** Between two commands, once a second. */
  void mark() {
    if (!stream.isActive() || !marks.isEmpty() && marks.getLast().offset == stream.offset()) {
      return;
    }
    marks.add(new Mark(stream.offset(), stream.database()));
    while (marks.size() > MARKS || marks.getFirst().offset + 1 < stream.firstInMemory()) {
      marks.remove();
    }
  }

  /** A replica has all up to {@code offset}. */
  void acknowledged(long offset) {
    acknowledgedOffset = Math.max(acknowledgedOffset, Math.min(offset, stream.offset()));
  }

  /** The node becomes a primary: what it has until now it has from others. */
  void promoted() {
    if (candidate == null) {
      acknowledgedOffset = stream.offset();
      marks.clear();
    }
    candidate = null;
    mark();
  }

  /** The node stops to be a primary. */
  void demoted() {
    candidate = stream.isActive() ? new Candidate(acknowledgedOffset, stream.offset()) : null;
    mark();
  }

  // ---- while it is a replica

  /** The new primary goes on with all that is here. */
  void continued() {
    candidate = null;
  }

  /** The new primary has another history: what it does not have is written to a file. */
  void discarded() {
    Candidate lost = candidate;
    candidate = null;
    if (lost == null || settings.tailFiles == 0 || lost.end <= lost.acknowledged) {
      return;
    }
    long from = Math.max(lost.acknowledged, lost.end - settings.tailBytes);
    Mark start = markFor(from);
    if (start == null) {
      env.log()
          .warning(
              String.format(
                  Locale.ROOT,
                  "The commands from offset %d to %d, which no replica has acknowledged, are no"
                      + " longer in memory and cannot be kept in a file.",
                  lost.acknowledged + 1,
                  lost.end));
      return;
    }
    byte[] bytes = stream.copy(start.offset + 1, lost.end);
    long skipped = Math.max(0, from - start.offset);
    String path =
        String.format(
            Locale.ROOT,
            "%s%d-%d%s",
            PREFIX,
            env.clock().wallMs(),
            Math.max(from, start.offset) + 1,
            SUFFIX);
    write(path, bytes, skipped, start.database);
  }

  /** The last mark at or before {@code offset}, else the first one behind it. */
  private Mark markFor(long offset) {
    Mark best = null;
    for (Mark mark : marks) {
      boolean held = mark.offset + 1 >= stream.firstInMemory();
      if (held && (best == null || mark.offset <= offset)) {
        best = mark;
      }
    }
    return best;
  }

  private void write(String path, byte[] bytes, long skipped, int database) {
    writing = true;
    int files = settings.tailFiles;
    env.offload()
        .submit(
            LANE,
            () -> {
              byte[] commands = TailCommands.of(bytes, skipped, database);
              if (commands.length > 0) {
                store(env.disk(), path, commands, files);
              }
              return commands.length;
            },
            (length, failure) -> written(path, length, failure));
  }

  private static void store(Disk disk, String path, byte[] commands, int files) throws IOException {
    try (DiskFile file = disk.create(path)) {
      file.write(commands, 0, commands.length);
      file.sync();
    }
    disk.syncDirectory(".");
    List<String> kept =
        disk.list(".").stream()
            .filter(name -> name.startsWith(PREFIX) && name.endsWith(SUFFIX))
            .toList();
    for (String old : kept.subList(0, Math.max(0, kept.size() - files))) {
      disk.delete(old);
    }
  }

  private void written(String path, Integer length, Exception failure) {
    writing = false;
    if (failure != null) {
      env.log()
          .warning(
              "The commands that no replica has acknowledged cannot be kept in "
                  + path
                  + ": "
                  + failure.getMessage());
    } else if (length > 0) {
      lastFile = path;
      lastBytes = length;
      env.log()
          .warning(
              String.format(
                  Locale.ROOT,
                  "The new master goes on without %d bytes of commands that no replica has"
                      + " acknowledged; they are kept in %s.",
                  length,
                  path));
    }
    List<Runnable> actions = List.copyOf(waiting);
    waiting.clear();
    actions.forEach(Runnable::run);
  }

  /** Runs {@code action} once nothing is being written: now, if that is so. */
  void whenKept(Runnable action) {
    if (writing) {
      waiting.add(action);
    } else {
      action.run();
    }
  }

  /** Name of the last file written since the start, or nothing. */
  String lastFile() {
    return lastFile;
  }

  /** Length of {@link #lastFile}. */
  long lastBytes() {
    return lastBytes;
  }
}
