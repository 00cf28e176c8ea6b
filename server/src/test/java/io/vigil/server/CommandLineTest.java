package io.vigil.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandLineTest {
  private static CommandLine parse(String... arguments) {
    return CommandLine.parse(arguments);
  }

  @Test
  void noArguments() {
    assertThat(parse()).isEqualTo(new CommandLine(null, false, "", false));
  }

  @Test
  void theFirstWordWithoutADashIsTheFile() {
    CommandLine line = parse("redis.conf", "--port", "6380", "--replicaof", "127.0.0.1", "6379");
    assertThat(line.configFile()).isEqualTo("redis.conf");
    assertThat(line.options()).isEqualTo("port \"6380\" \nreplicaof \"127.0.0.1\" \"6379\" ");
  }

  @Test
  void nameAndValueInOneArgument() {
    assertThat(parse("--port 6380", "--dir", "/tmp").options())
        .isEqualTo("port 6380 \ndir \"/tmp\" ");
  }

  @Test
  void aValueMayBeginWithDashes() {
    assertThat(parse("--requirepass", "--secret", "--port", "1").options())
        .isEqualTo("requirepass \"--secret\" \nport \"1\" ");
  }

  @Test
  void saveWithoutAValueMeansNoSavePoints() {
    assertThat(parse("--save", "--port", "1").options()).isEqualTo("save \"\"\nport \"1\" ");
    assertThat(parse("--port", "1", "--save").options()).isEqualTo("port \"1\" \nsave \"\"");
    assertThat(parse("--save", "", "--port", "1").options()).isEqualTo("save \"\" \nport \"1\" ");
  }

  @Test
  void sentinelStandsAlone() {
    CommandLine line = parse("s.conf", "--sentinel", "--port", "26380");
    assertThat(line.sentinel()).isTrue();
    assertThat(line.options()).isEqualTo("sentinel \nport \"26380\" ");
    assertThat(parse("s.conf", "--sentinel").options()).isEqualTo("sentinel ");
  }

  @Test
  void aLoneDashFirstOrLastReadsTheStandardInput() {
    assertThat(parse("-").readsStandardInput()).isTrue();
    assertThat(parse("a.conf", "--port", "1", "-").readsStandardInput()).isTrue();
    CommandLine inside = parse("--requirepass", "-", "--port", "1");
    assertThat(inside.readsStandardInput()).isFalse();
    assertThat(inside.options()).isEqualTo("requirepass \"-\" \nport \"1\" ");
  }

  @Test
  void quotesWhatTheConfigurationWouldSplit() {
    assertThat(parse("--requirepass", "a \"b\" \\ c\nd").options())
        .isEqualTo("requirepass \"a \\\"b\\\" \\\\ c\\nd\" ");
  }
}
