package io.vigil.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.core.resp.Reply;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every command on data must keep, whatever it is called with. Names, options and flags come
 * from the declarations, so a command that is added is tried too.
 *
 * <ul>
 *   <li>It has exactly one reply and the client stays.
 *   <li>Declared READONLY, it changes nothing and tells replicas nothing.
 *   <li>Answering with an error, it has changed nothing.
 *   <li>It changes no key that COMMAND GETKEYS does not name.
 *   <li>Replicas come out equal, and the data survive a data file ({@link Shadow}).
 * </ul>
 */
class CommandPropertiesTest {
  private static final int CALLS = 4000;
  private static final int CALLS_PER_SHADOW_CHECK = 100;
  private static final List<String> KEYS = List.of("a", "b", "c", "d", "", "\0", "{t}1", "{t}2");
  private static final List<String> NUMBERS = numbers();
  private static final List<String> VALUES =
      List.of("x", "hello", "3.14", "nan", "inf", "-inf", "*", "[", "(1", "[a", "+", "-", "\u00ff");

  /** Groups of COMMAND DOCS whose commands work on keys. */
  private static final Set<String> GROUPS =
      Set.of(
          "string",
          "bitmap",
          "generic",
          "list",
          "set",
          "hash",
          "sorted-set",
          "stream",
          "geo",
          "hyperloglog");

  /** MIGRATE talks to another server and PFSELFTEST takes seconds; both have tests of their own. */
  private static final Set<String> ELSEWHERE = Set.of("migrate", "pfselftest");

  private static List<String> numbers() {
    List<String> numbers = new ArrayList<>(List.of("0", "1", "-1", "2", "3", "10"));
    for (int bits : List.of(31, 32, 62, 63)) {
      java.math.BigInteger power = java.math.BigInteger.TWO.pow(bits);
      for (long near : List.of(-1L, 0L, 1L)) {
        numbers.add(power.add(java.math.BigInteger.valueOf(near)).toString());
        numbers.add(power.negate().add(java.math.BigInteger.valueOf(near)).toString());
      }
    }
    return List.copyOf(numbers);
  }

  /** A command as COMMAND and COMMAND DOCS describe it. */
  private record Declared(String name, int arity, Set<String> flags, List<String> tokens) {}

  private final CommandTester tester = Shadow.original();
  private final TestClient observer = tester.connect();
  private final List<String> history = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyCommandKeepsWhatItDeclares(long seed) {
    // SETRANGE and SETBIT far out are errors then, not hundreds of megabytes.
    tester.configure("proto-max-bulk-len", "1mb");
    Shadow shadow = Shadow.of(tester);
    List<Declared> commands = declared();
    assertThat(commands).hasSizeGreaterThan(40);
    Random random = new Random(seed);
    for (int call = 1; call <= CALLS; call++) {
      Declared command = commands.get(random.nextInt(commands.size()));
      check(command, words(command, random));
      if (call % CALLS_PER_SHADOW_CHECK == 0) {
        shadow.verify();
        history.clear();
      }
    }
  }

  private void check(Declared command, String[] words) {
    history.add(String.join(" ", words));
    String digest = observer.raw("DEBUG", "DIGEST");
    List<Reply> before = values();
    long offset = tester.node().stream().offset();
    Reply reply = call(words);
    assertThat(tester.client().isClosed()).as("closed; %s", lastOnes()).isFalse();
    assertThat(tester.client().takeText()).as("a second reply; %s", lastOnes()).isEmpty();
    boolean same = observer.raw("DEBUG", "DIGEST").equals(digest);
    if (reply instanceof Reply.Failure) {
      assertThat(same).as("failed with %s, and changed data; %s", reply, lastOnes()).isTrue();
    }
    // PFCOUNT keeps its result in the value.
    if (command.flags.contains("readonly") && !command.name.equals("pfcount")) {
      assertThat(same).as("readonly, and changed data; %s", lastOnes()).isTrue();
      assertThat(tester.node().stream().offset()).as("readonly; %s", lastOnes()).isEqualTo(offset);
    }
    if (!same && !(reply instanceof Reply.Failure)) {
      checkKeys(before, words);
    }
  }

  private List<String> lastOnes() {
    return history.subList(Math.max(0, history.size() - 5), history.size());
  }

