package io.vigil.lua;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes programs that print what they do, one case per line. What a case prints depends on nothing
 * but Lua: no addresses, no times. Every case is run by pcall, so errors are part of the output.
 */
final class ProgramGenerator {
  /** Shows any value; tables entry by entry in the order of next, which is Lua 5.1's own. */
  static final String PRELUDE =
      """
      local function show(v, depth)
        local t = type(v)
        if t == "string" then return (string.format("%q", v):gsub("\\n", "n"):gsub("[^ -~]", \
      function(c) return "<" .. string.byte(c) .. ">" end))
        elseif t == "number" then return string.format("%.14g", v)
        elseif t == "nil" or t == "boolean" then return tostring(v)
        elseif t == "table" and depth < 3 then
          local parts = {}
          for k, x in next, v do parts[#parts + 1] = show(k, depth + 1) .. "=" .. show(x, depth + 1) end
          return "{" .. table.concat(parts, ",") .. "}#" .. #v
        else return t end
      end
      local function T(n, f)
        local r = {pcall(f)}
        local parts = {}
        for i = 1, table.maxn(r) do parts[i] = show(r[i], 0) end
        print(n, table.concat(parts, " "))
      end
      """;

  private static final String[] VALUES = {
    "nil",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "2",
    "3.5",
    "-0.25",
    "1e15",
    "1e100",
    "2^53",
    "255",
    "65536.75",
    "1/0",
    "'10'",
    "'0x1F'",
    "' 7 '",
    "'abc'",
    "''",
    "'1e2'",
    "'a,b,,c'",
    "'hello'",
    "{}",
    "{1,2,3}",
    "{10,nil,30}",
    "{x=1}",
    "{1,2,x='y'}",
    "print",
    "M",
    "N",
    "'%d+'",
    "12",
    "5",
    "10",
    "7",
    "0.1",
    "100",
    "'k=v; kk=vv'",
    "'\\0\\1\\255'",
    "string.rep('ab', 5)"
  };

  private static final String[] BINARY = {
    "+", "-", "*", "/", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or"
  };

  private static final String[] PIECES = {
    "a", "b", ".", "%a", "%d", "%s", "%w", "%p", "%x", "%l", "%u", "[abc]", "[^abc]", "[a-c%d]",
    "%.", "x", " ", "=", ",", "[%w_]", "%c", "%z", "[]]", "[^]]", "[a-]", "%W", "%S", "%D"
  };

  private static final String[] SUFFIXES = {"", "", "", "*", "+", "-", "?"};

  private static final String[] SUBJECTS = {
    "'abcabc'", "'hello world from lua'", "'key = value, other=thing'", "'  trim me  '", "''",
    "'aaaaaa'", "'x1y22z333'", "'(nested (parens) here)'", "'THE (quick) fox'", "'a\\0b\\0c'",
    "'foo.bar.baz'", "'[[x]]'", "'abc\\n\\tdef'", "'-12.5e3 +7'"
  };

  private final Random random;

  ProgramGenerator(long seed) {
    random = new Random(seed);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** A program of so many cases. */
  String program(int cases) {
    StringBuilder out = new StringBuilder(PRELUDE);
    out.append("local M = setmetatable({v=4}, {__add=function(a,b) return 'add' end,");
    out.append("__concat=function(a,b) return 'cat' end, __index=function(t,k) return k end,");
    out.append("__call=function(self, ...) return 'call', ... end,");
    out.append("__lt=function(a,b) return true end, __unm=function() return 'unm' end,");
    out.append("__eq=function() return true end})\n");
    out.append("local N = setmetatable({}, getmetatable(M))\n");
    for (int i = 0; i < cases; i++) {
      out.append("T(").append(i).append(", function() ");
      switch (random.nextInt(8)) {
        case 0, 1 -> out.append("return ").append(expression(3));
        case 2 -> out.append("return ").append(patternCall());
        case 3 -> out.append("return ").append(formatCall());
        case 4 -> out.append("return ").append(libraryCall());
        case 5 -> out.append("return ").append(tableCall());
        default -> out.append(new StatementGenerator().body());
      }
      out.append(" end)\n");
    }
    return out.toString();
  }

  private String value() {
    return pick(VALUES);
  }

  String expression(int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return value();
    }
    return switch (random.nextInt(8)) {
      case 0 -> pick("not ", "-", "#") + "(" + expression(depth - 1) + ")";
      case 1 -> "tostring(" + pick("1.5", "nil", "'x'", expression(0) + " == 1") + ")";
      case 2 -> "tonumber(" + expression(depth - 1) + pick("", ", 16", ", 2", ", 10") + ")";
      case 3 -> "(" + expression(depth - 1) + ")";
      default ->
          "(" + expression(depth - 1) + ") " + pick(BINARY) + " (" + expression(depth - 1) + ")";
    };
  }

