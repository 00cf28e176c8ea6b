package io.vigil.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentinelEventsTest {
  private final SentinelEvents events = new SentinelEvents();

  @Test
  void namesMembersByRoleAndPort() {
    assertThat(events.describe("+sdown", "master mymaster 127.0.0.1 6379"))
        .isEqualTo("+sdown  primary 6379 does not answer");
    assertThat(
            events.describe(
                "-sdown", "slave 127.0.0.1:6380 127.0.0.1 6380 @ mymaster 127.0.0.1 6379"))
        .isEqualTo("-sdown  replica 6380 answers again");
    assertThat(events.describe("+odown", "master mymaster 127.0.0.1 6379 #quorum 2/2"))
        .isEqualTo("+odown  primary 6379 is down, quorum 2/2");
  }

  @Test
  void namesTheVoterByItsRunId() {
    events.identify("abc", 26380);
    assertThat(events.describe("+vote-for-leader", "abc 7"))
        .isEqualTo("+vote-for-leader  votes for sentinel 26380 in epoch 7");
    assertThat(events.describe("+vote-for-leader", "def 7"))
        .isEqualTo("+vote-for-leader  votes for sentinel def in epoch 7");
  }

  @Test
  void aSwitchIsSaidOnceThoughEverySentinelTellsIt() {
    String there = "mymaster 127.0.0.1 6379 127.0.0.1 6380";
    String back = "mymaster 127.0.0.1 6380 127.0.0.1 6379";
    assertThat(events.describe("+switch-master", there))
        .isEqualTo("+switch-master  6380 is the primary now, 6379 was");
    assertThat(events.describe("+switch-master", there)).isNull();
    assertThat(events.describe("+switch-master", back)).isNotNull();
    assertThat(events.describe("+switch-master", there)).isNotNull();
  }

  @Test
  void saysNothingOfWhatIsNoNews() {
    assertThat(events.describe("+slave-reconf-inprog", "slave x 127.0.0.1 6380")).isNull();
  }
}
