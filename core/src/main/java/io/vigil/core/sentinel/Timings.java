package io.vigil.core.sentinel;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every period and limit of a Sentinel, in milliseconds, with Redis's defaults. {@code SENTINEL
 * DEBUG} shows and changes them; otherwise they are constants.
 */
final class Timings {
  long infoPeriodMs = 10_000;
  long pingPeriodMs = 1_000;
  long askPeriodMs = 1_000;
  long publishPeriodMs = 2_000;
  long defaultDownAfterMs = 30_000;
  long defaultFailoverTimeoutMs = 180_000;
  long tiltTriggerMs = 2_000;
  long tiltPeriodMs = 30_000;
  long replicaReconfigureTimeoutMs = 10_000;
  long minLinkReconnectPeriodMs = 15_000;
  long electionTimeoutMs = 10_000;
  long scriptMaxRuntimeMs = 60_000;
  long scriptRetryDelayMs = 30_000;

  /** The names SENTINEL DEBUG uses, in its order, with the present values. */
  Map<String, Long> all() {
    Map<String, Long> values = new LinkedHashMap<>();
    values.put("INFO-PERIOD", infoPeriodMs);
    values.put("PING-PERIOD", pingPeriodMs);
    values.put("ASK-PERIOD", askPeriodMs);
    values.put("PUBLISH-PERIOD", publishPeriodMs);
    values.put("DEFAULT-DOWN-AFTER", defaultDownAfterMs);
    values.put("DEFAULT-FAILOVER-TIMEOUT", defaultFailoverTimeoutMs);
    values.put("TILT-TRIGGER", tiltTriggerMs);
    values.put("TILT-PERIOD", tiltPeriodMs);
    values.put("SLAVE-RECONF-TIMEOUT", replicaReconfigureTimeoutMs);
    values.put("MIN-LINK-RECONNECT-PERIOD", minLinkReconnectPeriodMs);
    values.put("ELECTION-TIMEOUT", electionTimeoutMs);
    values.put("SCRIPT-MAX-RUNTIME", scriptMaxRuntimeMs);
    values.put("SCRIPT-RETRY-DELAY", scriptRetryDelayMs);
    return values;
  }

  /** Sets one value; false when there is no such name. */
  boolean set(String upperCaseName, long valueMs) {
    switch (upperCaseName) {
      case "INFO-PERIOD" -> infoPeriodMs = valueMs;
      case "PING-PERIOD" -> pingPeriodMs = valueMs;
      case "ASK-PERIOD" -> askPeriodMs = valueMs;
      case "PUBLISH-PERIOD" -> publishPeriodMs = valueMs;
      case "DEFAULT-DOWN-AFTER" -> defaultDownAfterMs = valueMs;
      case "DEFAULT-FAILOVER-TIMEOUT" -> defaultFailoverTimeoutMs = valueMs;
      case "TILT-TRIGGER" -> tiltTriggerMs = valueMs;
      case "TILT-PERIOD" -> tiltPeriodMs = valueMs;
      case "SLAVE-RECONF-TIMEOUT" -> replicaReconfigureTimeoutMs = valueMs;
      case "MIN-LINK-RECONNECT-PERIOD" -> minLinkReconnectPeriodMs = valueMs;
      case "ELECTION-TIMEOUT" -> electionTimeoutMs = valueMs;
      case "SCRIPT-MAX-RUNTIME" -> scriptMaxRuntimeMs = valueMs;
      case "SCRIPT-RETRY-DELAY" -> scriptRetryDelayMs = valueMs;
      default -> {
        return false;
      }
    }
    return true;
  }

  /**
   * How often an instance is pinged: often enough that its silence is known to a quarter of {@code
   * downAfterMs}.
   */
  long pingPeriodFor(long downAfterMs) {
    return Math.clamp(downAfterMs / 4, 1, pingPeriodMs);
  }

  /** How often the other Sentinels are asked about a primary that is down. */
  long askPeriodFor(long downAfterMs) {
    return Math.clamp(downAfterMs / 10, 1, askPeriodMs);
  }
}
