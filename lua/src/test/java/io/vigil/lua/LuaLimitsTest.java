package io.vigil.lua;

import static org.assertj.core.api.Assertions.assertThat;

import io.vigil.lua.LuaRun.State;
import io.vigil.lua.lib.Libraries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script may try and not get: the attacks of past advisories, and their relatives. */
class LuaLimitsTest {
  private static final int MANY = 100_000;

  private final Scripts scripts = new Scripts();

  @ParameterizedTest
  @CsvSource({
    "(,1,)",
    "{,1,}",
    "'- ',1,''",
    "'not ',1,''",
    "a.b(,'',)",
    "'f{',1,}",
    "1^,1,''",
    "1 ..,1,''"
  })
  void deepNestingIsASyntaxErrorAndNoOverflow(String open, String middle, String close) {
    String source = "return " + open.repeat(MANY) + middle + close.repeat(MANY);
    assertThat(scripts.failure(source)).endsWith("chunk has too many syntax levels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"do ", "if x then ", "while x do ", "repeat ", "f(function() "})
  void deepBlocksAreASyntaxError(String open) {
    assertThat(scripts.failure(open.repeat(MANY))).endsWith("chunk has too many syntax levels");
  }

  @Test
  void longChainsThatLeanToTheLeftAreCompiledOrRefused() {
    assertThat(scripts.run("local x = 1 return x" + " + x".repeat(MANY))).isEqualTo("100001");
    assertThat(scripts.run("local x = 1 return x" + " and x".repeat(MANY))).isEqualTo("1");
    assertThat(scripts.failure("local x = 1 return x" + ".x".repeat(MANY)))
        .endsWith("function or expression too complex");
    assertThat(scripts.failure("local x = 1 return x" + "()".repeat(MANY)))
        .endsWith("function or expression too complex");
    assertThat(scripts.failure("local x = 1 return x" + " == x".repeat(MANY)))
        .endsWith("function or expression too complex");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return unpack({}, 1, 2^31 - 1) | too many results to unpack",
        "return unpack({}, 0, 2^31 - 1) | too many results to unpack",
        "return unpack({}, -2^31, 2^31 - 1) | too many results to unpack",
        "return unpack({}, 1, 1e6) | too many results to unpack",
        "return string.rep('x', 2e9) | not enough memory",
        "return string.rep(string.rep('x', 1e6), 1e6) | resulting string too large",
        "local s = 'x' while true do s = s .. s end | not enough memory",
        "local t = {} for i = 1, 1e9 do t[i] = i end | not enough memory",
        "local t = {} for i = 1, 1e9 do t['k' .. i] = i end | not enough memory",
        "local t = {} for i = 1, 1e9 do t[i] = {} end | not enough memory",
        "local t while true do t = {t} end | not enough memory",
        "local f while true do local g = f f = function() return g end end | not enough memory",
        "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end | not enough"
            + " memory",
        "return table.concat({string.rep('x', 1e7)}, '', 1, 1) .. string.rep('y', 6e7) | not enough"
            + " memory",
        "return ('x'):rep(1e7):gsub('x', ('y'):rep(100)) | not enough memory",
        "table.insert({}, -2^31, 1) | position out of bounds",
        "return string.char(256) | invalid value"
      })
  void whatIsTooLargeIsAnError(String source, String expected) {
    assertThat(scripts.failure(source)).contains(expected.strip());
    assertThat(scripts.run("return 'alive'")).isEqualTo("alive");
  }

  @Test
  void garbageDoesNotCount() {
    assertThat(scripts.run("local s for i = 1, 200 do s = string.rep('x', 1e6) .. i end return #s"))
        .isEqualTo("1000003");
    assertThat(scripts.run("local t for i = 1, 300000 do t = {i, {}, tostring(i)} end return #t"))
        .isEqualTo("3");
    assertThat(scripts.engine.countUsedBytes()).isBetween(1000L, 200_000L);
  }

  @Test
  void aScriptThatCatchesItsMemoryErrorCanGoOn() {
    String source = "local ok, e = pcall(string.rep, 'x', 1e9) return ok, e, #string.rep('x', 1e6)";
    assertThat(scripts.run(source)).isEqualTo("false not enough memory 1000000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return ('a'):rep(60):find(('a*'):rep(60) .. 'b')",
        "return ('a'):rep(1e5):find(('.-'):rep(20) .. 'b')",
        "return ('a'):rep(1e5):match('(.*)(.*)(.*)b')",
        "return ('x'):rep(1e5):find(('x?'):rep(1e5))",
        "return ('x'):find(('('):rep(1e5))",
        "return ('x'):gsub('', ('%1'):rep(10), 1e9), ('a'):rep(3e4):gsub(('a-'):rep(8) .. 'b', '')"
      })
  void patternsThatBlowUpAreErrors(String source) {
    long begin = System.nanoTime();
    assertThat(scripts.failure(source)).containsAnyOf("pattern too complex", "too many captures");
    assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(5000);
  }

  @Test
  void deepRecursionIsALuaError() {
    assertThat(scripts.failure("local function f() return 1 + f() end f()"))
        .endsWith("stack overflow");
    assertThat(scripts.run("local function f() local ok, e = pcall(f) return e end return f()"))
        .isEqualTo("C stack overflow");
    assertThat(
            scripts.failure(
                "local t = setmetatable({}, {}) getmetatable(t).__index = "
                    + "function(s, k) return s[k .. 'x'] end return t.x"))
        .endsWith("stack overflow");
    assertThat(scripts.run("local function f() return coroutine.wrap(f)() end return (pcall(f))"))
        .isEqualTo("false");
    assertThat(
            scripts.failure(
                "local t = {} for i = 1, 200 do t = setmetatable({}, {__index = t}) end return"
                    + " t.x"))
        .endsWith("loop in gettable");
    assertThat(scripts.run("local t = {} setmetatable(t, {__call = t}) return (pcall(t))"))
        .isEqualTo("false");
  }

  @Test
  void codeThatIsNotTextIsRefused() {

    assertThat(scripts.run("return (loadstring('\\27Lua'))")).isEqualTo("null");
    assertThat(scripts.failure("return string.dump(print or type)")).contains("unable to dump");
    assertThat(
            scripts.run(
                "return io, package, require, dofile, loadfile, debug, module, os.time, os.exit"))
        .isEqualTo("null ".repeat(9).strip());
  }

  @Test
  void readOnlyTablesStayAsTheyAre() {
    scripts.engine.globals().setReadOnly(true);
    String refused = "Attempt to modify a readonly table";
    assertThat(scripts.failure("x = 1")).isEqualTo("test:1: " + refused);
    assertThat(scripts.failure("_G.print = 1")).isEqualTo("test:1: " + refused);
    assertThat(scripts.failure("rawset(_G, 'x', 1)")).isEqualTo(refused);
    assertThat(scripts.failure("setmetatable(_G, {})")).isEqualTo(refused);
    assertThat(scripts.failure("table.insert(_G, 1)")).isEqualTo(refused);
    assertThat(scripts.run("local t = {} t.x = 1 return t.x")).isEqualTo("1");
  }

  @Test
  void aKilledLoopInsideManyCoroutinesIsGone() {
    LuaRun run =
        scripts.start(
            "local function deep(n) if n == 0 then while true do end end "
                + "return coroutine.wrap(deep)(n - 1) end deep(100)");
    assertThat(run.advance(100_000)).isEqualTo(State.INTERRUPTED);
    run.abandon();
    assertThat(scripts.run("return coroutine.running() == nil")).isEqualTo("true");
  }

  @Test
  void nestingInJsonAndMessagePackIsBoundedWhateverTheSettings() {
    Libraries.openRedis(scripts.engine);
    String deep = "local t = {} for i = 1, 1e5 do t = {t} end ";
    String json = "cjson.decode(('['):rep(1e5) .. (']'):rep(1e5))";
    assertThat(scripts.failure(deep + "return cjson.encode(t)")).contains("excessive nesting");
    assertThat(scripts.failure("return " + json)).contains("too many nested data structures");
    assertThat(scripts.run("return cjson.encode_max_depth(1e9), cjson.decode_max_depth(1e9)"))
        .isEqualTo("1000000000 1000000000");
    assertThat(scripts.failure(deep + "return cjson.encode(t)")).contains("excessive nesting");
    assertThat(scripts.failure("return " + json)).contains("too many nested data structures");
    assertThat(scripts.run(deep + "return #cmsgpack.pack(t)")).isEqualTo("17");
    assertThat(scripts.failure("return cmsgpack.unpack(('\\145'):rep(1e5))"))
        .contains("stack overflow (in function mp_decode_to_lua_array)");
  }
}
