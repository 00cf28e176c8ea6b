package io.vigil.lua;

import io.vigil.lua.value.LuaError;
import io.vigil.lua.value.LuaString;
import java.util.Arrays;

/**
 * A table: an array part for the keys 1..n and a hash part for the rest.
 *
 * <p>The hash part is a chained scatter table with Brent's variation, as in the reference
 * implementation: a key that is not in its main position collides only with keys that are not in
 * theirs. Sizes, positions and the moment of a rehash are those of Lua 5.1, because scripts see
 * them: the order of {@code next}, the border that {@code #} finds, and with them the bytes that
 * cjson and cmsgpack write.
 *
 * <pre>
 *   nodes  [key0, value0, key1, value1, ...]     2^k nodes, or none
 *   links  [next node of the chain, or -1]
 *   free   all nodes from here on are taken
 * </pre>
 *
 * <p>A removed entry keeps its key until the next rehash, so that {@code next} can go on from it.
 */
public final class LuaTable {
  private static final Object[] NOTHING = {};
  private static final int[] NO_LINKS = {};
  private static final int MAX_BITS = 26;

  static final String READ_ONLY = "Attempt to modify a readonly table";

  /** Bytes of a table without entries, for the memory account. */
  static final int OVERHEAD_BYTES = 64;

  final int id;
  LuaTable metatable;

  /** Bits of metamethods known to be absent when this table is used as a metatable. */
  int absent;

  /** The round of the memory account in which this table was last counted. */
  int countedIn;

  private boolean readOnly;
  private Object[] array = NOTHING;
  private Object[] nodes = NOTHING;
  private int[] links = NO_LINKS;
  private int free;
  private final MemoryAccount memory;

  LuaTable(int id, MemoryAccount memory, int arraySize, int hashSize) {
    this.id = id;
    this.memory = memory;
    memory.charge(OVERHEAD_BYTES + 4L * arraySize);
    if (arraySize > 0) {
      array = new Object[arraySize];
    }
    if (hashSize > 0) {
      allocateNodes(hashSize);
    }
  }

  /** The metatable, or null. */
  public LuaTable metatable() {
    return metatable;
  }

  /** Sets the metatable; null removes it. */
  public void setMetatable(LuaTable metatable) {
    this.metatable = metatable;
  }

  /** Whether scripts can change it. */
  public boolean isReadOnly() {
    return readOnly;
  }

  /** Lets scripts no longer change this table, or change it again; the host always can. */
  public void setReadOnly(boolean readOnly) {
    this.readOnly = readOnly;
  }

  /** Throws what a script gets that wants to change a table which is read-only. */
  public void requireWritable() {
    if (readOnly) {
      throw new LuaError(READ_ONLY);
    }
  }

  // Reading

  /** The value of a key, or null; metamethods play no part. */
  public Object get(Object key) {
    return switch (key) {
      case LuaString string -> get(string);
      case Double number -> get(number.doubleValue());
      case null -> null;
      default -> {
        int node = find(key);
        yield node < 0 ? null : nodes[2 * node + 1];
      }
    };
  }

  /** The value of a string key, or null. */
  public Object get(LuaString key) {
    Object[] all = nodes;
    int[] next = links;
    if (next.length == 0) {
      return null;
    }
    int node = key.hashCode() & (next.length - 1);
    do {
      Object candidate = all[2 * node];
      if (candidate == key || (candidate instanceof LuaString string && key.equals(string))) {
        return all[2 * node + 1];
      }
      node = next[node];
    } while (node >= 0);
    return null;
  }

  /** The value of a number key, or null. */
  public Object get(double key) {
    int index = (int) key;
    if (index == key) {
      return get(index);
    }
    int node = findNumber(key);
    return node < 0 ? null : nodes[2 * node + 1];
  }

  /** The value of an integer key, or null. */
  public Object get(int key) {
    Object[] part = array;
    int index = key - 1;
    if (index >= 0 && index < part.length) {
      return part[index];
    }
    int node = findNumber(key);
    return node < 0 ? null : nodes[2 * node + 1];
  }

