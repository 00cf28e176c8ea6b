package io.vigil.sim;

/**
 * A running hash over everything that happens: equal in two runs of a seed, or the simulation is
 * not deterministic.
 */
final class Trace {
  private long hash = 0xcbf29ce484222325L;
  private long entries;

  void add(long value) {
    hash = (hash ^ value) * 0x100000001b3L;
    hash ^= hash >>> 29;
    entries++;
  }

  void add(byte[] bytes, int offset, int length) {
    long value = length;
    for (int i = offset; i < offset + length; i++) {
      value = value * 31 + bytes[i];
    }
    add(value);
  }

  void add(String text) {
    long value = text.length();
    for (int i = 0; i < text.length(); i++) {
      value = value * 31 + text.charAt(i);
    }
    add(value);
  }

  long hash() {
    return hash;
  }

  long entries() {
    return entries;
  }
}
