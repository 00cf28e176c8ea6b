package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;

/**
 * The one story every client is to live through: it writes, the primary is killed, it writes again.
 */
final class Failover {
  private static final int WRITES = 200;
  private static final Duration UNTIL_WRITING_AGAIN = Duration.ofSeconds(20);

  private Failover() {}

  /** How a client writes; any exception means that the write was not acknowledged. */
  @FunctionalInterface
  interface Writer {
    void set(String key, String value) throws Exception;
  }

  /**
   * Lets a client write, kills the primary with SIGKILL, and proves that the client goes on at the
   * new one.
   */
  static void assertWritesGoOn(TestGroup group, Writer writer) throws Exception {
    for (int i = 0; i < WRITES; i++) {
      writer.set("before:" + i, Integer.toString(i));
    }
    int old = group.killPrimary();
    Await.until(
        "the client writes again",
        UNTIL_WRITING_AGAIN,
        () -> {
          writer.set("after:first", "yes");
          return true;
        });
    for (int i = 0; i < WRITES; i++) {
      writer.set("after:" + i, Integer.toString(i));
    }
    Await.until(
        "the first Sentinel names another primary",
        UNTIL_WRITING_AGAIN,
        () -> group.primaryPort() != old);
    assertHolds(group.primaryPort());
  }

  private static void assertHolds(int port) throws IOException {
    assertThat(Resp.info(port, "role")).isEqualTo("master");
    for (int i = 0; i < WRITES; i++) {
      assertThat(Resp.text(port, "GET", "after:" + i)).isEqualTo(Integer.toString(i));
    }
    assertThat(Resp.text(port, "GET", "before:0")).isEqualTo("0");
  }
}
