package io.vigil.core.sentinel;

import java.util.ArrayList;
import java.util.List;

/**
 * The fields of an INFO reply that a Sentinel acts on. Fields that are missing keep the values
 * given here.
 */
final class InfoReport {
  String runId;
  boolean roleKnown;
  boolean isPrimary;

  /** How long a replica's link has been down; 0 when it is up, negative when it never was. */
  long linkDownMs;

  String primaryHost;
  int primaryPort;
  boolean linkUp;
  int priority = 100;
  long offset;
  boolean announced = true;
  final List<Address> replicas = new ArrayList<>();

  static InfoReport parse(String text) {
    InfoReport report = new InfoReport();
    for (String line : text.split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        report.take(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return report;
  }

  private void take(String field, String value) {
    switch (field) {
      case "run_id" -> runId = value.length() >= 40 ? value.substring(0, 40) : runId;
      case "role" -> {
        roleKnown = true;
        isPrimary = value.equals("master");
      }
      case "master_link_down_since_seconds" -> linkDownMs = number(value, 0) * 1000;
      case "master_host" -> primaryHost = value;
      case "master_port" -> primaryPort = (int) number(value, 0);
      case "master_link_status" -> linkUp = value.equals("up");
      case "slave_priority" -> priority = (int) number(value, 100);
      case "slave_repl_offset" -> offset = number(value, 0);
      case "replica_announced" -> announced = !value.equals("0");
      default -> takeReplica(field, value);
    }
  }

  /** {@code slave0:ip=127.0.0.1,port=6380,state=online,...}. */
  private void takeReplica(String field, String value) {
    boolean replicaLine =
        field.length() > 5 && field.startsWith("slave") && Character.isDigit(field.charAt(5));
    if (!replicaLine) {
      return;
    }
    String host = null;
    int port = 0;
    for (String pair : value.split(",")) {
      if (pair.startsWith("ip=")) {
        host = pair.substring(3);
      } else if (pair.startsWith("port=")) {
        port = (int) number(pair.substring(5), 0);
      }
    }
    if (host != null && !host.isEmpty() && port > 0 && port < 65_536) {
      replicas.add(new Address(host, port));
    }
  }

  private static long number(String text, long otherwise) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException malformed) {
      return otherwise;
    }
  }
}