  private void checkKeys(List<Reply> before, String[] words) {
    List<Reply> after = values();
    Set<String> named = new LinkedHashSet<>();
    String[] question = new String[words.length + 2];
    question[0] = "COMMAND";
    question[1] = "GETKEYS";
    System.arraycopy(words, 0, question, 2, words.length);
    if (!(observer.call(question) instanceof Reply.Array keys)) {
      return; // PFMERGE without a source: stock cannot name its keys either
    }
    keys.elements().forEach(key -> named.add(key.asText()));
    for (int i = 0; i < KEYS.size(); i++) {
      if (!before.get(i).equals(after.get(i)) && !words[0].equals("swapdb")) {
        assertThat(named).as("keys that %s names", history.getLast()).contains(KEYS.get(i));
      }
    }
  }

  /** Digests of the values of all keys. */
  private List<Reply> values() {
    List<String> words = new ArrayList<>(List.of("DEBUG", "DIGEST-VALUE"));
    words.addAll(KEYS);
    return ((Reply.Array) observer.call(words.toArray(String[]::new))).elements();
  }

  /** The reply; a client that waits is told that its time is up. */
  private Reply call(String[] words) {
    TestClient client = tester.client();
    Reply reply = client.call(words);
    if (reply == null && !client.isClosed()) {
      observer.call("CLIENT", "UNBLOCK", "1");
      observer.call("CLIENT", "UNBLOCK", "2");
      client.pump();
      reply = client.next();
    }
    assertThat(reply).as("no reply; %s", lastOnes()).isNotNull();
    return reply;
  }

  private String[] words(Declared command, Random random) {
    int least = Math.abs(command.arity);
    int most = command.arity < 0 ? least + 6 : least;
    int count = least + random.nextInt(most - least + 1);
    if (random.nextInt(20) == 0) {
      count += random.nextInt(3) - 1;
    }
    String[] words = new String[Math.max(1, count)];
    words[0] = command.name;
    for (int i = 1; i < words.length; i++) {
      words[i] = word(command, i, random);
    }
    return words;
  }

  private static String word(Declared command, int index, Random random) {
    int kind = random.nextInt(index == 1 ? 7 : 14);
    if (kind < 5) {
      return pick(KEYS, random);
    }
    if (kind < 7) {
      return pick(VALUES, random);
    }
    if (kind < 11 || command.tokens.isEmpty()) {
      return modest(pick(NUMBERS, random), random);
    }
    return pick(command.tokens, random);
  }

  /** A large number in one of three cases only: most calls are to do something. */
  private static String modest(String number, Random random) {
    return number.length() > 2 && random.nextInt(3) > 0 ? "1" : number;
  }

  private static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private List<Declared> declared() {
    List<Declared> declared = new ArrayList<>();
    for (Reply each : ((Reply.Array) observer.call("COMMAND")).elements()) {
      List<Reply> fields = ((Reply.Array) each).elements();
      String name = fields.getFirst().asText();
      Set<String> flags = new LinkedHashSet<>();
      members(fields.get(2)).forEach(flag -> flags.add(flag.asText()));
      Reply docs = observer.call("COMMAND", "DOCS", name);
      if (GROUPS.contains(textBehind(docs, "group")) && !ELSEWHERE.contains(name)) {
        List<String> tokens = new ArrayList<>();
        collectTokens(docs, tokens);
        members(fields.get(9))
            .forEach(sub -> tokens.add(afterBar(members(sub).getFirst().asText())));
        int arity = (int) ((Reply.Int) fields.get(1)).value();
        declared.add(new Declared(name, arity, flags, tokens));
      }
    }
    return declared;
  }

  private static String afterBar(String name) {
    return name.substring(name.indexOf('|') + 1);
  }

  private static List<Reply> members(Reply reply) {
    return switch (reply) {
      case Reply.Array array -> array.elements();
      case Reply.SetReply set -> set.elements();
      default -> List.of();
    };
  }

  private static String textBehind(Reply reply, String name) {
    List<Reply> elements = members(members(reply).get(1));
    for (int i = 0; i + 1 < elements.size(); i += 2) {
      if (elements.get(i).asText().equals(name)) {
        return elements.get(i + 1).asText();
      }
    }
    return "";
  }

  private static void collectTokens(Reply reply, List<String> tokens) {
    List<Reply> elements = members(reply);
    for (int i = 0; i < elements.size(); i++) {
      Reply element = elements.get(i);
      if (element instanceof Reply.Bulk bulk
          && bulk.text().equals("token")
          && i + 1 < elements.size()) {
        tokens.add(elements.get(i + 1).asText());
      }
      collectTokens(element, tokens);
    }
  }
}
