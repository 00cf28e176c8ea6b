package io.vigil.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Log lines as Redis 7.0.15 writes them. */
class ResyncReportTest {
  private final Member primary = new Member(Member.Kind.NODE, 6379, Path.of("/tmp"));
  private final Member replica = new Member(Member.Kind.NODE, 6380, Path.of("/tmp"));
  private long received;
  private final ResyncReport report = new ResyncReport(node -> received);

  private static String line(String time, String text) {
    return "123:S 20 Nov 2026 " + time + " * " + text;
  }

  @Test
  void fullFromDiskTellsItsSizeInTheLog() {
    report.take(replica, line("23:59:59.900", "Connecting to MASTER 127.0.0.1:6379"));
    report.take(replica, line("23:59:59.950", "Full resync from master: abc:14"));
    report.take(
        replica,
        line("23:59:59.960", "MASTER <-> REPLICA sync: receiving 4711 bytes from master to disk"));
    assertThat(
            report.take(
                replica, line("00:00:01.150", "MASTER <-> REPLICA sync: Finished with success")))
        .isEqualTo(
            new ResyncReport.Finished(
                6380, "full resynchronisation from 6379: 4711 bytes, 1.250 s"));
  }

  @Test
  void fullFromMemoryIsCountedByTheReplica() {
    received = 1000;
    report.take(replica, line("10:00:00.000", "Connecting to MASTER 127.0.0.1:6379"));
    report.take(replica, line("10:00:00.100", "Full resync from master: abc:14"));
    report.take(
        replica,
        line(
            "10:00:00.200",
            "MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF to disk"));
    received = 1259;
    assertThat(
            report
                .take(
                    replica, line("10:00:00.300", "MASTER <-> REPLICA sync: Finished with success"))
                .text())
        .isEqualTo("full resynchronisation from 6379: 259 bytes, 0.300 s");
  }

  @Test
  void partialTellsItsSizeInThePrimarysLog() {
    report.take(replica, line("10:00:00.000", "Connecting to MASTER 127.0.0.1:6379"));
    assertThat(
            report.take(
                primary,
                line(
                    "10:00:00.025",
                    "Partial resynchronization request from 127.0.0.1:6380 accepted. Sending 245"
                        + " bytes of backlog starting from offset 14.")))
        .isEqualTo(
            new ResyncReport.Finished(
                6380, "partial resynchronisation from 6379: 245 bytes, 0.025 s"));
  }

  @Test
  void otherLinesSayNothing() {
    assertThat(report.take(replica, line("10:00:00.000", "Ready to accept connections"))).isNull();
    assertThat(report.take(replica, "no log line at all")).isNull();
    assertThat(
            report.take(
                replica, line("10:00:00.000", "MASTER <-> REPLICA sync: Finished with success")))
        .isNull();
  }
}
