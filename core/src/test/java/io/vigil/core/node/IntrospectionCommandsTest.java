package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.spec.Command;
import org.junit.jupiter.api.Test;

class IntrospectionCommandsTest {
  private final CommandTester tester = new CommandTester();

  @Test
  void describesACommand() {
    assertThat(tester.text("COMMAND", "INFO", "select", "nope"))
        .isEqualTo(
            "*2\r\n*10\r\n$6\r\nselect\r\n:2\r\n*3\r\n+loading\r\n+stale\r\n+fast\r\n"
                + ":0\r\n:0\r\n:0\r\n*2\r\n+@fast\r\n+@connection\r\n*0\r\n*0\r\n*0\r\n$-1\r\n");
    assertThat(tester.text("COMMAND", "INFO", "watch"))
        .contains(":1\r\n:-1\r\n:1\r\n")
        .contains("$12\r\nbegin_search\r\n*4\r\n$4\r\ntype\r\n$5\r\nindex\r\n");
  }

  @Test
  void countsAndLists() {
    int commands = tester.node().services().table().size();
    assertThat(tester.text("COMMAND", "COUNT")).isEqualTo(":" + commands + "\r\n");
    assertThat(tester.text("COMMAND")).startsWith("*" + commands + "\r\n*10\r\n");
    assertThat(tester.text("COMMAND", "DOCS")).startsWith("*" + commands * 2 + "\r\n");
    assertThat(tester.text("COMMAND", "LIST", "FILTERBY", "PATTERN", "pubsub|n*"))
        .isEqualTo("*2\r\n$13\r\npubsub|numpat\r\n$13\r\npubsub|numsub\r\n");
    assertThat(tester.text("COMMAND", "LIST", "FILTERBY", "ACLCAT", "transaction"))
        .startsWith("*5\r\n");
    assertThat(tester.text("COMMAND", "LIST", "FILTERBY", "X", "y"))
        .isEqualTo("-ERR syntax error\r\n");
    assertThat(tester.text("COMMAND", "LIST", "FILTERBY", "MODULE", "y")).isEqualTo("*0\r\n");
  }

  @Test
  void findsKeys() {
    assertThat(tester.text("COMMAND", "GETKEYS", "watch", "a", "b"))
        .isEqualTo("*2\r\n$1\r\na\r\n$1\r\nb\r\n");
    assertThat(tester.text("COMMAND", "GETKEYSANDFLAGS", "watch", "a"))
        .isEqualTo("*1\r\n*2\r\n$1\r\na\r\n*1\r\n+RO\r\n");
    assertThat(tester.text("COMMAND", "GETKEYS", "ping", "a"))
        .isEqualTo("-ERR The command has no key arguments\r\n");
    assertThat(tester.text("COMMAND", "GETKEYS", "nope", "a"))
        .isEqualTo("-ERR Invalid command specified\r\n");
  }

  @Test
  void everyCommandIsDocumented() {
    for (Command command : tester.node().services().table().all()) {
      assertThat(command.spec().summary()).as(command.fullName()).endsWith(".");
      assertThat(command.spec().since()).as(command.fullName()).matches("\\d+\\.\\d+\\.\\d+");
      assertThat(command.spec().arity()).as(command.fullName()).isNotZero();
      boolean runs = command.spec().handler() != null;
      assertThat(runs || command.isContainer()).as(command.fullName()).isTrue();
    }
  }

  @Test
  void timeIsSecondsAndMicros() {
    assertThat(tester.text("TIME")).isEqualTo("*2\r\n$10\r\n1700000000\r\n$1\r\n0\r\n");
  }
}
