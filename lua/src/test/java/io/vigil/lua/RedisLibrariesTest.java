package io.vigil.lua;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.lua.lib.Libraries;
import io.vigil.lua.value.LuaString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** cjson, cmsgpack, struct and bit: the same expressions here and in EVAL of a stock server. */
@Tag("peer")
class RedisLibrariesTest {
  @TempDir private static Path folder;
  private static Process server;

  @BeforeAll
  static void startServer() throws Exception {
    Path socket = folder.resolve("s");
    server =
        new ProcessBuilder(
                "redis-server", "--port", "0", "--unixsocket", socket.toString(), "--save", "")
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    while (!Files.exists(socket)) {
      assertThat(server.waitFor(20, TimeUnit.MILLISECONDS)).as("server ended").isFalse();
    }
  }

  @AfterAll
  static void stopServer() throws InterruptedException {
    server.destroy();
    server.waitFor();
  }

  private static final String[] FIXED = {
    "(function() local all = {} for _, n in"
        + " ipairs({'string','table','math','coroutine','bit','struct','cjson','cmsgpack'}) do for"
        + " k in pairs(_G[n]) do all[#all+1] = n .. '.' .. k end end table.sort(all) return"
        + " table.concat(all, ' ') end)()",
    "cjson.encode({})",
    "cjson.encode({1,2,3})",
    "cjson.encode({a=1})",
    "cjson.encode({1,nil,3})",
    "cjson.encode('a\"b/c\\\\d\\n\\1\\127\\200')",
    "cjson.encode(1/0)",
    "cjson.encode(nil)",
    "cjson.encode(cjson.null)",
    "cjson.encode({[1]=1,[20]=2})",
    "cjson.encode({[1000]=1})",
    "cjson.encode({[1]=1,[5]=2})",
    "cjson.encode({[true]=1})",
    "cjson.encode(function() end)",
    "cjson.encode({1.5,1e15,123456789012345678,-0.1,1e300})",
    "cjson.encode({[1.5]=1})",
    "cjson.encode()",
    "cjson.encode(1,2)",
    "cjson.encode({[-1]=1})",
    "(function() local t = {} for i=1,1001 do t = {t} end return cjson.encode(t) end)()",
    "#(function() local t = {} for i=1,999 do t = {t} end return cjson.encode(t) end)()",
    "cjson.decode('[1,2,{\"a\":null}]')[3].a == cjson.null",
    "cjson.decode('')",
    "cjson.decode('[1,]')",
    "cjson.decode('{\"a\":1,}')",
    "cjson.decode('{a:1}')",
    "cjson.decode('[1 2]')",
    "cjson.decode('[')",
    "cjson.decode('tru')",
    "cjson.decode('nul')",
    "cjson.decode('\"\\\\ud83d\\\\ude00\\\\u00e9\\\\n\"')",
    "cjson.decode('\"\\\\ud83d\"')",
    "cjson.decode('\"\\\\x\"')",
    "cjson.decode('\"abc')",
    "cjson.decode('0x10')",
    "cjson.decode('nan')",
    "cjson.decode('inf')",
    "cjson.decode('-Infinity')",
    "cjson.decode('1e5')",
    "cjson.decode('-')",
    "cjson.decode('01')",
    "cjson.decode('1.')",
    "cjson.decode('.5')",
    "cjson.decode('+5')",
    "cjson.decode('1 x')",
    "cjson.decode(('['):rep(1001))",
    "cjson.decode(('['):rep(100000))",
    "cjson.decode('a\\0')",
    "cjson.decode('\\0a')",
    "cjson.decode(12)",
    "cjson.decode({})",
    "cjson.decode(' true ')",
    "cjson.decode('1e')",
    "cjson.encode_max_depth(), cjson.decode_max_depth(), cjson.encode_number_precision()",
    "cjson.encode_sparse_array(), cjson.encode_keep_buffer(), cjson.encode_invalid_numbers()",
    "cjson.encode_max_depth(0)",
    "cjson.encode_number_precision(15)",
    "cjson.encode_invalid_numbers('x')",
    "cjson.decode_invalid_numbers(), cjson._NAME, cjson._VERSION",
    "bit.tobit(0xffffffff), bit.tobit(1e15), bit.tobit(-1.5), bit.tobit('12')",
    "bit.tobit('x')",
    "bit.band(), 1",
    "bit.band(0xff, 0x0f, 3), bit.bor(1,2,4), bit.bxor(5,1)",
    "bit.bnot(0)",
    "bit.lshift(1,31), bit.rshift(-1,28), bit.arshift(-256,4), bit.rol(0x12345678,12)",
    "bit.ror(0x12345678,12), bit.bswap(0x12345678)",
    "bit.tohex(1), bit.tohex(-1,4), bit.tohex(255,-8)",
    "bit.tohex(1, 0), bit.tohex(1, -2^31), bit.tohex(1, 100)",
    "bit.tohex(1, {})",
    "cmsgpack.pack()",
    "cmsgpack.pack({a={b={c={}}}}, 1, 'x')",
    "cmsgpack.unpack('\\193')",
    "cmsgpack.unpack('\\146\\1')",
    "cmsgpack.unpack('')",
    "cmsgpack.unpack_one('\\1\\2')",
    "cmsgpack.unpack_one('\\1\\2', 1)",
    "cmsgpack.unpack_limit('\\1\\2\\3', 2)",
    "cmsgpack.unpack_limit('\\1', -1)",
    "cmsgpack.unpack_one('\\1', 5)",
    "cmsgpack.unpack(nil)",
    "cmsgpack.pack(0/1, 127, 128, 255, 256, 65535, 65536, 2^32, 2^53, 2^63, -1, -32, -33, -129)",
    "cmsgpack.pack(-32769, -2^31, -2^31-1, 1.5, 0.1, 1/0, ('x'):rep(31), ('x'):rep(32))",
    "(function() local t = {} t.t = t return cmsgpack.pack(t) end)()",
    "cmsgpack.unpack('\\221\\255\\255\\255\\255')",
    "cmsgpack.unpack('\\219\\255\\255\\255\\255')",
    "cmsgpack.unpack('\\207\\255\\255\\255\\255\\255\\255\\255\\255')",
    "cmsgpack.unpack('\\129\\192\\1')",
    "cmsgpack.unpack(('\\145'):rep(100000))",
    "cmsgpack.unpack(('\\1'):rep(9000))",
    "struct.pack('>i2<i2BbHhLlTfdxs', 1,2,3,4,5,6,7,8,9,1.5,2.5,'zz')",
    "struct.pack('!i1i4', 1, 2)",
    "struct.pack('i33', 1)",
    "struct.pack('i99999999999', 1)",
    "struct.pack('!3', 1)",
    "struct.pack('y')",
    "struct.pack('c5', 'abc')",
    "struct.pack('c0c2', 'abc', 'de')",
    "struct.pack('i16', -2)",
    "struct.pack('>I8', 2^53), struct.pack('I4', -1), struct.pack('B', 300)",
    "struct.pack('i')",
    "struct.unpack('>i2<i2B', '\\1\\2\\3\\4\\5')",
    "struct.unpack('i4', 'abc')",
    "struct.unpack('s', 'abc')",
    "struct.unpack('s', 'abc\\0def')",
    "struct.unpack('Bc0', '\\3abcd')",
    "struct.unpack('c0', 'abc')",
    "struct.unpack('i8I8', ('\\255'):rep(16))",
    "struct.unpack('i2', 'abcd', 3)",
    "struct.unpack('i2', 'ab', 0)",
    "struct.unpack('i2', 'ab', -1)",
    "struct.unpack('!8Bd', ('\\1'):rep(20))",
    "struct.unpack('c2147483647', 'x')",
    "struct.size('!8Bdi3'), struct.size('>i4')",
    "struct.size('s')",
    "struct.size('c0')",
    "struct.size('?')"
  };