  /**
   * A border: an n where entry n is not nil and entry n + 1 is. Where there are several, it is the
   * one that Lua 5.1 finds.
   */
  public int length() {
    int high = array.length;
    if (high > 0 && array[high - 1] == null) {
      int low = 0;
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (array[middle - 1] == null) {
          high = middle;
        } else {
          low = middle;
        }
      }
      return low;
    }
    return links.length == 0 ? high : borderBeyondArray(high);
  }

  private int borderBeyondArray(int from) {
    int low = from;
    long high = from + 1L;
    while (get((double) high) != null) {
      low = (int) high;
      high *= 2;
      if (high > Integer.MAX_VALUE - 2) {
        int i = 1;
        while (get(i) != null) {
          i++;
        }
        return i - 1;
      }
    }
    while (high - low > 1) {
      long middle = (low + high) / 2;
      if (get((double) middle) == null) {
        high = middle;
      } else {
        low = (int) middle;
      }
    }
    return low;
  }

  // Iterating

  /**
   * The position after a key, for {@link #keyAt} and {@link #valueAt}; -1 after the last.
   *
   * @param key the key to go on from, null to begin
   * @throws IllegalArgumentException if the table never had that key
   */
  public int positionAfter(Object key) {
    return nextPosition(key == null ? 0 : positionOf(key) + 1);
  }

  /** The first position at or after {@code from} that holds an entry, or -1. */
  public int nextPosition(int from) {
    int position = from;
    for (; position < array.length; position++) {
      if (array[position] != null) {
        return position;
      }
    }
    for (int node = position - array.length; node < links.length; node++) {
      if (nodes[2 * node + 1] != null) {
        return array.length + node;
      }
    }
    return -1;
  }

  /** The key at a position. */
  public Object keyAt(int position) {
    return position < array.length
        ? (Object) (position + 1.0)
        : nodes[2 * (position - array.length)];
  }

  /** The value at a position. */
  public Object valueAt(int position) {
    return position < array.length ? array[position] : nodes[2 * (position - array.length) + 1];
  }

  private int positionOf(Object key) {
    if (key instanceof Double number) {
      int index = (int) number.doubleValue();
      if (index == number && index >= 1 && index <= array.length) {
        return index - 1;
      }
    }
    int node = find(key);
    if (node < 0) {
      throw new IllegalArgumentException("invalid key to 'next'");
    }
    return array.length + node;
  }

  // Writing: the host's own writes ignore readOnly, the interpreter asks before it writes

  /**
   * Sets the value of a key; null removes the entry.
   *
   * @throws IllegalArgumentException if the key is null or not a number
   */
  public void set(Object key, Object value) {
    switch (key) {
      case LuaString string -> set(string, value);
      case Double number -> set(number.doubleValue(), value);
      case null -> throw new IllegalArgumentException("table index is nil");
      default -> setNode(find(key), key, value);
    }
  }

  /** Sets the value of a string key. */
  public void set(LuaString key, Object value) {
    absent = 0;
    setNode(find(key), key, value);
  }

  /** Sets the value of a number key. */
  public void set(double key, Object value) {
    int index = (int) key;
    if (index == key) {
      set(index, value);
    } else if (Double.isNaN(key)) {
      throw new IllegalArgumentException("table index is NaN");
    } else {
      setNode(findNumber(key), key, value);
    }
  }

  /** Sets the value of an integer key. */
  public void set(int key, Object value) {
    Object[] part = array;
    int index = key - 1;
    if (index >= 0 && index < part.length) {
      part[index] = value;
    } else {
      int node = findNumber(key);
      setNode(node, node < 0 ? Double.valueOf(key) : null, value);
    }
  }

  /** Replaces the value of a string key that has one already; false if there is none. */
  boolean replace(LuaString key, Object value) {
    int node = find(key);
    if (node < 0 || nodes[2 * node + 1] == null) {
      return false;
    }
    absent = 0;
    nodes[2 * node + 1] = value;
    return true;
  }

  private void setNode(int node, Object key, Object value) {
    if (node >= 0) {
      nodes[2 * node + 1] = value;
    } else {
      insert(key, value); // also for nil, since the key takes part in the next rehash
    }
  }

  /** Makes the array part at least this large. */
  void growArray(int size) {
    if (size > array.length) {
      resize(size, links.length);
    }
  }

  // The hash part

  private int find(LuaString key) {
    if (links.length == 0) {
      return -1;
    }
    int node = key.hashCode() & (links.length - 1);
    do {
      Object candidate = nodes[2 * node];
      if (candidate == key || (candidate instanceof LuaString string && key.equals(string))) {
        return node;
      }
      node = links[node];
    } while (node >= 0);
    return -1;
  }

  private int findNumber(double key) {
    if (links.length == 0) {
      return -1;
    }
    int node = positionOfNumber(key);
    do {
      if (nodes[2 * node] instanceof Double candidate && candidate == key) {
        return node;
      }
      node = links[node];
    } while (node >= 0);
    return -1;
  }

  private int find(Object key) {
    if (key instanceof LuaString string) {
      return find(string);
    }
    if (key instanceof Double number) {
      return findNumber(number);
    }
    if (links.length == 0) {
      return -1;
    }
    int node = mainPosition(key);
    do {
      // Booleans are Boolean.TRUE and Boolean.FALSE only, so identity serves all these.
      if (nodes[2 * node] == key) {
        return node;
      }
      node = links[node];
    } while (node >= 0);
    return -1;
  }

  private int mainPosition(Object key) {
    return switch (key) {
      case LuaString string -> string.hashCode() & (links.length - 1);
      case Double number -> positionOfNumber(number);
      case Boolean truth -> (truth ? 1 : 0) & (links.length - 1);
      case LuaTable table -> positionOfId(table.id);
      case LuaFunction function -> positionOfId(function.id);
      case LuaUserdata userdata -> positionOfId(userdata.id);
      case LuaThread thread -> positionOfId(thread.id);
      default -> throw new IllegalArgumentException("not a Lua value: " + key.getClass());
    };
  }

  private int positionOfNumber(double key) {
    if (key == 0) {
      return 0;
    }
    long bits = Double.doubleToRawLongBits(key);
    return Integer.remainderUnsigned((int) bits + (int) (bits >>> 32), (links.length - 1) | 1);
  }

  private int positionOfId(int identity) {
    return Integer.remainderUnsigned(identity, (links.length - 1) | 1);
  }

  /** Adds a key that is not there. */
  private void insert(Object key, Object value) {
    if (links.length == 0) {
      rehash(key);
      set(key, value);
      return;
    }
    int home = mainPosition(key);
    if (nodes[2 * home + 1] != null) {
      int spare = takeFree();
      if (spare < 0) {
        rehash(key);
        set(key, value);
        return;
      }
      int othersHome = mainPosition(nodes[2 * home]);
      if (othersHome == home) {
        links[spare] = links[home];
        links[home] = spare;
        home = spare;
      } else {
        moveAside(home, othersHome, spare);
      }
    }
    nodes[2 * home] = key;
    nodes[2 * home + 1] = value;
  }

  /** The key at {@code node} is not at home there: it goes to {@code spare}, its chain with it. */
  private void moveAside(int node, int itsHome, int spare) {
    int before = itsHome;
    while (links[before] != node) {
      before = links[before];
    }
    links[before] = spare;
    nodes[2 * spare] = nodes[2 * node];
    nodes[2 * spare + 1] = nodes[2 * node + 1];
    links[spare] = links[node];
    links[node] = -1;
  }

  private int takeFree() {
    while (free-- > 0) {
      if (nodes[2 * free] == null) {
        return free;
      }
    }
    return -1;
  }

  private void rehash(Object extraKey) {
    int[] counts = new int[MAX_BITS + 1];
    int inArray = countArray(counts);
    int total = inArray;
    for (int node = links.length - 1; node >= 0; node--) {
      if (nodes[2 * node + 1] != null) {
        inArray += countKey(nodes[2 * node], counts);
        total++;
      }
    }
    inArray += countKey(extraKey, counts);
    total++;
    int size = 0;
    int kept = 0;
    int seen = 0;
    for (int bit = 0, power = 1; power / 2 < inArray; bit++, power *= 2) {
      if (counts[bit] > 0) {
        seen += counts[bit];
        if (seen > power / 2) {
          size = power;
          kept = seen;
        }
      }
      if (seen == inArray) {
        break;
      }
    }
    resize(size, total - kept);
  }

  /** Counts the entries of the array part by the slice (2^(i-1), 2^i] of their key. */
  private int countArray(int[] counts) {
    int total = 0;
    int index = 1;
    for (int bit = 0, limit = 1; bit <= MAX_BITS && index <= array.length; bit++, limit *= 2) {
      int count = 0;
      for (int end = Math.min(limit, array.length); index <= end; index++) {
        if (array[index - 1] != null) {
          count++;
        }
      }
      counts[bit] += count;
      total += count;
    }
    return total;
  }

  private static int countKey(Object key, int[] counts) {
    if (key instanceof Double number) {
      int index = (int) number.doubleValue();
      if (index == number && index >= 1 && index <= 1 << MAX_BITS) {
        counts[index == 1 ? 0 : 32 - Integer.numberOfLeadingZeros(index - 1)]++;
        return 1;
      }
    }
    return 0;
  }

  private void allocateNodes(int size) {
    int bits = size <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(size - 1);
    if (bits > MAX_BITS) {
      throw new LuaError("table overflow");
    }
    int count = 1 << bits;
    memory.charge(12L * count);
    nodes = new Object[2 * count];
    links = new int[count];
    Arrays.fill(links, -1);
    free = count;
  }

  private void resize(int arraySize, int hashSize) {
    Object[] oldArray = array;
    Object[] oldNodes = nodes;
    if (arraySize > oldArray.length) {
      memory.charge(4L * arraySize);
    }
    if (hashSize == 0) {
      nodes = NOTHING;
      links = NO_LINKS;
      free = 0;
    } else {
      allocateNodes(hashSize);
    }
    if (arraySize != oldArray.length) {
      array = arraySize == 0 ? NOTHING : Arrays.copyOf(oldArray, arraySize);
    }
    for (int i = arraySize; i < oldArray.length; i++) {
      if (oldArray[i] != null) {
        set(i + 1, oldArray[i]);
      }
    }
    for (int i = oldNodes.length - 2; i >= 0; i -= 2) {
      if (oldNodes[i + 1] != null) {
        set(oldNodes[i], oldNodes[i + 1]);
      }
    }
  }

  // The memory account

  /** Bytes this table holds itself, its entries not followed. */
  long ownBytes() {
    return OVERHEAD_BYTES + 4L * array.length + 12L * links.length;
  }

  int arraySize() {
    return array.length;
  }

  Object[] arrayPart() {
    return array;
  }

  Object[] nodePart() {
    return nodes;
  }
}
