package io.vigil.core.memory;

import java.util.Arrays;

/**
 * How many owners beyond the first each shared block has: a small hash table of longs with linear
 * probing, empty but while a snapshot is open.
 */
final class SharedBlocks {
  private long[] addresses = new long[16];
  private int[] extraOwners = new int[16];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  boolean contains(long address) {
    return addresses[slotOf(address)] == address;
  }

  void add(long address) {
    int slot = slotOf(address);
    if (addresses[slot] == 0) {
      addresses[slot] = address;
      size++;
    }
    extraOwners[slot]++;
    if (2 * size > addresses.length) {
      grow();
    }
  }

  /** Takes one owner away; false when the block had only one. */
  boolean drop(long address) {
    int slot = slotOf(address);
    if (addresses[slot] == 0) {
      return false;
    }
    extraOwners[slot]--;
    if (extraOwners[slot] == 0) {
      remove(slot);
    }
    return true;
  }

  private int slotOf(long address) {
    int mask = addresses.length - 1;
    int slot = home(address, mask);
    while (addresses[slot] != 0 && addresses[slot] != address) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static int home(long address, int mask) {
    return (int) ((address >>> 3) * 0x9E3779B97F4A7C15L >>> 40) & mask;
  }

  private void remove(int slot) {
    int mask = addresses.length - 1;
    int hole = slot;
    for (int at = (slot + 1) & mask; addresses[at] != 0; at = (at + 1) & mask) {
      int distance = (at - home(addresses[at], mask)) & mask;
      if (distance >= ((at - hole) & mask)) {
        addresses[hole] = addresses[at];
        extraOwners[hole] = extraOwners[at];
        hole = at;
      }
    }
    addresses[hole] = 0;
    extraOwners[hole] = 0;
    size--;
    if (size == 0 && addresses.length > 1024) {
      addresses = new long[16];
      extraOwners = new int[16];
    }
  }

  private void grow() {
    long[] oldAddresses = addresses;
    int[] oldOwners = extraOwners;
    addresses = new long[oldAddresses.length * 2];
    extraOwners = new int[addresses.length];
    for (int i = 0; i < oldAddresses.length; i++) {
      if (oldAddresses[i] != 0) {
        int slot = slotOf(oldAddresses[i]);
        addresses[slot] = oldAddresses[i];
        extraOwners[slot] = oldOwners[i];
      }
    }
    Arrays.fill(oldAddresses, 0);
  }
}