  @Test
  void fixedCases() throws IOException {
    same(List.of(FIXED));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void generatedValues(long seed) throws IOException {
    Random random = new Random(seed);
    List<String> cases = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      String value = value(random, 3);
      cases.add("cjson.encode(" + value + ")");
      cases.add("cjson.decode(cjson.encode(" + value + "))");
      cases.add("cmsgpack.pack(" + value + ")");
      cases.add("cmsgpack.unpack(cmsgpack.pack(" + value + "))");
      cases.add("cmsgpack.unpack(" + bytes(random) + ")");
      cases.add("cjson.decode(" + json(random) + ")");
      cases.add("struct.unpack('" + format(random) + "', " + bytes(random) + ")");
      cases.add("bit.bxor(bit.rol(" + number(random) + ", 7), " + number(random) + ")");
    }
    same(cases);
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static String number(Random random) {
    return pick(
        random,
        "0",
        "1",
        "-1",
        "1.5",
        "1e10",
        "-2147483648",
        "4294967295",
        "0.1",
        "1e-7",
        "" + random.nextInt(),
        "" + random.nextLong() / 1000,
        "" + random.nextDouble());
  }

  private static String value(Random random, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return pick(
          random,
          "nil",
          "true",
          "false",
          "'text'",
          "'\\1\\2\"\\\\/'",
          "''",
          "cjson.null",
          number(random),
          number(random));
    }
    StringBuilder out = new StringBuilder("{");
    for (int n = random.nextInt(5); n > 0; n--) {
      out.append(
          pick(random, "", "", "k" + n + "=", "['x" + random.nextInt(50) + "']=", "[" + n + "]="));
      out.append(value(random, depth - 1)).append(',');
    }
    return out.append('}').toString();
  }

