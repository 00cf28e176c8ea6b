package io.vigil.core.observe.config;

import io.vigil.core.base.Numbers;
import java.util.List;
import java.util.OptionalLong;

/** A directive that is an integer: plain, a size in bytes, a size or a percentage, or octal. */
public final class NumberDirective extends Directive {
  /** How the number is spelled. */
  enum Form {
    INTEGER,
    /** Bytes, with a unit: {@code 64mb}. */
    MEMORY,
    /** Bytes, or a percentage such as {@code 5%}, which is kept negative. */
    MEMORY_OR_PERCENT,
    OCTAL
  }

  private final Form form;
  private final long low;
  private final long high;
  private final boolean unsigned;
  private final long initial;
  private long least = Long.MIN_VALUE;
  private long most = Long.MAX_VALUE;
  private long value;

  NumberDirective(String name, Form form, boolean unsigned, long low, long high, long initial) {
    super(name);
    this.form = form;
    this.unsigned = unsigned;
    this.low = low;
    this.high = high;
    this.initial = initial;
    this.value = initial;
  }

  /** Values beyond are taken but mean the nearest one within. */
  NumberDirective clamped(long lowest, long highest) {
    least = lowest;
    most = highest;
    return this;
  }

  public long get() {
    return value;
  }

  /** The value as an int; for directives whose range allows no more. */
  public int getInt() {
    return Math.toIntExact(value);
  }

  /** Sets the value without any check: for what a node adjusts itself. */
  public void adjust(long adjusted) {
    value = adjusted;
  }

  @Override
  public String text() {
    return switch (form) {
      case INTEGER -> Long.toString(value);
      case MEMORY -> Long.toUnsignedString(value);
      case MEMORY_OR_PERCENT -> value < 0 ? -value + "%" : Long.toString(value);
      case OCTAL -> Long.toOctalString(value);
    };
  }

  @Override
  String assign(List<String> words) {
    OptionalLong parsed = parse(words.getFirst());
    if (parsed.isEmpty()) {
      return switch (form) {
        case INTEGER -> "argument couldn't be parsed into an integer";
        case MEMORY -> "argument must be a memory value";
        case MEMORY_OR_PERCENT -> "argument must be a memory or percent value";
        case OCTAL -> "argument couldn't be parsed as an octal number";
      };
    }
    String error = range(parsed.getAsLong());
    if (error == null) {
      value = Math.clamp(parsed.getAsLong(), least, most);
    }
    return error;
  }

  private OptionalLong parse(String text) {
    return switch (form) {
      case INTEGER -> Numbers.parseLong(text);
      case MEMORY -> Numbers.parseBytes(text);
      case MEMORY_OR_PERCENT -> {
        OptionalLong bytes = Numbers.parseBytes(text);
        yield bytes.isPresent() ? bytes : percent(text);
      }
      case OCTAL -> CStyle.parseLong(text, 8);
    };
  }

  private static OptionalLong percent(String text) {
    if (text.length() < 2 || !text.endsWith("%")) {
      return OptionalLong.empty();
    }
    OptionalLong percent = Numbers.parseLong(text.substring(0, text.length() - 1));
    return percent.isPresent() && percent.getAsLong() >= 0
        ? OptionalLong.of(-percent.getAsLong())
        : OptionalLong.empty();
  }

  private String range(long candidate) {
    if (form == Form.MEMORY_OR_PERCENT && candidate < 0) {
      return candidate < low ? "percentage argument must be less or equal to " + -low : null;
    }
    boolean inside =
        unsigned
            ? Long.compareUnsigned(candidate, low) >= 0
                && Long.compareUnsigned(candidate, high) <= 0
            : candidate >= low && candidate <= high;
    return inside
        ? null
        : "argument must be between " + bound(low) + " and " + bound(high) + " inclusive";
  }

  private String bound(long limit) {
    if (form == Form.OCTAL) {
      return Long.toOctalString(limit);
    }
    return unsigned ? Long.toUnsignedString(limit) : Long.toString(limit);
  }

  @Override
  Object memento() {
    return value;
  }

  @Override
  void restore(Object memento) {
    value = (long) memento;
  }

  @Override
  void rewrite(ConfigFile file) {
    boolean inUnits = form == Form.MEMORY || form == Form.MEMORY_OR_PERCENT && value >= 0;
    file.put(name(), name() + " " + (inUnits ? inUnits(value) : text()), value != initial);
  }

  /** Bytes in the largest unit that divides them. */
  static String inUnits(long bytes) {
    if (bytes != 0 && bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "gb";
    }
    if (bytes != 0 && bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "mb";
    }
    if (bytes != 0 && bytes % (1L << 10) == 0) {
      return (bytes >> 10) + "kb";
    }
    return Long.toString(bytes);
  }
}
