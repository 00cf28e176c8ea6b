package io.vigil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The client against canned replies. The expected texts are those of redis-cli 7.0.15. */
class CliMainTest {

  private record Result(int code, String out, String err) {}

  private static Result run(
      Map<String, String> environment, String in, boolean terminal, String... arguments) {
    List<byte[]> bytes = new ArrayList<>();
    for (String argument : arguments) {
      bytes.add(argument.getBytes(StandardCharsets.UTF_8));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CliMain main =
        new CliMain(
            bytes,
            environment,
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            terminal);
    int code = main.run();
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static Result run(FakeServer server, String in, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-p";
    all[1] = Integer.toString(server.port());
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return run(Map.of(), in, false, all);
  }

  private static String showing(String reply, String... arguments) throws IOException {
    try (FakeServer server = new FakeServer(reply)) {
      String[] all = new String[arguments.length + 1];
      System.arraycopy(arguments, 0, all, 0, arguments.length);
      all[arguments.length] = "command";
      Result result = run(server, "", all);
      assertThat(result.code).isZero();
      assertThat(result.err).isEmpty();
      return result.out;
    }
  }

  static Stream<Arguments> replies() {
    return Stream.of(
        Arguments.of("+OK\r\n", "OK\n", "OK\n", "\"OK\"\n", "\"OK\"\n"),
        Arguments.of(
            "-ERR no\r\n",
            "(error) ERR no\n",
            "ERR no\n\n",
            "ERROR,\"ERR no\"\n",
            "error:\"ERR no\"\n"),
        Arguments.of(":-3\r\n", "(integer) -3\n", "-3\n", "-3\n", "-3\n"),
        Arguments.of("$-1\r\n", "(nil)\n", "\n", "NULL\n", "null\n"),
        Arguments.of("*-1\r\n", "(nil)\n", "\n", "NULL\n", "null\n"),
        Arguments.of("_\r\n", "(nil)\n", "\n", "NULL\n", "null\n"),
        Arguments.of("$0\r\n\r\n", "\"\"\n", "\n", "\"\"\n", "\"\"\n"),
        Arguments.of(
            "$5\r\na\"\n\\\u0001\r\n",
            "\"a\\\"\\n\\\\\\x01\"\n",
            "a\"\n\\\u0001\n",
            "\"a\\\"\\n\\\\\\x01\"\n",
            "\"a\\\"\\n\\\\\\u0001\"\n"),
        Arguments.of("*0\r\n", "(empty array)\n", "\n", "\n", "[]\n"),
        Arguments.of(
            "*2\r\n$1\r\na\r\n:1\r\n",
            "1) \"a\"\n2) (integer) 1\n",
            "a\n1\n",
            "\"a\",1\n",
            "[\"a\",1]\n"),
        Arguments.of(
            "*3\r\n:1\r\n*2\r\n:2\r\n*3\r\n:3\r\n*0\r\n$-1\r\n$1\r\nx\r\n",
            "1) (integer) 1\n"
                + "2) 1) (integer) 2\n"
                + "   2) 1) (integer) 3\n"
                + "      2) (empty array)\n"
                + "      3) (nil)\n"
                + "3) \"x\"\n",
            "1\n2\n3\n\n\nx\n",
            "1,2,3,,NULL,\"x\"\n",
            "[1,[2,[3,[],null]],\"x\"]\n"),
        Arguments.of("%0\r\n", "(empty hash)\n", "\n", "\n", "{}\n"),
        Arguments.of(
            "%3\r\n" + "$1\r\n" + "a\r\n" + ":1\r\n" + "$1\r\n" + "c\r\n" + "%1\r\n" + "$1\r\n"
                + "q\r\n" + ":4\r\n" + "$1\r\n" + "b\r\n" + "*2\r\n" + ":1\r\n" + ":2\r\n",
            "1# \"a\" => (integer) 1\n"
                + "2# \"c\" => 1# \"q\" => (integer) 4\n"
                + "3# \"b\" => \n"
                + "   1) (integer) 1\n"
                + "   2) (integer) 2\n",
            "a 1\nc q 4\nb 1\n2\n",
            "\"a\",1,\"c\",\"q\",4,\"b\",1,2\n",
            "{\"a\":1,\"c\":{\"q\":4},\"b\":[1,2]}\n"),
        Arguments.of(
            "~2\r\n+a\r\n+b\r\n", "1~ a\n2~ b\n", "a\nb\n", "\"a\",\"b\"\n", "[\"a\",\"b\"]\n"),
        Arguments.of("~0\r\n", "(empty set)\n", "\n", "\n", "[]\n"),
        Arguments.of(",3.5\r\n", "(double) 3.5\n", "3.5\n", "3.5\n", "3.5\n"),
        Arguments.of("#t\r\n", "(true)\n", "(true)\n", "true\n", "true\n"),
        Arguments.of("#f\r\n", "(false)\n", "(false)\n", "false\n", "false\n"),
        Arguments.of("=6\r\ntxt:a\n\r\n", "a\n\n", "a\n\n", "\"a\\n\"\n", "\"a\\n\"\n"));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void showsEveryTypeInEveryFormat(
      String reply, String standard, String raw, String csv, String json) throws IOException {
    assertThat(showing(reply, "--no-raw")).isEqualTo(standard);
    assertThat(showing(reply)).isEqualTo(raw);
    assertThat(showing(reply, "--csv")).isEqualTo(csv);
    assertThat(showing(reply, "-2", "--json")).isEqualTo(json);
  }

  @Test
  void numbersOfALongListAreAligned() throws IOException {
    String ten = "*10\r\n" + ":7\r\n".repeat(9) + "*2\r\n:8\r\n:9\r\n";
    assertThat(showing(ten, "--no-raw"))
        .startsWith(" 1) (integer) 7\n")
        .endsWith("\n 9) (integer) 7\n10) 1) (integer) 8\n    2) (integer) 9\n");
  }

  @Test
  void quotedJsonIsPrintableAscii() throws IOException {
    String reply = "$4\r\nx\"\u00c3\u00a9\r\n";
    assertThat(showing(reply, "-2", "--quoted-json")).isEqualTo("\"x\\\\\"\\\\xc3\\\\xa9\"\n");
  }

  @Test
  void pagesOfTextAreShownAsTheyAre() throws IOException {
    try (FakeServer server = new FakeServer("$12\r\n# Server\r\nx\n\r\n")) {
      assertThat(run(server, "", "--no-raw", "INFO").out).isEqualTo("# Server\r\nx\n");
    }
  }

  @Test
  void formatFollowsWhereTheOutputGoes() throws IOException {
    try (FakeServer server = new FakeServer(":1\r\n", ":1\r\n")) {
      String port = Integer.toString(server.port());
      assertThat(run(Map.of(), "", true, "-p", port, "incr", "a").out).isEqualTo("(integer) 1\n");
      assertThat(run(Map.of(), "", false, "-p", port, "incr", "a").out).isEqualTo("1\n");
    }
  }

  @Test
  void delimitersOfRawReplies() throws IOException {
    assertThat(showing("*2\r\n:1\r\n:2\r\n", "-d", ", ", "-D", ";")).isEqualTo("1, 2;");
  }

  @Test
  void errorsEndInExitCodeZeroUnlessAskedFor() throws IOException {
    try (FakeServer server = new FakeServer("-ERR no\r\n", "-ERR no\r\n")) {
      assertThat(run(server, "", "get")).isEqualTo(new Result(0, "ERR no\n\n", ""));
      assertThat(run(server, "", "-e", "get")).isEqualTo(new Result(1, "", "ERR no\n"));
    }
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String text = "Could not connect to Redis at 127.0.0.1:" + port + ": Connection refused\n";
    assertThat(run(Map.of(), "", false, "-p", "" + port, "ping"))
        .isEqualTo(new Result(1, "", text));
    assertThat(run(Map.of(), "ping\n", false, "-p", "" + port))
        .isEqualTo(new Result(0, "", text + text));
    assertThat(run(Map.of(), "", false, "-s", "/nonexistent/socket", "ping").err)
        .isEqualTo(
            "Could not connect to Redis at /nonexistent/socket: No such file or directory\n");
  }

  @Test
  void saysThatTheServerWentAway() throws IOException {
    try (FakeServer server = new FakeServer()) {
      assertThat(run(server, "", "ping"))
          .isEqualTo(new Result(1, "", "Error: Server closed the connection\n"));
    }
  }

  @Test
  void authenticatesFromOptionUriAndEnvironment() throws IOException {
    String warning =
        "Warning: Using a password with '-a' or '-u' option on the command line interface may not"
            + " be safe.\n";
    try (FakeServer server = new FakeServer("+OK\r\n".repeat(1), "+PONG\r\n")) {
      assertThat(run(server, "", "-a", "secret", "ping"))
          .isEqualTo(new Result(0, "PONG\n", warning));
      assertThat(server.commands()).containsExactly("AUTH secret", "ping");
    }
    try (FakeServer server = new FakeServer("+OK\r\n", "+PONG\r\n")) {
      run(server, "", "--user", "me", "--pass", "secret", "--no-auth-warning", "ping");
      assertThat(server.commands()).containsExactly("AUTH me secret", "ping");
    }
    try (FakeServer server = new FakeServer("+OK\r\n", "+OK\r\n", "+PONG\r\n")) {
      String uri = "redis://me:s%40cret@127.0.0.1:" + server.port() + "/3";
      assertThat(run(Map.of(), "", false, "-u", uri, "ping").err).isEqualTo(warning);
      assertThat(server.commands()).containsExactly("AUTH me s@cret", "SELECT 3", "ping");
    }
    try (FakeServer server =
        new FakeServer("-WRONGPASS bad\r\n", "-NOAUTH Authentication required.\r\n")) {
      Result result =
          run(Map.of("REDISCLI_AUTH", "secret"), "", false, "-p", "" + server.port(), "ping");
      assertThat(result)
          .isEqualTo(
              new Result(0, "NOAUTH Authentication required.\n\n", "AUTH failed: WRONGPASS bad\n"));
    }
  }

  @Test
  void argumentFromStandardInput() throws IOException {
    try (FakeServer server = new FakeServer("+OK\r\n", "+OK\r\n")) {
      run(server, "a\nb", "-x", "set", "k");
      run(server, "v", "-X", "tag", "set", "tag", "end");
      assertThat(server.commands()).containsExactly("set k a\nb", "set v end");
      assertThat(run(server, "v", "-X", "tag", "get", "k"))
          .isEqualTo(new Result(1, "", "Using -X option but stdin tag not match.\n"));
    }
  }

  @Test
  void repeats() throws IOException {
    try (FakeServer server = new FakeServer("+PONG\r\n", "+PONG\r\n", "+PONG\r\n")) {
      assertThat(run(server, "", "-r", "3", "ping").out).isEqualTo("PONG\nPONG\nPONG\n");
    }
  }

  @Test
  void linesOfStandardInputAreCommands() throws IOException {
    try (FakeServer server = new FakeServer("+OK\r\n", "$3\r\nx y\r\n", "+PONG\r\n", "+PONG\r\n")) {
      Result result =
          run(server, "set a \"x y\"\n\nget 'a'\nget \"a\n2 ping\n0 ping\nquit\nping\n");
      assertThat(result)
          .isEqualTo(
              new Result(
                  0,
                  "OK\nx y\nInvalid argument(s)\nPONG\nPONG\n"
                      + "Invalid redis-cli repeat command option value.\n",
                  ""));
      assertThat(server.commands()).containsExactly("set a x y", "get a", "ping", "ping");
    }
  }

  @Test
  void aLostConnectionIsMadeAgainWithItsDatabase() throws IOException {
    try (FakeServer server = new FakeServer("+OK\r\n")) {
      Result result = run(server, "select 5\nget a\nget a\n");
      assertThat(result.err).startsWith("Error: Server closed the connection\n");
      assertThat(server.commands()).startsWith("select 5", "get a", "SELECT 5");
    }
  }

  @Test
  void scanFollowsTheCursor() throws IOException {
    try (FakeServer server =
        new FakeServer(
            "*2\r\n$2\r\n17\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n",
            "*2\r\n$1\r\n0\r\n*1\r\n$1\r\nc\r\n")) {
      assertThat(run(server, "", "--scan", "--pattern", "*").out).isEqualTo("a\nb\nc\n");
      assertThat(server.commands()).containsExactly("SCAN 0 MATCH *", "SCAN 17 MATCH *");
    }
  }

  @Test
  void pushesAreShownOnlyWhereAskedFor() throws IOException {
    String push = ">2\r\n$10\r\ninvalidate\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n";
    assertThat(showing(push + "+OK\r\n")).isEqualTo("OK\n");
    assertThat(showing(push + "+OK\r\n", "--show-pushes", "y", "--no-raw"))
        .isEqualTo("-> invalidate: 'a', 'b'\nOK\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--foo | Unrecognized option or bad number of args for: '--foo'",
        "-p | Unrecognized option or bad number of args for: '-p'",
        "--bigkeys | The option '--bigkeys' of redis-cli is not available in vigil-cli.",
        "-2 -3 ping | Options -2 and -3 are mutually exclusive.",
        "-x -X a ping | Options -x and -X are mutually exclusive.",
        "-u http://x ping | Invalid URI scheme",
      })
  void badOptionsAreNamed(String line, String message) {
    assertThat(run(Map.of(), "", false, line.split(" ")))
        .isEqualTo(new Result(1, "", message + "\n"));
  }

  @Test
  void helpAndVersionNeedNoServer() {
    assertThat(run(Map.of(), "", false, "--version").out).contains("redis-cli 7.0.15");
    assertThat(run(Map.of(), "", false, "--help").out).startsWith("Usage: vigil-cli [OPTIONS]");
    assertThat(run(Map.of(), "", false, "-h").out).startsWith("Usage: vigil-cli [OPTIONS]");
  }
}
