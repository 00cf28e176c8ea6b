package io.vigil.lua.lib;

import io.vigil.lua.ByteBuilder;
import io.vigil.lua.Call;
import io.vigil.lua.value.LuaString;
import io.vigil.lua.value.NumberText;
import io.vigil.lua.value.Numerics;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;

/** string.format: C's printf with the conversions that Lua lets through. */
final class StringFormat {
  private static final int LONG_STRING = 100;

  /** One conversion: its flags, width and precision (-1 if there is none). */
  private record Spec(
      boolean left,
      boolean plus,
      boolean blank,
      boolean alternate,
      boolean zeros,
      int width,
      int precision) {}

  private final Call call;
  private final LuaString pattern;
  private final ByteBuilder out;
  private int at;

  private StringFormat(Call call) {
    this.call = call;
    this.pattern = call.checkString(1);
    this.out = new ByteBuilder(call, pattern.length() + 32);
  }

  static int format(Call call) {
    return call.one((Object) new StringFormat(call).run());
  }

  private LuaString run() {
    int argument = 1;
    while (at < pattern.length()) {
      int c = pattern.at(at++);
      if (c != '%') {
        out.add(c);
      } else if (current() == '%') {
        out.add('%');
        at++;
      } else {
        argument++;
        Spec spec = spec();
        int conversion = current();
        at++;
        convert(spec, conversion, argument);
      }
    }
    return out.toLuaString();
  }

  private int current() {
    return at < pattern.length() ? pattern.at(at) : 0;
  }

  private Spec spec() {
    int first = at;
    boolean[] flags = new boolean[5];
    for (int flag; current() != 0 && (flag = "-+ #0".indexOf(current())) >= 0; at++) {
      flags[flag] = true;
    }
    if (at - first > 5) {
      throw call.error("invalid format (repeated flags)");
    }
    int width = twoDigits();
    int precision = -1;
    if (current() == '.') {
      at++;
      precision = Math.max(twoDigits(), 0);
    }
    if (isDigit(current())) {
      throw call.error("invalid format (width or precision too long)");
    }
    return new Spec(
        flags[0], flags[1], flags[2], flags[3], flags[4], Math.max(width, 0), precision);
  }

  private int twoDigits() {
    int value = -1;
    for (int n = 0; n < 2 && isDigit(current()); n++, at++) {
      value = Math.max(value, 0) * 10 + current() - '0';
    }
    return value;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private void convert(Spec spec, int conversion, int argument) {
    switch (conversion) {
      case 'c' -> character(spec, (int) Numerics.toLong(call.checkNumber(argument)));
      case 'd', 'i' -> integer(spec, Numerics.toLong(call.checkNumber(argument)));
      case 'o', 'u', 'x', 'X' -> unsigned(spec, conversion, call.checkNumber(argument));
      case 'e', 'E', 'f', 'g', 'G' -> floating(spec, conversion, call.checkNumber(argument));
      case 'q' -> quoted(call.checkString(argument));
      case 's' -> string(spec, call.checkString(argument));
      default -> {
        String shown = conversion == 0 ? "" : "" + (char) conversion;
        throw call.error("invalid option '%" + shown + "' to 'format'");
      }
    }
  }

  /** A zero byte ends the text that C has printed, so it and what follows is lost. */
  private void character(Spec spec, int code) {
    int padding = Math.max(spec.width - 1, 0);
    if (!spec.left) {
      spaces(padding);
    }
    if ((code & 0xFF) != 0) {
      out.add(code);
      if (spec.left) {
        spaces(padding);
      }
    }
  }

  private void spaces(int count) {
    for (int i = 0; i < count; i++) {
      out.add(' ');
    }
  }

  private void string(Spec spec, LuaString text) {
    if (spec.precision < 0 && text.length() >= LONG_STRING) {
      out.add(text);
      return;
    }
    int length = 0;
    int most = spec.precision < 0 ? text.length() : Math.min(spec.precision, text.length());
    while (length < most && text.at(length) != 0) {
      length++;
    }
    if (!spec.left) {
      spaces(spec.width - length);
    }
    out.add(text.sharedBytes(), 0, length);
    if (spec.left) {
      spaces(spec.width - length);
    }
  }

  private void quoted(LuaString text) {
    out.add('"');
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      switch (c) {
        case '"', '\\', '\n' -> {
          out.add('\\');
          out.add(c);
        }
        case '\r' -> out.add("\\r");
        case 0 -> out.add("\\000");
        default -> out.add(c);
      }
    }
    out.add('"');
  }

