package io.vigil.lua.lib;

import io.vigil.lua.Call;

/** What a script can set of cjson, and what Redis's build sets at first. */
final class JsonSettings {
  private static final String[] OFF_ON = {"off", "on"};
  private static final String[] OFF_ON_NULL = {"off", "on", "null"};

  boolean sparseConvert;
  int sparseRatio = 2;
  int sparseSafe = 10;
  int encodeMaxDepth = 1000;
  int decodeMaxDepth = 1000;
  int precision = 14;
  boolean keepBuffer = true;
  boolean decodeInvalidNumbers = true;

  /** 0: an error, 1: as C prints them, 2: null. */
  int encodeInvalidNumbers;

  private static void arguments(Call call, int most) {
    if (call.argumentCount() > most) {
      throw call.argumentError(most + 1, "found too many arguments");
    }
  }

  private static int integer(Call call, int number, int present, int least, int most) {
    int value = present;
    if (!call.isNone(number)) {
      value = (int) call.checkInteger(number);
      if (value < least || value > most) {
        throw call.argumentError(1, "expected integer between " + least + " and " + most);
      }
    }
    return value;
  }

  private static int choice(Call call, int number, int present, String[] names) {
    Object value = call.argument(number);
    if (value == null) {
      return present;
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    String text = call.checkString(number).toString();
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(text)) {
        return i;
      }
    }
    throw call.argumentError(number, "invalid option '" + text + "'");
  }

  int sparse(Call call) {
    arguments(call, 3);
    sparseConvert = choice(call, 1, sparseConvert ? 1 : 0, OFF_ON) == 1;
    sparseRatio = integer(call, 2, sparseRatio, 0, Integer.MAX_VALUE);
    sparseSafe = integer(call, 3, sparseSafe, 0, Integer.MAX_VALUE);
    call.push(sparseConvert);
    call.push((double) sparseRatio);
    call.push((double) sparseSafe);
    return 3;
  }

  int encodeDepth(Call call) {
    arguments(call, 1);
    encodeMaxDepth = integer(call, 1, encodeMaxDepth, 1, Integer.MAX_VALUE);
    return call.one((double) encodeMaxDepth);
  }

  int decodeDepth(Call call) {
    arguments(call, 1);
    decodeMaxDepth = integer(call, 1, decodeMaxDepth, 1, Integer.MAX_VALUE);
    return call.one((double) decodeMaxDepth);
  }

  int numberPrecision(Call call) {
    arguments(call, 1);
    precision = integer(call, 1, precision, 1, 14);
    return call.one((double) precision);
  }

  int keepBuffer(Call call) {
    arguments(call, 1);
    keepBuffer = choice(call, 1, keepBuffer ? 1 : 0, OFF_ON) == 1;
    return call.one(keepBuffer);
  }

  int encodeInvalid(Call call) {
    arguments(call, 1);
    encodeInvalidNumbers = choice(call, 1, encodeInvalidNumbers, OFF_ON_NULL);
    return encodeInvalidNumbers == 2
        ? call.one((Object) call.engine().name("null"))
        : call.one(encodeInvalidNumbers == 1);
  }

  int decodeInvalid(Call call) {
    arguments(call, 1);
    decodeInvalidNumbers = choice(call, 1, decodeInvalidNumbers ? 1 : 0, OFF_ON) == 1;
    return call.one(decodeInvalidNumbers);
  }
}
