package io.vigil.core.node;

import io.vigil.core.env.Host;
import io.vigil.core.env.Log;
import io.vigil.core.observe.config.Settings;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * {@code oom-score-adj}: how gladly the system ends this process when memory runs out, by its role.
 * The third of {@code oom-score-adj-values} is for the child that saves, of which there is none.
 */
final class OutOfMemoryScore {
  private static final int LIMIT = 1000;

  private final Host host;
  private final Log log;
  private final Settings settings;
  private final BooleanSupplier isReplica;

  /** What the process had before the first adjustment. */
  private int base;

  private boolean adjusted;

  OutOfMemoryScore(Host host, Log log, Settings settings, BooleanSupplier isReplica) {
    this.host = host;
    this.log = log;
    this.settings = settings;
    this.isReplica = isReplica;
  }

  /** Puts settings and role into effect; returns why that failed, or null. */
  String apply() {
    boolean wanted = !settings.oomScoreAdj.is("no");
    if (!wanted && !adjusted) {
      return null;
    }
    try {
      if (!adjusted) {
        base = host.outOfMemoryScore();
      }
      host.setOutOfMemoryScore(wanted ? score() : base);
      adjusted = wanted;
      return null;
    } catch (IOException e) {
      log.warning("Unable to write oom_score_adj: " + e.getMessage());
      return "Failed to apply new oom_score_adj configuration, check server logs.";
    }
  }

  private int score() {
    long value = settings.oomScores.value(isReplica.getAsBoolean() ? 1 : 0);
    if (settings.oomScoreAdj.is("relative")) {
      value += base;
    }
    return Math.clamp(value, -LIMIT, LIMIT);
  }
}
