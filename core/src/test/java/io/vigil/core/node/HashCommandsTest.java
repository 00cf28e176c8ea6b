package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.resp.Reply;
import org.junit.jupiter.api.Test;

class HashCommandsTest {
  private final CommandTester tester = new CommandTester("enable-debug-command yes\n");

  private void answers(String expected, String... words) {
    assertThat(tester.text(words)).isEqualTo(expected);
  }

  @Test
  void fieldsAreSetAndGot() {
    answers(":2\r\n", "HSET", "h", "a", "1", "b", "two");
    answers(":1\r\n", "HSET", "h", "a", "one", "c", "");
    answers("$3\r\none\r\n", "HGET", "h", "a");
    answers("$0\r\n\r\n", "HGET", "h", "c");
    answers("$-1\r\n", "HGET", "h", "d");
    answers("$-1\r\n", "HGET", "none", "d");
    answers("*3\r\n$3\r\none\r\n$-1\r\n$3\r\ntwo\r\n", "HMGET", "h", "a", "x", "b");
    answers("*1\r\n$-1\r\n", "HMGET", "none", "a");
    answers(
        "*6\r\n$1\r\na\r\n$3\r\none\r\n$1\r\nb\r\n$3\r\ntwo\r\n$1\r\nc\r\n$0\r\n\r\n",
        "HGETALL",
        "h");
    answers("*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n", "HKEYS", "h");
    answers("*3\r\n$3\r\none\r\n$3\r\ntwo\r\n$0\r\n\r\n", "HVALS", "h");
    answers(":3\r\n", "HLEN", "h");
    answers(":1\r\n", "HEXISTS", "h", "a");
    answers(":0\r\n", "HEXISTS", "h", "x");
    answers(":3\r\n", "HSTRLEN", "h", "b");
    answers(":0\r\n", "HSETNX", "h", "a", "x");
    answers(":1\r\n", "HSETNX", "h", "x", "y");
    answers("+OK\r\n", "HMSET", "h", "a", "1");
    answers("+hash\r\n", "TYPE", "h");
    answers(":2\r\n", "HDEL", "h", "a", "b", "nope");
    answers(":2\r\n", "HDEL", "h", "c", "x");
    answers(":0\r\n", "EXISTS", "h");
    answers("-ERR wrong number of arguments for 'hset' command\r\n", "HSET", "h", "a", "1", "b");
    answers("-ERR wrong number of arguments for 'hmset' command\r\n", "HMSET", "h", "a", "1", "b");
  }

  @Test
  void mapsInResp3() {
    tester.run("HSET", "h", "a", "1");
    tester.run("HELLO", "3");
    answers("%1\r\n$1\r\na\r\n$1\r\n1\r\n", "HGETALL", "h");
    answers("%0\r\n", "HGETALL", "none");
    answers("*1\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n", "HRANDFIELD", "h", "5", "WITHVALUES");
    answers("_\r\n", "HGET", "h", "b");
  }

  @Test
  void otherTypesAreRefused() {
    tester.run("SET", "s", "x");
    String wrong = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
    for (String[] words :
        new String[][] {
          {"HSET", "s", "a", "b"},
          {"HGET", "s", "a"},
          {"HMGET", "s", "a"},
          {"HGETALL", "s"},
          {"HDEL", "s", "a"},
          {"HINCRBY", "s", "a", "1"},
          {"HSCAN", "s", "0"},
          {"HRANDFIELD", "s"},
          {"HRANDFIELD", "s", "1"}
        }) {
      answers(wrong, words);
    }
    tester.run("HSET", "h", "a", "1");
    answers(wrong, "GET", "h");
    answers(wrong, "APPEND", "h", "x");
    answers("+OK\r\n", "SET", "h", "x");
  }

  @Test
  void numbersAreCounted() {
    answers(":5\r\n", "HINCRBY", "h", "n", "5");
    answers(":-2\r\n", "HINCRBY", "h", "n", "-7");
    answers("$4\r\n-1.5\r\n", "HINCRBYFLOAT", "h", "n", "0.5");
    answers("-ERR hash value is not an integer\r\n", "HINCRBY", "h", "n", "1");
    tester.run("HSET", "h", "t", "text", "max", "9223372036854775807");
    answers("-ERR hash value is not a float\r\n", "HINCRBYFLOAT", "h", "t", "1");
    answers("-ERR increment or decrement would overflow\r\n", "HINCRBY", "h", "max", "1");
    answers("-ERR value is NaN or Infinity\r\n", "HINCRBYFLOAT", "h", "n", "inf");
    answers("-ERR value is not a valid float\r\n", "HINCRBYFLOAT", "h", "n", "x");
  }

