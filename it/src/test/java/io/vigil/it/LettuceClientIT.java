package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.masterreplica.MasterReplica;
import io.lettuce.core.masterreplica.StatefulRedisMasterReplicaConnection;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lettuce: by Sentinel, and with reads from a replica. */
class LettuceClientIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  @TempDir Path directory;
  private TestGroup group;
  private RedisClient client;

  @BeforeEach
  void start() throws Exception {
    group = TestGroup.start(directory);
    client = RedisClient.create();
  }

  @AfterEach
  void stop() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    group.close();
  }

  private RedisURI sentinels() {
    RedisURI.Builder builder =
        RedisURI.Builder.sentinel("127.0.0.1", group.sentinelPorts().getFirst(), TestGroup.NAME);
    for (int port : group.sentinelPorts().subList(1, group.sentinelPorts().size())) {
      builder.withSentinel("127.0.0.1", port);
    }
    return builder.withTimeout(TIMEOUT).build();
  }

  @Test
  void sentinelConnectionGoesOnWriting() throws Exception {
    try (StatefulRedisConnection<String, String> connection = client.connect(sentinels())) {
      Failover.assertWritesGoOn(
          group, (key, value) -> assertThat(connection.sync().set(key, value)).isEqualTo("OK"));
    }
  }

  @Test
  void readsComeFromReplicasAndWritesGoOn() throws Exception {
    try (StatefulRedisMasterReplicaConnection<String, String> connection =
        MasterReplica.connect(client, StringCodec.UTF8, sentinels())) {
      connection.setReadFrom(ReadFrom.REPLICA);
      connection.sync().set("name", "yingges");
      Await.until(
          "a replica has the value",
          Duration.ofSeconds(10),
          () -> "yingges".equals(connection.sync().get("name")));
      assertThat(Resp.info(group.primaryPort(), "cmdstat_get")).as("GET at the primary").isEmpty();
      Failover.assertWritesGoOn(
          group, (key, value) -> assertThat(connection.sync().set(key, value)).isEqualTo("OK"));
      Await.until(
          "a replica of the new primary has the value",
          Duration.ofSeconds(20),
          () -> "yes".equals(connection.sync().get("after:first")));
    }
  }
}