  private String pattern() {
    StringBuilder out = new StringBuilder(pick("", "", "", "^"));
    int open = 0;
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      if (random.nextInt(5) == 0) {
        out.append(pick("(", "(", "()"));
        open += out.charAt(out.length() - 1) == '(' ? 1 : 0;
      }
      if (random.nextInt(20) == 0) {
        out.append(pick("%b()", "%f[%w]", "%1", "%b[]", "[", "%", "%g"));
      } else {
        out.append(pick(PIECES)).append(pick(SUFFIXES));
      }
      if (open > 0 && random.nextBoolean()) {
        out.append(')');
        open--;
      }
    }
    if (random.nextInt(15) != 0) {
      out.append(")".repeat(open));
    }
    return "'" + out + pick("", "", "$") + "'";
  }

  private String patternCall() {
    String subject = pick(SUBJECTS);
    String pattern = pattern();
    return switch (random.nextInt(5)) {
      case 0 -> "string.find(" + subject + "," + pattern + pick("", ",2", ",-3", ",1,true") + ")";
      case 1 -> "string.match(" + subject + "," + pattern + pick("", ",3", ",100") + ")";
      case 2 ->
          "string.gsub("
              + subject
              + ","
              + pattern
              + ","
              + pick(
                  "'<%0>'",
                  "'%1'",
                  "{a='A',b=1}",
                  "function(...) return select('#',...) end",
                  "'%%'",
                  "string.upper",
                  "'x'",
                  "M",
                  "function() return {} end",
                  "'%2'")
              + pick("", ",2", ",0")
              + ")";
      case 3 ->
          "(function() local r = {} for a, b in string.gmatch("
              + subject
              + ","
              + pattern
              + ") do r[#r+1] = tostring(a) .. ':' .. tostring(b) end return table.concat(r,'|')"
              + " end)()";
      default -> "(" + subject + "):find(" + pattern + ")";
    };
  }

  private String formatCall() {
    StringBuilder spec = new StringBuilder("%");
    for (int n = random.nextInt(3); n > 0; n--) {
      spec.append(pick("-", "+", " ", "#", "0"));
    }
    spec.append(pick("", "", "5", "12", "3"));
    spec.append(pick("", "", ".0", ".3", ".10", "."));
    String conversion = pick("d", "i", "u", "x", "X", "o", "e", "E", "f", "g", "G", "s", "q", "c");
    boolean plain = "qsc".contains(conversion);
    String flags = plain ? spec.toString().replaceAll("[+ #0](?=.*)", "") : spec.toString();
    if (conversion.equals("q")) {
      flags = "%";
    }
    if (conversion.equals("c")) {
      flags = flags.replaceAll("\\..*", "");
    }
    return "string.format('["
        + flags
        + conversion
        + "]', "
        + pick(
            "0",
            "1",
            "-1",
            "42",
            "3.14159",
            "1e20",
            "-2.5e-7",
            "123456789",
            "'12'",
            "65",
            "0.5",
            "1/0",
            "2^31",
            "-7.999",
            "100",
            "1e-320",
            "nil",
            "{}",
            "12345.678901234567")
        + ")";
  }

  private String libraryCall() {
    String s = pick(SUBJECTS);
    String n = pick("0", "1", "2", "-1", "-2", "3", "100", "nil", "'2'", "1.9", "-100");
    String m = pick("0", "1", "2", "-1", "5", "nil", "3", "-4");
    return switch (random.nextInt(16)) {
      case 0 -> "string.sub(" + s + "," + n + "," + m + ")";
      case 1 -> "string.byte(" + s + "," + n + "," + m + ")";
      case 2 -> "string.rep(" + s + "," + n + ")";
      case 3 -> "string.upper(" + s + "), string.lower(" + s + "), string.reverse(" + s + ")";
      case 4 -> "string.len(" + value() + ")";
      case 5 -> "string.char(" + n + "," + m + ")";
      case 6 -> "select(" + n + ", 'a', 'b', 'c')";
      case 7 -> "math.floor(" + value() + "), math.ceil(" + value() + ")";
      case 8 -> "math." + pick("abs", "sqrt", "exp", "sin", "cos", "log10") + "(" + value() + ")";
      case 9 ->
          "math." + pick("max", "min", "fmod", "pow", "ldexp", "atan2") + "(" + n + "," + m + ")";
      case 10 -> "math.modf(" + value() + ")";
      case 11 -> "math.frexp(" + value() + ")";
      case 12 -> "unpack({1,2,3,4}, " + n + "," + m + ")";
      case 13 -> "type(" + value() + "), rawequal(" + value() + "," + value() + ")";
      case 14 -> "pcall(error, " + value() + ", " + pick("0", "1", "2") + ")";
      default -> "rawget(" + value() + "," + value() + ")";
    };
  }

  private String tableCall() {
    String list =
        pick(
            "{3,1,2}",
            "{'b','a','c'}",
            "{5,4,3,2,1,9,8,7,6}",
            "{1,nil,3}",
            "{}",
            "{1,'x'}",
            "{10,20,30,40}",
            "{n=3,1,2}");
    String n = pick("1", "2", "3", "0", "-1", "5", "nil", "'2'");
    String then = " return t end)()";
    String begin = "(function() local t = " + list + " ";
    return switch (random.nextInt(8)) {
      case 0 -> begin + "table.sort(t)" + then;
      case 1 -> begin + "table.sort(t, function(a,b) return a > b end)" + then;
      case 2 -> begin + "table.insert(t, " + n + pick("", ", 'new'") + ")" + then;
      case 3 -> begin + "local r = table.remove(t, " + n + ") return t, r end)()";
      case 4 ->
          "table.concat(" + list + "," + pick("','", "nil", "1") + pick("", ",2", ",1,2") + ")";
      case 5 -> begin + "for i = 1, 20 do t[i] = i end for i = 20, 8, -1 do t[i] = nil end" + then;
      case 6 ->
          begin + "for i = 1, 9 do t['k' .. i] = i end t.k3 = nil t[2.5] = 1 t[true] = 2" + then;
      default -> "next(" + list + "," + n + ")";
    };
  }

  /** Bodies of functions: loops, closures, variable arguments, coroutines. */
  private final class StatementGenerator {
    private final List<String> names = new ArrayList<>(List.of("a", "b", "c"));
    private int budget = 12;
    private int fresh;

    String body() {
      StringBuilder out = new StringBuilder("local a, b, c, out = 1, 'x', {1,2,3}, {} ");
      out.append(block(3));
      return out + "return a, b, c, out";
    }

    private String name() {
      return names.get(random.nextInt(names.size()));
    }

    private String block(int depth) {
      StringBuilder out = new StringBuilder();
      int mark = names.size();
      for (int n = 1 + random.nextInt(3); n > 0 && budget-- > 0; n--) {
        out.append(statement(depth)).append(' ');
      }
      names.subList(mark, names.size()).clear();
      return out.toString();
    }

    private String simple() {
      return pick(
          name(),
          name(),
          value(),
          name() + " and " + value(),
          "#out",
          "(" + name() + " or 0)",
          "tostring(" + pick("#out", "a == b") + ")",
          "out[" + pick("1", "#out") + "]");
    }

    private String statement(int depth) {
      if (depth == 0) {
        return "out[#out+1] = " + simple();
      }
      return switch (random.nextInt(13)) {
        case 0 -> {
          String fresh = "v" + this.fresh++;
          String text = "local " + fresh + " = " + simple();
          names.add(fresh);
          yield text;
        }
        case 1 -> name() + " = " + simple() + pick(" .. 'z'", "", "", " == " + simple());
        case 2 -> name() + ", " + name() + " = " + simple() + ", " + simple();
        case 3 ->
            "if " + simple() + " then " + block(depth - 1) + "else " + block(depth - 1) + "end";
        case 4 ->
            "for i = "
                + pick("1, 3", "3, 1, -1", "1, 2, 0.5", "1, 0")
                + " do "
                + block(depth - 1)
                + "out[#out+1] = i "
                + pick("", "if i == 2 then break end ")
                + "end";
        case 5 ->
            "for k, v in "
                + pick("pairs", "ipairs")
                + "("
                + pick("c", "{x=1,y=2,3,4}", name())
                + ") do out[#out+1] = k "
                + block(depth - 1)
                + "end";
        case 6 -> "local n = 0 while n < 3 do n = n + 1 " + block(depth - 1) + "end";
        case 7 -> "local n = 0 repeat local m = n n = n + 1 " + block(depth - 1) + "until m >= 2";
        case 8 ->
            "local function f"
                + this.fresh
                + "(...) local x, y = ... "
                + name()
                + " = y return select('#', ...), x, ... end out[#out+1] = {f"
                + this.fresh++
                + "("
                + simple()
                + ", "
                + simple()
                + ")}";
        case 9 ->
            "local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 "
                + name()
                + " = i return i end end out[#out+1] = fs[1]() out[#out+1] = fs[1]() + fs[2]()";
        case 10 ->
            "local co = coroutine.wrap(function(p) local q = coroutine.yield(p) "
                + block(depth - 1)
                + "return q end) out[#out+1] = co(1) out[#out+1] = co("
                + simple()
                + ")";
        case 11 ->
            "out[#out+1] = {pcall(function() "
                + block(depth - 1)
                + "error("
                + pick("'e'", "{1}", "'e', 2", "nil", "'e', 0")
                + ") end)}";
        default -> "out[#out+1] = " + expression(2);
      };
    }
  }
}