  private static String bytes(Random random) {
    StringBuilder out = new StringBuilder("'");
    for (int n = random.nextInt(12); n > 0; n--) {
      out.append('\\').append(String.format("%03d", random.nextInt(256)));
    }
    return out.append('\'').toString();
  }

  private static String json(Random random) {
    StringBuilder out = new StringBuilder("'");
    for (int n = 1 + random.nextInt(9); n > 0; n--) {
      out.append(
          pick(
              random,
              "[",
              "]",
              "{",
              "}",
              ",",
              ":",
              "\"a\"",
              "1",
              "-2.5e3",
              "true",
              "null",
              " ",
              "\"\\\\u0041\"",
              "x",
              "[1,2]",
              "{\"k\":1}",
              "0x1f",
              "nan",
              "\""));
    }
    return out.append('\'').toString();
  }

  private static String format(Random random) {
    StringBuilder out = new StringBuilder();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      out.append(
          pick(
              random, "b", "B", "h", "H", "i3", "I2", "x", ">", "<", "!4", "!", "c1", "s", "f",
              "Bc0", "l", " ", "c3", "i", "T", "z"));
    }
    return out.toString();
  }

  private static void same(List<String> cases) throws IOException {
    StringBuilder source = new StringBuilder("local out = {} local function print(n, s) ");
    source.append("out[#out+1] = n .. ' ' .. s end\n").append(ProgramGenerator.PRELUDE);
    for (int i = 0; i < cases.size(); i++) {
      source.append("T(" + i + ", function() return " + cases.get(i) + " end)\n");
    }
    source.append("return table.concat(out, '\\n')");
    List<String> theirs = eval(source.toString()).lines().toList();
    List<String> ours = ours(source.toString()).lines().toList();
    assertThat(theirs).hasSize(cases.size());
    for (int i = 0; i < theirs.size(); i++) {
      assertThat(ours.get(i)).as(cases.get(i)).isEqualTo(theirs.get(i));
    }
  }

  private static String signless(String text) {
    return text.replace("-nan", "nan");
  }

  private static String ours(String source) {
    LuaEngine engine = new LuaEngine(1L << 28);
    Libraries.openStandard(engine, () -> 0);
    Libraries.openRedis(engine);
    byte[] bytes = source.getBytes(StandardCharsets.ISO_8859_1);
    Object[] results = engine.run(engine.load(bytes, LuaString.of("@user_script")));
    byte[] text = ((LuaString) results[0]).toByteArray();
    return signless(new String(text, StandardCharsets.ISO_8859_1));
  }

  private static String eval(String source) throws IOException {
    byte[] script = source.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream command = new ByteArrayOutputStream();
    command.writeBytes(
        ("*3\r\n$4\r\nEVAL\r\n$" + script.length + "\r\n").getBytes(StandardCharsets.UTF_8));
    command.writeBytes(script);
    command.writeBytes("\r\n$1\r\n0\r\n".getBytes(StandardCharsets.UTF_8));
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("s")))) {
      ByteBuffer out = ByteBuffer.wrap(command.toByteArray());
      while (out.hasRemaining()) {
        channel.write(out);
      }
      ByteBuffer in = ByteBuffer.allocate(4 << 20);
      String reply = "";
      int length = -1;
      while (length < 0 || reply.length() < length) {
        assertThat(channel.read(in)).isPositive();
        reply = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        int line = reply.indexOf("\r\n");
        if (line > 0) {
          assertThat(reply).startsWith("$");
          length = line + 4 + Integer.parseInt(reply.substring(1, line));
        }
      }
      return signless(reply.substring(reply.indexOf("\r\n") + 2, length - 2));
    }
  }
}