  // Numbers

  private void integer(Spec spec, long value) {
    String digits = Long.toString(value);
    boolean negative = value < 0;
    whole(spec, negative ? digits.substring(1) : digits, sign(spec, negative), value == 0);
  }

  private void unsigned(Spec spec, int conversion, double number) {
    long value =
        number >= 0x1p63
            ? Numerics.toLong(number - 0x1p63) ^ Long.MIN_VALUE
            : Numerics.toLong(number);
    String digits =
        switch (conversion) {
          case 'o' -> Long.toOctalString(value);
          case 'u' -> Long.toUnsignedString(value);
          case 'x' -> Long.toHexString(value);
          default -> Long.toHexString(value).toUpperCase(Locale.ROOT);
        };
    String prefix = "";
    if (spec.alternate && value != 0) {
      if (conversion == 'o') {
        digits = "0" + digits;
      } else if (conversion != 'u') {
        prefix = conversion == 'x' ? "0x" : "0X";
      }
    }
    whole(spec, digits, prefix, value == 0 && !(conversion == 'o' && spec.alternate));
  }

  private void whole(Spec spec, String digits, String prefix, boolean zero) {
    String shown = zero && spec.precision == 0 ? "" : digits;
    String filled = "0".repeat(Math.max(spec.precision - shown.length(), 0)) + shown;
    pad(spec, prefix, filled, spec.zeros && spec.precision < 0);
  }

  private static String sign(Spec spec, boolean negative) {
    return negative ? "-" : spec.plus ? "+" : spec.blank ? " " : "";
  }

  private void pad(Spec spec, String prefix, String body, boolean zeros) {
    int padding = Math.max(spec.width - prefix.length() - body.length(), 0);
    if (spec.left) {
      out.add(prefix);
      out.add(body);
      spaces(padding);
    } else if (zeros) {
      out.add(prefix);
      byte[] filling = new byte[padding];
      Arrays.fill(filling, (byte) '0');
      out.add(filling, 0, padding);
      out.add(body);
    } else {
      spaces(padding);
      out.add(prefix);
      out.add(body);
    }
  }

  private void floating(Spec spec, int conversion, double number) {
    boolean upper = conversion == 'E' || conversion == 'G';
    boolean negative = Double.isNaN(number) || Double.doubleToRawLongBits(number) < 0;
    String sign = sign(spec, negative);
    if (!Double.isFinite(number)) {
      String word = Double.isNaN(number) ? "nan" : "inf";
      pad(spec, sign, upper ? word.toUpperCase(Locale.ROOT) : word, false);
      return;
    }
    double magnitude = Math.abs(number);
    int precision = spec.precision < 0 ? 6 : spec.precision;
    String body =
        switch (conversion | 0x20) {
          case 'f' -> fixed(magnitude, precision, spec.alternate);
          case 'e' -> scientific(magnitude, precision, spec.alternate);
          default -> general(magnitude, Math.max(precision, 1), spec.alternate);
        };
    pad(spec, sign, upper ? body.toUpperCase(Locale.ROOT) : body, spec.zeros);
  }

  private static String fixed(double magnitude, int precision, boolean point) {
    String text =
        new BigDecimal(magnitude).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return point && precision == 0 ? text + "." : text;
  }

  private static String scientific(double magnitude, int precision, boolean point) {
    String digits = "0".repeat(precision + 1);
    int exponent = 0;
    if (magnitude != 0) {
      BigDecimal rounded =
          new BigDecimal(magnitude).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
      digits = rounded.unscaledValue().toString();
      exponent = digits.length() - 1 - rounded.scale();
      digits += "0".repeat(Math.max(precision + 1 - digits.length(), 0));
      digits = digits.substring(0, precision + 1);
    }
    String mark = precision > 0 || point ? "." : "";
    return digits.charAt(0) + mark + digits.substring(1) + exponentText(exponent);
  }

  private static String exponentText(int exponent) {
    return (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
  }

  private static String general(double magnitude, int precision, boolean keepZeros) {
    if (!keepZeros) {
      return NumberText.general(magnitude, precision);
    }
    int exponent = 0;
    if (magnitude != 0) {
      String rounded = scientific(magnitude, precision - 1, false);
      exponent = Integer.parseInt(rounded.substring(rounded.indexOf('e') + 1));
    }
    return exponent < -4 || exponent >= precision
        ? scientific(magnitude, precision - 1, true)
        : fixed(magnitude, precision - 1 - exponent, true);
  }
}
