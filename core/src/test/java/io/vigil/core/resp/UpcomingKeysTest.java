package io.vigil.core.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.base.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpcomingKeysTest {
  private static List<String> keysAfterFirst(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    RequestParser parser = new RequestParser();
    parser.feed(bytes, 0, bytes.length);
    assertThat(parser.next(new Arguments())).isEqualTo(RequestParser.Outcome.COMMAND);
    UpcomingKeys keys = new UpcomingKeys();
    parser.upcoming(keys);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < keys.count(); i++) {
      found.add(
          new String(keys.array(), keys.offset(i), keys.length(i), StandardCharsets.ISO_8859_1));
    }
    return found;
  }

  private static String command(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  @Test
  void findsTheSecondWordOfEveryWholeCommand() {
    String text =
        command("GET", "first")
            + command("GET", "a")
            + command("SET", "b", "value")
            + command("MSET", "c", "1", "d", "2");
    assertThat(keysAfterFirst(text)).containsExactly("a", "b", "c");
  }

  @Test
  void stopsAtAnythingElse() {
    String start = command("GET", "first") + command("GET", "a");
    assertThat(keysAfterFirst(start + command("PING") + command("GET", "b"))).containsExactly("a");
    assertThat(keysAfterFirst(start + "GET b\r\n" + command("GET", "c"))).containsExactly("a");
    assertThat(keysAfterFirst(start + "*2\r\n$-1\r\n")).containsExactly("a");
    assertThat(keysAfterFirst(start + "*2\r\n$3\r\nGET\r\n$99999999999999\r\nx"))
        .containsExactly("a");
  }

  @Test
  void everyCutLeavesOnlyWholeCommands() {
    String whole = command("GET", "first") + command("SET", "key", "some value");
    String next = command("SET", "other", "more");
    for (int cut = 0; cut < next.length(); cut++) {
      assertThat(keysAfterFirst(whole + next.substring(0, cut))).containsExactly("key");
    }
    assertThat(keysAfterFirst(whole + next)).containsExactly("key", "other");
  }

  @Test
  void looksAtNoMoreThanItsLimit() {
    assertThat(keysAfterFirst(command("GET", "k").repeat(200))).hasSize(UpcomingKeys.MOST);
  }
}
