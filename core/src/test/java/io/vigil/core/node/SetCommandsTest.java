package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.resp.Reply;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SetCommandsTest {
  private final CommandTester tester = new CommandTester("enable-debug-command yes\n");

  private void answers(String expected, String... words) {
    assertThat(tester.text(words)).isEqualTo(expected);
  }

  @Test
  void membersComeAndGo() {
    answers(":3\r\n", "SADD", "s", "3", "1", "2", "3");
    answers("$6\r\nintset\r\n", "OBJECT", "ENCODING", "s");
    answers("*3\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n", "SMEMBERS", "s");
    answers(":1\r\n", "SADD", "s", "x");
    answers("$9\r\nhashtable\r\n", "OBJECT", "ENCODING", "s");
    answers(":1\r\n", "SISMEMBER", "s", "2");
    answers("*3\r\n:1\r\n:0\r\n:1\r\n", "SMISMEMBER", "s", "x", "y", "1");
    answers(":2\r\n", "SREM", "s", "1", "x", "nope");
    answers(":2\r\n", "SCARD", "s");
    answers(":1\r\n", "SMOVE", "s", "t", "2");
    answers(":1\r\n", "SMOVE", "s", "t", "3");
    answers(":0\r\n", "EXISTS", "s");
    answers(":2\r\n", "SCARD", "t");
    answers(":0\r\n", "SMOVE", "t", "t", "9");
    tester.run("HELLO", "3");
    answers("~2\r\n$1\r\n2\r\n$1\r\n3\r\n", "SMEMBERS", "t");
  }

  @Test
  void anIntsetThatGrowsIsCalledATable() {
    tester.configure("set-max-intset-entries", "4");
    for (int i = 0; i < 4; i++) {
      tester.run("SADD", "s", Integer.toString(i * 70_000));
    }
    answers("$6\r\nintset\r\n", "OBJECT", "ENCODING", "s");
    tester.run("SADD", "s", "-1");
    answers("$9\r\nhashtable\r\n", "OBJECT", "ENCODING", "s");
    for (int i = 0; i < 1000; i++) {
      tester.run("SADD", "s", "member" + i);
    }
    answers(":1005\r\n", "SCARD", "s");
    String before = tester.text("DEBUG", "DIGEST");
    tester.run("DEBUG", "RELOAD");
    tester.world().runTurns();
    assertThat(tester.text("DEBUG", "DIGEST")).isEqualTo(before);
    tester.node().keyspace().verify();
  }

  @Test
  void algebra() {
    tester.run("SADD", "a", "1", "2", "3", "x");
    tester.run("SADD", "b", "2", "3", "y");
    tester.run("SADD", "c", "3", "x");
    answers("*1\r\n$1\r\n3\r\n", "SINTER", "a", "b", "c");
    answers(":1\r\n", "SINTERCARD", "3", "a", "b", "c");
    answers(":1\r\n", "SINTERCARD", "2", "a", "b", "LIMIT", "1");
    answers("*0\r\n", "SINTER", "a", "none");
    answers("*1\r\n$1\r\n1\r\n", "SDIFF", "a", "b", "c");
    answers(":5\r\n", "SUNIONSTORE", "u", "a", "b", "c", "none");
    answers(":2\r\n", "SDIFFSTORE", "a", "a", "b");
    answers(":0\r\n", "SINTERSTORE", "u", "a", "none");
    answers(":0\r\n", "EXISTS", "u");
    answers("-ERR numkeys should be greater than 0\r\n", "SINTERCARD", "0", "a");
    answers("-ERR LIMIT can't be negative\r\n", "SINTERCARD", "1", "a", "LIMIT", "-1");
  }

  @Test
  void chanceTakesMembers() {
    TreeSet<String> left = new TreeSet<>();
    for (int i = 0; i < 500; i++) {
      tester.run("SADD", "s", "m" + i);
      left.add("m" + i);
    }
    Reply.Array some = (Reply.Array) tester.run("SRANDMEMBER", "s", "100");
    assertThat(some.elements()).hasSize(100).doesNotHaveDuplicates();
    Reply.Array repeated = (Reply.Array) tester.run("SRANDMEMBER", "s", "-600");
    assertThat(repeated.elements()).hasSize(600);
    Reply.Array popped = (Reply.Array) tester.run("SPOP", "s", "490");
    assertThat(popped.elements()).hasSize(490).doesNotHaveDuplicates();
    answers(":10\r\n", "SCARD", "s");
    assertThat(tester.text("SPOP", "s")).startsWith("$");
    tester.run("SPOP", "s", "100");
    answers(":0\r\n", "EXISTS", "s");
    answers("$-1\r\n", "SPOP", "s");
    answers("-ERR value is out of range, must be positive\r\n", "SPOP", "s", "-1");
  }
}
