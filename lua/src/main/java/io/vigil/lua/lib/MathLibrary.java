package io.vigil.lua.lib;

import io.vigil.lua.Call;
import io.vigil.lua.LuaEngine;
import io.vigil.lua.LuaTable;
import io.vigil.lua.value.Numerics;
import java.util.function.DoubleUnaryOperator;

/** Mathematics by StrictMath: the same bits on every machine. */
final class MathLibrary {
  private MathLibrary() {}

  static RandomSequence open(LuaEngine engine) {
    LuaTable library = engine.newTable(0, 32);
    unary(engine, library, "abs", Math::abs);
    unary(engine, library, "acos", StrictMath::acos);
    unary(engine, library, "asin", StrictMath::asin);
    unary(engine, library, "atan", StrictMath::atan);
    unary(engine, library, "ceil", Math::ceil);
    unary(engine, library, "cos", StrictMath::cos);
    unary(engine, library, "cosh", StrictMath::cosh);
    unary(engine, library, "deg", x -> x / (Math.PI / 180));
    unary(engine, library, "exp", StrictMath::exp);
    unary(engine, library, "floor", Math::floor);
    unary(engine, library, "log", StrictMath::log);
    unary(engine, library, "log10", StrictMath::log10);
    unary(engine, library, "rad", x -> x * (Math.PI / 180));
    unary(engine, library, "sin", StrictMath::sin);
    unary(engine, library, "sinh", StrictMath::sinh);
    unary(engine, library, "sqrt", Math::sqrt);
    unary(engine, library, "tan", StrictMath::tan);
    unary(engine, library, "tanh", StrictMath::tanh);
    engine.register(
        library, "atan2", c -> c.one(StrictMath.atan2(c.checkNumber(1), c.checkNumber(2))));
    engine.register(library, "fmod", c -> c.one(c.checkNumber(1) % c.checkNumber(2)));
    engine.register(library, "mod", c -> c.one(c.checkNumber(1) % c.checkNumber(2)));
    engine.register(library, "pow", c -> c.one(Numerics.power(c.checkNumber(1), c.checkNumber(2))));
    engine.register(library, "ldexp", MathLibrary::scale);
    engine.register(library, "frexp", MathLibrary::parts);
    engine.register(library, "modf", MathLibrary::fraction);
    engine.register(library, "max", call -> extreme(call, true));
    engine.register(library, "min", call -> extreme(call, false));
    RandomSequence sequence = new RandomSequence();
    engine.register(library, "random", call -> random(call, sequence));
    engine.register(
        library,
        "randomseed",
        call -> {
          sequence.seed((int) call.checkInteger(1));
          return 0;
        });
    library.set(engine.name("pi"), Math.PI);
    library.set(engine.name("huge"), Double.POSITIVE_INFINITY);
    engine.globals().set(engine.name("math"), library);
    return sequence;
  }

  private static void unary(
      LuaEngine engine, LuaTable library, String name, DoubleUnaryOperator function) {
    engine.register(library, name, c -> c.one(function.applyAsDouble(c.checkNumber(1))));
  }

  private static int scale(Call call) {
    double mantissa = call.checkNumber(1);
    int exponent = (int) call.checkInteger(2);
    return call.one(Math.scalb(mantissa, exponent));
  }

  private static int parts(Call call) {
    double value = call.checkNumber(1);
    if (value == 0 || !Double.isFinite(value)) {
      return call.two(value, 0.0);
    }
    double scaled = value;
    int exponent = 0;
    if (Math.abs(value) < Double.MIN_NORMAL) {
      scaled *= 0x1p54;
      exponent = -54;
    }
    int shift = Math.getExponent(scaled) + 1;
    return call.two(Math.scalb(scaled, -shift), (double) (exponent + shift));
  }

  private static int fraction(Call call) {
    double value = call.checkNumber(1);
    if (Double.isInfinite(value)) {
      return call.two(value, Math.copySign(0.0, value));
    }
    double whole = value >= 0 ? Math.floor(value) : Math.ceil(value);
    return call.two(whole, Math.copySign(value - whole, value));
  }

  private static int extreme(Call call, boolean largest) {
    double best = call.checkNumber(1);
    for (int i = 2; i <= call.argumentCount(); i++) {
      double value = call.checkNumber(i);
      if (largest ? value > best : value < best) {
        best = value;
      }
    }
    return call.one(best);
  }

  private static int random(Call call, RandomSequence sequence) {
    double fraction = (sequence.next() % 0x7FFFFFFF) / (double) 0x7FFFFFFF;
    switch (call.argumentCount()) {
      case 0 -> {
        return call.one(fraction);
      }
      case 1 -> {
        int upper = (int) call.checkInteger(1);
        if (upper < 1) {
          throw call.argumentError(1, "interval is empty");
        }
        return call.one(Math.floor(fraction * upper) + 1);
      }
      case 2 -> {
        int lower = (int) call.checkInteger(1);
        int upper = (int) call.checkInteger(2);
        if (lower > upper) {
          throw call.argumentError(2, "interval is empty");
        }
        return call.one(Math.floor(fraction * (upper - lower + 1)) + lower);
      }
      default -> throw call.error("wrong number of arguments");
    }
  }
}
