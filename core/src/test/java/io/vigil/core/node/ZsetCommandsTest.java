package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Numbers;
import io.vigil.core.base.Rng;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ZsetCommandsTest {
  private final CommandTester tester = new CommandTester();

  @AfterEach
  void isSound() {
    tester.node().keyspace().database(0).verify();
  }

  private String text(String... words) {
    return tester.text(words);
  }

  private static String array(List<String> words) {
    StringBuilder text = new StringBuilder("*" + words.size() + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  /** A sorted set that is small, named skiplist or big, beside a map that is sorted when asked. */
  @Test
  void doesWhatASortedMapDoes() {
    for (int seed = 0; seed < 6; seed++) {
      Rng rng = new Rng(seed);
      int members = new int[] {60, 400, 4_000}[seed % 3];
      Map<String, Double> twin = new HashMap<>();
      for (int step = 0; step < 6 * members; step++) {
        String member = "m" + rng.nextInt(members);
        if (rng.nextInt(3) == 0) {
          text("ZREM", "z", member);
          twin.remove(member);
        } else {
          double score = rng.nextInt(50) / 4.0;
          text("ZADD", "z", Numbers.doubleText(score), member);
          twin.put(member, score);
        }
        if (step % members == 0 && !twin.isEmpty()) {
          compare(rng, twin);
          if (rng.nextInt(2) == 0) {
            text("DEBUG", "RELOAD");
          }
        }
      }
      compare(rng, twin);
      text("DEL", "z");
    }
  }

  private void compare(Rng rng, Map<String, Double> twin) {
    List<String> order = new ArrayList<>(twin.keySet());
    order.sort(
        Comparator.<String, Double>comparing(twin::get).thenComparing(Comparator.naturalOrder()));
    List<String> flat = new ArrayList<>();
    for (String member : order) {
      flat.add(member);
      flat.add(Numbers.doubleText(twin.get(member)));
    }
    assertThat(text("ZRANGE", "z", "0", "-1", "WITHSCORES")).isEqualTo(array(flat));
    int from = rng.nextInt(order.size());
    int to = from + rng.nextInt(order.size() - from);
    List<String> part = new ArrayList<>(order.subList(from, to + 1));
    String first = Integer.toString(from);
    String last = Integer.toString(to);
    assertThat(text("ZRANGE", "z", first, last)).isEqualTo(array(part));
    assertThat(text("ZRANK", "z", order.get(to))).isEqualTo(":" + to + "\r\n");
    double low = twin.get(order.get(from));
    double high = twin.get(order.get(to));
    List<String> between = new ArrayList<>(order);
    between.removeIf(member -> twin.get(member) <= low || twin.get(member) > high);
    assertThat(text("ZRANGEBYSCORE", "z", "(" + low, Double.toString(high)))
        .isEqualTo(array(between));
    assertThat(text("ZREVRANGEBYSCORE", "z", Double.toString(high), "(" + low))
        .isEqualTo(array(between.reversed()));
    assertThat(text("ZCOUNT", "z", "(" + low, Double.toString(high)))
        .isEqualTo(":" + between.size() + "\r\n");
    tester.node().keyspace().database(0).verify();
  }

  @Test
  void isNamedAsRedisNamesIt() {
    for (int i = 0; i < 128; i++) {
      text("ZADD", "z", "1", "m" + i);
    }
    assertThat(text("OBJECT", "ENCODING", "z")).isEqualTo("$8\r\nlistpack\r\n");
    text("ZADD", "z", "1", "one more");
    assertThat(text("OBJECT", "ENCODING", "z")).isEqualTo("$8\r\nskiplist\r\n");
    text("ZADD", "long", "1", "x".repeat(64));
    assertThat(text("OBJECT", "ENCODING", "long")).isEqualTo("$8\r\nlistpack\r\n");
    text("ZADD", "long", "1", "x".repeat(65));
    assertThat(text("OBJECT", "ENCODING", "long")).isEqualTo("$8\r\nskiplist\r\n");
    text("ZREM", "long", "x".repeat(65));
    assertThat(text("OBJECT", "ENCODING", "long")).isEqualTo("$8\r\nskiplist\r\n");
  }

  /** What redis-server 7.0.15 answers to DUMP after the same ZADD. */
  @Test
  void listpackIsThatOfRedis() {
    text("ZADD", "z", "1", "a", "0.5", "b", "-3", "17", "1e17", "c");
    assertThat(text("DUMP", "z"))
        .isEqualTo(
            "$50\r\n"
                + "\021\046\046\000\000\000\010\000\021\001\337\375\002\201b\002\2030.5\004\201a\002\001\001\201c\002\364\000\000\212\135xEc\001\011\377\012\000\203\314\007zR\100\376\225\r\n");
  }

  @Test
  void scoresInBothProtocols() {
    text("ZADD", "z", "inf", "a", "-inf", "b", "0.1", "c", "3", "d");
    assertThat(text("ZSCORE", "z", "c")).isEqualTo("$19\r\n0.10000000000000001\r\n");
    text("HELLO", "3");
    assertThat(text("ZSCORE", "z", "c")).isEqualTo(",0.10000000000000001\r\n");
    assertThat(text("ZMSCORE", "z", "a", "b", "x")).isEqualTo("*3\r\n,inf\r\n,-inf\r\n_\r\n");
    assertThat(text("ZRANGE", "z", "0", "0", "WITHSCORES"))
        .isEqualTo("*1\r\n*2\r\n$1\r\nb\r\n,-inf\r\n");
    assertThat(text("ZINCRBY", "z", "-inf", "a"))
        .isEqualTo("-ERR resulting score is not a number (NaN)\r\n");
    assertThat(text("ZRANK", "z", "d", "WITHSCORE")).isEqualTo("*2\r\n:2\r\n,3\r\n");
  }

  @Test
  void whoWaitsIsServedWhenAMemberComes() {
    TestClient waiting = tester.connect();
    assertThat(waiting.raw("BZPOPMIN", "a", "z", "0")).isEmpty();
    TestClient second = tester.connect();
    assertThat(second.raw("BZMPOP", "0", "1", "z", "MAX", "COUNT", "2")).isEmpty();
    text("ZADD", "z", "1", "x", "2", "y", "3", "w");
    assertThat(waiting.takeText()).isEqualTo("*3\r\n$1\r\nz\r\n$1\r\nx\r\n$1\r\n1\r\n");
    assertThat(second.takeText())
        .isEqualTo(
            "*2\r\n$1\r\nz\r\n*2\r\n*2\r\n$1\r\nw\r\n$1\r\n3\r\n*2\r\n$1\r\ny\r\n$1\r\n2\r\n");
    assertThat(text("EXISTS", "z")).isEqualTo(":0\r\n");
  }

  @Test
  void eventsOfTheLastMember() {
    tester.notifyEvents("KEA");
    TestClient listener = tester.connect();
    listener.raw("PSUBSCRIBE", "__keyevent@0__:*");
    text("ZADD", "z", "1", "a", "2", "b");
    assertThat(listener.takeText()).contains("zadd");
    text("ZINCRBY", "z", "1", "a");
    assertThat(listener.takeText()).contains("zincr");
    text("ZADD", "z", "2", "a");
    assertThat(listener.takeText()).isEmpty();
    text("ZPOPMAX", "z");
    assertThat(listener.takeText()).contains("zpopmax").doesNotContain(":del");
    text("ZREMRANGEBYRANK", "z", "0", "-1");
    assertThat(listener.takeText()).contains("zremrangebyrank").contains(":del");
  }

  @Test
  void deletingABigOneLeavesNothing() {
    for (int i = 0; i < 3_000; i++) {
      text("ZADD", "z", Integer.toString(i * 7919 % 3_000), "member:" + i);
    }
    assertThat(text("ZRANGE", "z", "2000", "2000")).startsWith("*1\r\n");
    text("DEL", "z");
    tester.node().keyspace().database(0).verify();
    assertThat(text("EXISTS", "z")).isEqualTo(":0\r\n");
  }

  @Test
  void placesOnTheGlobe() {
    text("GEOADD", "g", "13.361389", "38.115556", "Palermo", "15.087269", "37.502669", "Catania");
    assertThat(text("GEODIST", "g", "Palermo", "Catania")).isEqualTo("$11\r\n166274.1516\r\n");
    assertThat(text("GEODIST", "g", "Palermo", "Catania", "mi")).isEqualTo("$8\r\n103.3182\r\n");
    assertThat(text("GEOHASH", "g", "Palermo", "Catania", "x"))
        .isEqualTo("*3\r\n$11\r\nsqc8b49rny0\r\n$11\r\nsqdtr74hyu0\r\n$-1\r\n");
    assertThat(text("GEOPOS", "g", "Palermo"))
        .isEqualTo("*1\r\n*2\r\n$20\r\n13.36138933897018433\r\n$20\r\n38.11555639549629859\r\n");
    assertThat(
            text(
                "GEOSEARCH",
                "g",
                "FROMLONLAT",
                "15",
                "37",
                "BYBOX",
                "400",
                "400",
                "km",
                "ASC",
                "WITHDIST"))
        .isEqualTo(
            "*2\r\n*2\r\n$7\r\nCatania\r\n$7\r\n56.4413\r\n"
                + "*2\r\n$7\r\nPalermo\r\n$8\r\n190.4424\r\n");
    assertThat(text("GEOADD", "g", "181", "0", "x"))
        .isEqualTo("-ERR invalid longitude,latitude pair 181.000000,0.000000\r\n");
  }
}
