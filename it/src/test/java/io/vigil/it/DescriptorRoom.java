package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Descriptors for tests with thousands of sockets. */
final class DescriptorRoom {
  private DescriptorRoom() {}

  /** Makes sure that this process, and those it starts, may open {@code count} descriptors. */
  static void need(long count) throws IOException, InterruptedException {
    if (limit() < count) {
      // The JVM has raised the soft limit to the hard one already; only root goes beyond that.
      String both = "--nofile=" + count + ":" + count;
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("prlimit", "--pid", self, both).inheritIO().start().waitFor();
    }
    assertThat(limit())
        .as("descriptors this process may open; raise its hard limit with ulimit -Hn")
        .isGreaterThanOrEqualTo(count);
  }

  private static long limit() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getMaxFileDescriptorCount();
  }
}
