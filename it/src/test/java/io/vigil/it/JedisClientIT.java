package io.vigil.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisSentinelClient;

/** Jedis, in the three ways its users write through a group. */
class JedisClientIT {
  @TempDir Path directory;
  private TestGroup group;

  @BeforeEach
  void start() throws Exception {
    group = TestGroup.start(directory);
  }

  @AfterEach
  void stop() {
    if (group != null) {
      group.close();
    }
  }

  private Set<HostAndPort> sentinels() {
    return group.sentinelPorts().stream()
        .map(port -> new HostAndPort("127.0.0.1", port))
        .collect(Collectors.toSet());
  }

  @Test
  void sentinelClientGoesOnWriting() throws Exception {
    try (RedisSentinelClient client =
        RedisSentinelClient.builder().masterName(TestGroup.NAME).sentinels(sentinels()).build()) {
      Failover.assertWritesGoOn(
          group, (key, value) -> assertThat(client.set(key, value)).isEqualTo("OK"));
    }
  }

  @Test
  @SuppressWarnings("deprecation") // deprecated in Jedis 8, and in use everywhere
  void sentinelPoolGoesOnWriting() throws Exception {
    Set<String> addresses =
        sentinels().stream().map(HostAndPort::toString).collect(Collectors.toSet());
    try (redis.clients.jedis.JedisSentinelPool pool =
        new redis.clients.jedis.JedisSentinelPool(
            TestGroup.NAME, addresses, new GenericObjectPoolConfig<Jedis>(), 2000)) {
      Failover.assertWritesGoOn(
          group,
          (key, value) -> {
            try (Jedis jedis = pool.getResource()) {
              assertThat(jedis.set(key, value)).isEqualTo("OK");
            }
          });
    }
  }

  /**
   * A plain client knows one address; whoever uses it asks a Sentinel for the new one when a write
   * fails.
   */
  @Test
  void plainClientGoesOnWritingAtTheAddressASentinelNames() throws Exception {
    RedisClient[] current = {RedisClient.create(primary())};
    try {
      Failover.assertWritesGoOn(
          group,
          (key, value) -> {
            try {
              assertThat(current[0].set(key, value)).isEqualTo("OK");
            } catch (RuntimeException e) {
              current[0].close();
              current[0] = RedisClient.create(primary());
              throw e;
            }
          });
    } finally {
      current[0].close();
    }
  }

  private HostAndPort primary() {
    try (Jedis sentinel = new Jedis("127.0.0.1", group.sentinelPorts().get(1))) {
      List<String> address = sentinel.sentinelGetMasterAddrByName(TestGroup.NAME);
      return new HostAndPort(address.get(0), Integer.parseInt(address.get(1)));
    }
  }
}
