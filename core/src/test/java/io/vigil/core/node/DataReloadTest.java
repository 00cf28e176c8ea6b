package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** DEBUG RELOAD: what was saved is what is there, no more and no less. */
class DataReloadTest {
  private final CommandTester tester = new CommandTester("enable-debug-command yes\n");

  @Test
  void dataComeBackAsTheyWere() {
    tester.run("SET", "a", "1", "PX", "100000");
    tester.run("SELECT", "3");
    tester.run("SET", "b", "some text");
    String before = tester.text("DEBUG", "DIGEST");
    assertThat(tester.text("DEBUG", "RELOAD")).isEqualTo("+OK\r\n");
    assertThat(tester.text("DEBUG", "DIGEST")).isEqualTo(before);
  }

  @Test
  void withoutSavingWhatIsNewIsGone() {
    tester.run("SET", "old", "1");
    tester.run("SAVE");
    tester.run("SET", "new", "1");
    assertThat(tester.text("DEBUG", "RELOAD", "NOSAVE")).isEqualTo("+OK\r\n");
    assertThat(tester.text("EXISTS", "old", "new")).isEqualTo(":1\r\n");
  }

  @Test
  void withoutAFileNothingIsTouched() {
    tester.run("SET", "a", "1");
    assertThat(tester.text("DEBUG", "RELOAD", "NOSAVE"))
        .isEqualTo("-ERR Error trying to load the RDB dump, check server logs.\r\n");
    assertThat(tester.text("GET", "a")).isEqualTo("$1\r\n1\r\n");
  }

  @Test
  void whatItDoesNotKnowItRefuses() {
    assertThat(tester.text("DEBUG", "RELOAD", "MERGE"))
        .isEqualTo("-ERR DEBUG RELOAD only supports the NOSAVE option.\r\n");
  }
}
