package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransactionCommandsTest {
  private final CommandTester tester = new CommandTester();

  @Test
  void queuesAndRuns() {
    assertThat(tester.text("MULTI")).isEqualTo("+OK\r\n");
    assertThat(tester.text("PING")).isEqualTo("+QUEUED\r\n");
    assertThat(tester.text("ECHO", "x")).isEqualTo("+QUEUED\r\n");
    assertThat(tester.text("EXEC")).isEqualTo("*2\r\n+PONG\r\n$1\r\nx\r\n");
    assertThat(tester.text("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void refusesWhatIsOutOfPlace() {
    assertThat(tester.text("EXEC")).isEqualTo("-ERR EXEC without MULTI\r\n");
    assertThat(tester.text("DISCARD")).isEqualTo("-ERR DISCARD without MULTI\r\n");
    tester.run("MULTI");
    assertThat(tester.text("MULTI")).isEqualTo("-ERR MULTI calls can not be nested\r\n");
    assertThat(tester.text("WATCH", "x")).isEqualTo("-ERR WATCH inside MULTI is not allowed\r\n");
    assertThat(tester.text("DISCARD")).isEqualTo("+OK\r\n");
  }

  @Test
  void errorsWhileQueueingAbort() {
    tester.run("MULTI");
    assertThat(tester.text("nope")).startsWith("-ERR unknown command 'nope'");
    assertThat(tester.text("PING")).isEqualTo("+QUEUED\r\n");
    assertThat(tester.text("EXEC"))
        .isEqualTo("-EXECABORT Transaction discarded because of previous errors.\r\n");
    assertThat(tester.text("EXEC")).isEqualTo("-ERR EXEC without MULTI\r\n");
  }

  @Test
  void errorsInsideAreRepliesAmongOthers() {
    tester.run("MULTI");
    tester.run("SELECT", "99");
    tester.run("PING");
    assertThat(tester.text("EXEC")).isEqualTo("*2\r\n-ERR DB index is out of range\r\n+PONG\r\n");
  }

  @Test
  void refusedExecDropsTheQueue() {
    tester.run("MULTI");
    assertThat(tester.text("EXEC", "x"))
        .isEqualTo(
            "-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec'"
                + " command\r\n");
    assertThat(tester.text("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void monitorsSeeTheTransactionInOrder() {
    TestClient monitor = tester.connect();
    assertThat(monitor.raw("MONITOR")).isEqualTo("+OK\r\n");
    tester.run("MULTI");
    tester.run("ECHO", "a\"\n");
    tester.run("EXEC");
    String prefix = "+1700000000.000000 [0 127.0.0.1:50000] ";
    assertThat(monitor.takeText())
        .isEqualTo(
            prefix
                + "\"MULTI\"\r\n"
                + prefix
                + "\"ECHO\" \"a\\\"\\n\"\r\n"
                + prefix
                + "\"EXEC\"\r\n");
    assertThat(tester.text("AUTH", "default", "secret")).isEqualTo("+OK\r\n");
    assertThat(monitor.takeText()).contains("\"AUTH\" \"(redacted)\" \"(redacted)\"");
  }
}
