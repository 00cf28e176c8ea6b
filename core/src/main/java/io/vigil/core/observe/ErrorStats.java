package io.vigil.core.observe;

import java.util.Map;
import java.util.TreeMap;

/** How often each code of error was answered: INFO errorstats. */
public final class ErrorStats {
  private final Map<String, Long> counts = new TreeMap<>();
  private long total;

  /** An error with {@code code}, such as {@code ERR}, was answered. */
  public void count(String code) {
    total++;
    counts.merge(code, 1L, Long::sum);
  }

  /** {@code total_error_replies}. */
  public long total() {
    return total;
  }

  public void write(InfoText out) {
    counts.forEach((code, count) -> out.field("errorstat_" + code, "count=" + count));
  }

  /** Forgets everything, as CONFIG RESETSTAT does. */
  public void reset() {
    counts.clear();
    total = 0;
  }
}