  @Test
  void encodingsAreThoseOfRedis() {
    tester.run("HSET", "h", "a", "1");
    answers("$8\r\nlistpack\r\n", "OBJECT", "ENCODING", "h");
    tester.run("HSET", "h", "b", "x".repeat(64));
    answers("$8\r\nlistpack\r\n", "OBJECT", "ENCODING", "h");
    tester.run("HSET", "h", "b", "x".repeat(65));
    answers("$9\r\nhashtable\r\n", "OBJECT", "ENCODING", "h");
    tester.configure("hash-max-listpack-entries", "3");
    for (int i = 0; i < 3; i++) {
      tester.run("HSET", "n", "f" + i, "v");
    }
    answers("$8\r\nlistpack\r\n", "OBJECT", "ENCODING", "n");
    tester.run("HSET", "n", "f3", "v");
    answers("$9\r\nhashtable\r\n", "OBJECT", "ENCODING", "n");
  }

  @Test
  void payloadsAndDigestsEqualThoseOfRedis() {
    tester.run("HSET", "h", "a", "1", "b", "two");
    // From DUMP and DEBUG DIGEST-VALUE of redis-server 7.0.15.
    Reply.Bulk dumped = (Reply.Bulk) tester.run("DUMP", "h");
    assertThat(java.util.HexFormat.of().formatHex(dumped.bytes()))
        .isEqualTo("101414000000040081610201018162028374776f04ff0a000428b525e1e26b12");
    answers("*1\r\n+aaec2dd6dd5d0e6fbdce75b84b029b773e920b00\r\n", "DEBUG", "DIGEST-VALUE", "h");
  }

  @Test
  void survivesReloadCopyAndRestore() {
    for (int i = 0; i < 2000; i++) {
      tester.run("HSET", "big", "field" + i, i % 100 == 0 ? "v".repeat(20_000) : "value" + i);
    }
    tester.run("HSET", "small", "a", "1");
    tester.run("HSET", "called-table", "a", "x".repeat(100));
    String before = tester.text("DEBUG", "DIGEST");
    tester.run("DEBUG", "RELOAD");
    tester.world().runTurns();
    assertThat(tester.text("DEBUG", "DIGEST")).isEqualTo(before);
    answers("$9\r\nhashtable\r\n", "OBJECT", "ENCODING", "called-table");
    answers("$8\r\nlistpack\r\n", "OBJECT", "ENCODING", "small");
    answers(":1\r\n", "COPY", "big", "copy");
    assertThat(tester.text("DEBUG", "DIGEST-VALUE", "copy"))
        .isEqualTo(tester.text("DEBUG", "DIGEST-VALUE", "big"));
    tester.run("DEL", "big", "copy");
    answers(":2\r\n", "DBSIZE");
    tester.node().keyspace().verify();
  }

  @Test
  void randomFieldsAreFieldsOfTheHash() {
    for (int i = 0; i < 300; i++) {
      tester.run("HSET", "h", "f" + i, "v" + i);
    }
    for (String count : new String[] {"5", "299", "300", "1000"}) {
      Reply.Array found = (Reply.Array) tester.run("HRANDFIELD", "h", count);
      assertThat(found.elements()).doesNotHaveDuplicates();
      assertThat(found.elements()).hasSize(Math.min(300, Integer.parseInt(count)));
    }
    Reply.Array repeated = (Reply.Array) tester.run("HRANDFIELD", "h", "-1000", "WITHVALUES");
    assertThat(repeated.elements()).hasSize(2000);
    answers("*0\r\n", "HRANDFIELD", "h", "0");
    answers("$-1\r\n", "HRANDFIELD", "none");
    answers("*0\r\n", "HRANDFIELD", "none", "3");
    answers(
        "-ERR value is out of range\r\n", "HRANDFIELD", "h", "9223372036854775807", "WITHVALUES");
  }
}
