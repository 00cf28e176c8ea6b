package io.vigil.sim;

import io.vigil.core.base.Rng;
import io.vigil.core.env.Processes;
import java.util.List;

/**
 * The scripts of a Sentinel, as administrators write them: most end well, some fail for good, some
 * want to be run again, are killed, cannot be started, or hang until their time is over.
 *
 * <p>Each call is checked: a script gets the words Redis gives it, and no more than {@value
 * #MOST_AT_ONCE} run at once.
 */
final class SimScripts implements Processes {
  /** A script that hears of events: its path, the event, the event's text. */
  static final String NOTIFICATION = "/scripts/notify";

  /** A script that hears of failovers: its path, group, role, state, old and new address. */
  static final String RECONFIGURATION = "/scripts/reconfigure";

  private static final int MOST_AT_ONCE = 16;
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  private final Rng rng;
  private final Outcome.Totals totals;
  private final After after;
  private int running;
  private long lastProcessId;

  /** Runs something in the process later, if that still lives. */
  @FunctionalInterface
  interface After {
    void run(long delayMs, Runnable action);
  }

  SimScripts(Rng rng, Outcome.Totals totals, After after) {
    this.rng = rng;
    this.totals = totals;
    this.after = after;
  }

  @Override
  public boolean isExecutable(String path) {
    return path.equals(NOTIFICATION) || path.equals(RECONFIGURATION);
  }

  @Override
  public long run(List<String> command, long timeoutMs, Ended ended) {
    checkWords(command);
    totals.scripts++;
    running++;
    if (running > MOST_AT_ONCE) {
      throw new Violation(running + " scripts run at once");
    }
    long shortMs = 1 + rng.nextLong(3_000);
    switch (rng.nextInt(8)) {
      case 0 -> {
        end(0, ended, -1, 0, false); // cannot be started
        return 0;
      }
      case 1 -> end(timeoutMs, ended, 0, SIGKILL, true); // hangs
      case 2 -> end(shortMs, ended, 1, 0, false); // wants to be run again
      case 3 -> end(shortMs, ended, 2, 0, false);
      case 4 -> end(shortMs, ended, 0, SIGTERM, false);
      default -> end(shortMs, ended, 0, 0, false);
    }
    return ++lastProcessId;
  }

  private void end(long delayMs, Ended ended, int status, int signal, boolean timedOut) {
    totals.scriptsFailed += status != 0 || signal != 0 ? 1 : 0;
    after.run(
        delayMs,
        () -> {
          running--;
          ended.ended(status, signal, timedOut);
        });
  }

  private static void checkWords(List<String> command) {
    int wanted = command.getFirst().equals(NOTIFICATION) ? 3 : 8;
    if (command.size() != wanted) {
      throw new Violation("A script is called with other words than Redis's: " + command);
    }
  }
}
