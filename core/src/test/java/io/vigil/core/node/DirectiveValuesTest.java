package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.resp.Reply;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every directive is given odd values at run time: each is taken or refused, and the node lives.
 */
class DirectiveValuesTest {
  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "1",
          "-1",
          "2147483647",
          "2147483648",
          "-2147483649",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551615",
          "1gb",
          "10%",
          "-5%",
          "1.5",
          "nan",
          "yes",
          "no",
          "\"",
          "a b c",
          "0777",
          "x".repeat(5000));

  static Stream<String> directives() {
    Reply.Array all = (Reply.Array) new CommandTester().run("CONFIG", "GET", "*");
    return IntStream.range(0, all.elements().size() / 2)
        .mapToObj(pair -> all.elements().get(2 * pair).asText());
  }

  @ParameterizedTest
  @MethodSource("directives")
  void anyValueIsTakenOrRefused(String directive) {
    CommandTester tester = new CommandTester();
    tester.text("SET", "key", "value");
    for (String value : VALUES) {
      TestClient client = tester.connect();
      if (client.isClosed()) {
        assertThat(directive).isEqualTo("maxclients");
        return;
      }
      client.call("AUTH", value); // once requirepass has been set to it
      assertThat(client.raw("CONFIG", "SET", directive, value))
          .as("CONFIG SET " + directive + " " + value)
          .matches("(?s)\\+OK\r\n|-(ERR|NOAUTH|OOM) .*\r\n");
      client.raw("SET", "key", value);
      tester.world().advanceMs(2500);
      client.hangUp();
    }
    assertThat(tester.world().exitStatus()).isNotPositive();
  }
}
