package io.vigil.core.memory;

import io.vigil.core.base.Invariant;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Blocks of 16 bytes to 16 KiB, carved from the pages of one data set.
 *
 * <pre>
 *   page  = 64 slabs of 64 KiB (one bit each in freeSlabs)
 *   slab  = blocks of one size class     [used][free][used][used][free] ... [never handed out yet]
 *                                                |                    ^
 *                                     firstFree -+-> next free -> -1  fresh
 * </pre>
 *
 * <p>A slab belongs to a class only while it holds a block: empty, it serves any other class; a
 * page whose slabs are all empty goes back to the collector. Freed blocks of sparse slabs help
 * nobody else, so an owner that walks its blocks asks {@link #shouldMove} and moves those that
 * stand in the slabs chosen by {@link #beginMoving}: they fill the holes of the class's other slabs
 * and empty their own.
 *
 * <p>A block has one owner. A snapshot may become a second one for a while by {@link #share};
 * {@link #free} then drops an owner, and who wants to write copies the block first. Shared blocks
 * are not moved.
 *
 * <p>Checked allocators, for tests and the simulator, poison freed blocks, keep them in quarantine,
 * and fail when poison was written to or a block is freed twice.
 */
public final class Allocator {
  /** The largest block, in bytes. Larger things are made of several. */
  public static final int MAX_BLOCK_BYTES = SizeClasses.MAX_BYTES;

  /** The smallest block, in bytes. */
  public static final int MIN_BLOCK_BYTES = 16;

  private static final int SLABS_PER_PAGE = 64;
  private static final int NONE = -1;
  private static final byte FREE = -1;
  private static final byte MOVING = 1;
  private static final int POISON = 0xA5;
  private static final int QUARANTINE_BLOCKS = 64;

  private final Pages pages = new Pages();
  private final MemoryAccount account;
  private final SharedBlocks shared = new SharedBlocks();
  private final boolean checked;
  private final ArrayDeque<Long> quarantine = new ArrayDeque<>();

  // One element per slab: its class, its state, blocks in use, head of its list of free blocks and
  // end of those ever handed out (in units
  // of 8 bytes from the slab's start), and its neighbours in the list of the class's slabs with
  // room.
  private byte[] slabClass = new byte[0];
  private byte[] slabState = new byte[0];
  private short[] liveBlocks = new short[0];
  private short[] firstFree = new short[0];
  private short[] fresh = new short[0];
  private int[] nextWithRoom = new int[0];
  private int[] previousWithRoom = new int[0];

  // One element per page: which of its slabs are empty. Zero also where there is no page.
  private long[] freeSlabs = new long[0];
  private int freeSlabCount;
  private int lowestFreePage;

  private final int[] headWithRoom = new int[SizeClasses.COUNT];
  private final int[] tailWithRoom = new int[SizeClasses.COUNT];
  private final int[] slabsOfClass = new int[SizeClasses.COUNT];
  private final long[] blocksOfClass = new long[SizeClasses.COUNT];
  private long usedBytes;
  private long slabsTaken;

  public Allocator(MemoryAccount account) {
    this(account, false);
  }

  /**
   * @param checked poison, quarantine and checks of every free, for tests and the simulator
   */
  public Allocator(MemoryAccount account, boolean checked) {
    this.account = account;
    this.checked = checked;
    Arrays.fill(headWithRoom, NONE);
    Arrays.fill(tailWithRoom, NONE);
  }

  public Pages pages() {
    return pages;
  }

  /** Bytes of the blocks in use, each counted with the size of its class. */
  public long usedBytes() {
    return usedBytes;
  }

  /** Bytes of the pages held. */
  public long committedBytes() {
    return (long) pages.count() * Pages.PAGE_BYTES;
  }

  /** Bytes of the slabs that hold a block: what is used, and the holes. */
  public long slabBytes() {
    return ((long) pages.count() * SLABS_PER_PAGE - freeSlabCount) * SizeClasses.SLAB_BYTES;
  }

  /**
   * How many times an empty slab was given to a class so far: grows with allocation that finds no
   * hole of its size.
   */
  public long slabsTaken() {
    return slabsTaken;
  }

  /** The size of the block that {@link #allocate} would give for {@code bytes}. */
  public static int blockBytes(int bytes) {
    return SizeClasses.bytes(SizeClasses.of(bytes));
  }

  /**
   * Says whether blocks of {@code bytes} altogether can be allocated now, whatever their sizes. To
   * be asked before the first mutation of a command, so that nothing fails after it.
   */
  public boolean canAllocate(long bytes) {
    // An eighth for the waste of classes and slabs, and a slab begun for each of a record, a chunk,
    // an index and two segments.
    long slabsNeeded = bytes / SizeClasses.SLAB_BYTES * 9 / 8 + 6;
    long room = account.limitBytes() - account.committedBytes();
    long pagesLeft = room / Pages.PAGE_BYTES;
    return freeSlabCount + pagesLeft * SLABS_PER_PAGE >= slabsNeeded;
  }

  /** The address of a block of at least {@code bytes} bytes, with undefined content. */
  public long allocate(int bytes) {
    if (bytes > MAX_BLOCK_BYTES) {
      throw Invariant.broken("block of " + bytes + " bytes asked for");
    }
    int sizeClass = SizeClasses.of(bytes);
    int slab = headWithRoom[sizeClass];
    if (slab == NONE) {
      slab = takeSlab(sizeClass);
    }
    int blockBytes = SizeClasses.bytes(sizeClass);
    long start = slabAddress(slab);
    int block = firstFree[slab];
    long address;
    if (block >= 0) {
      address = start + block * 8L;
      firstFree[slab] = (short) pages.getShort(address);
    } else {
      block = fresh[slab];
      address = start + block * 8L;
      fresh[slab] = (short) (block + (blockBytes >>> 3));
    }
    liveBlocks[slab]++;
    if (firstFree[slab] < 0 && isExhausted(slab, blockBytes)) {
      unlink(slab, sizeClass);
    }
    blocksOfClass[sizeClass]++;
    usedBytes += blockBytes;
    account.use(blockBytes);
    return address;
  }

  private boolean isExhausted(int slab, int blockBytes) {
    return fresh[slab] * 8 + blockBytes > SizeClasses.SLAB_BYTES;
  }

  /** Gives a block back; of a shared block, this owner's part in it. */
  public void free(long address) {
    if (shared.isEmpty() || !shared.drop(address)) {
      if (checked) {
        quarantine(address);
      } else {
        release(address);
      }
    }
  }

  private void release(long address) {
    int slab = slabOf(address);
    int sizeClass = slabClass[slab];
    if (sizeClass < 0) {
      throw Invariant.broken("block freed twice: " + Long.toHexString(address));
    }
    int blockBytes = SizeClasses.bytes(sizeClass);
    boolean wasFull = firstFree[slab] < 0 && isExhausted(slab, blockBytes);
    pages.putShort(address, firstFree[slab]);
    firstFree[slab] = (short) ((address - slabAddress(slab)) >>> 3);
    liveBlocks[slab]--;
    blocksOfClass[sizeClass]--;
    usedBytes -= blockBytes;
    account.use(-blockBytes);
    if (wasFull && slabState[slab] != MOVING) {
      linkLast(slab, sizeClass);
    }
    if (liveBlocks[slab] == 0) {
      giveUpSlab(slab, sizeClass);
    }
  }

  /** Bytes that fit in the block at this address. */
  public int capacity(long address) {
    return SizeClasses.bytes(slabClass[slabOf(address)]);
  }

  // ---- Sharing ----

  /**
   * Adds an owner to a block: it lives until every owner has freed it, is not moved, and must not
   * be written to.
   */
  public void share(long address) {
    shared.add(address);
  }

  /** True when the block has more than one owner, so that a writer must copy it first. */
  public boolean isShared(long address) {
    return !shared.isEmpty() && shared.contains(address);
  }

  // ---- Slabs ----

  private static int slabOf(long address) {
    int inPage = (Pages.byteOf(address) - Pages.FIRST_BYTE) / SizeClasses.SLAB_BYTES;
    return Pages.pageOf(address) * SLABS_PER_PAGE + inPage;
  }

  private static long slabAddress(int slab) {
    int inPage = slab & (SLABS_PER_PAGE - 1);
    return Pages.address(slab / SLABS_PER_PAGE, Pages.FIRST_BYTE + inPage * SizeClasses.SLAB_BYTES);
  }

  private int takeSlab(int sizeClass) {
    if (freeSlabCount == 0) {
      addPage();
    }
    // The lowest page with room is filled first, so that the others may run empty.
    int page = lowestFreePage;
    while (freeSlabs[page] == 0) {
      page++;
    }
    lowestFreePage = page;
    int inPage = Long.numberOfTrailingZeros(freeSlabs[page]);
    freeSlabs[page] &= ~(1L << inPage);
    freeSlabCount--;
    int slab = page * SLABS_PER_PAGE + inPage;
    slabClass[slab] = (byte) sizeClass;
    slabState[slab] = 0;
    liveBlocks[slab] = 0;
    firstFree[slab] = NONE;
    fresh[slab] = 0;
    slabsOfClass[sizeClass]++;
    slabsTaken++;
    linkLast(slab, sizeClass);
    return slab;
  }

  private void addPage() {
    int page = pages.add();
    account.commit(Pages.PAGE_BYTES);
    if (page >= freeSlabs.length) {
      growTo(Math.max(page + 1, freeSlabs.length + freeSlabs.length / 4));
    }
    freeSlabs[page] = -1L;
    freeSlabCount += SLABS_PER_PAGE;
    lowestFreePage = Math.min(lowestFreePage, page);
  }

  private void growTo(int pageCount) {
    int from = slabClass.length;
    int slabs = pageCount * SLABS_PER_PAGE;
    freeSlabs = Arrays.copyOf(freeSlabs, pageCount);
    slabClass = Arrays.copyOf(slabClass, slabs);
    Arrays.fill(slabClass, from, slabs, FREE);
    slabState = Arrays.copyOf(slabState, slabs);
    liveBlocks = Arrays.copyOf(liveBlocks, slabs);
    firstFree = Arrays.copyOf(firstFree, slabs);
    fresh = Arrays.copyOf(fresh, slabs);
    nextWithRoom = Arrays.copyOf(nextWithRoom, slabs);
    previousWithRoom = Arrays.copyOf(previousWithRoom, slabs);
  }

  private void giveUpSlab(int slab, int sizeClass) {
    if (slabState[slab] != MOVING) {
      unlink(slab, sizeClass);
    }
    slabState[slab] = 0;
    slabClass[slab] = FREE;
    slabsOfClass[sizeClass]--;
    int page = slab / SLABS_PER_PAGE;
    freeSlabs[page] |= 1L << (slab & (SLABS_PER_PAGE - 1));
    freeSlabCount++;
    lowestFreePage = Math.min(lowestFreePage, page);
    if (freeSlabs[page] == -1L && freeSlabCount > SLABS_PER_PAGE) {
      // One empty page stays in stock, or a set that sits on the edge of a page would make and drop
      // it with every record.
      releasePage(page);
    }
  }

  private void releasePage(int page) {
    pages.release(page);
    freeSlabs[page] = 0;
    freeSlabCount -= SLABS_PER_PAGE;
    account.commit(-Pages.PAGE_BYTES);
  }

  private void linkLast(int slab, int sizeClass) {
    int tail = tailWithRoom[sizeClass];
    nextWithRoom[slab] = NONE;
    previousWithRoom[slab] = tail;
    if (tail == NONE) {
      headWithRoom[sizeClass] = slab;
    } else {
      nextWithRoom[tail] = slab;
    }
    tailWithRoom[sizeClass] = slab;
  }

  private void unlink(int slab, int sizeClass) {
    int next = nextWithRoom[slab];
    int previous = previousWithRoom[slab];
    if (previous == NONE) {
      headWithRoom[sizeClass] = next;
    } else {
      nextWithRoom[previous] = next;
    }
    if (next == NONE) {
      tailWithRoom[sizeClass] = previous;
    } else {
      previousWithRoom[next] = previous;
    }
  }

  // ---- Moving out of sparse slabs ----

  /**
   * Bytes in slabs that hold a block but that no block uses: what moving could win back at most.
   */
  public long holeBytes() {
    return slabBytes() - usedBytes;
  }

  /** Bytes of the slabs that would be empty if the blocks of every class were packed. */
  public long reclaimableBytes() {
    long slabs = 0;
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      int perSlab = SizeClasses.blocksPerSlab(sizeClass);
      slabs += slabsOfClass[sizeClass] - (blocksOfClass[sizeClass] + perSlab - 1) / perSlab;
    }
    return slabs * SizeClasses.SLAB_BYTES;
  }

  /**
   * Chooses slabs to empty: of each class the sparsest, as many as the holes of the others can take
   * the blocks of. Nothing new is put into them until {@link #endMoving}. Costs a look at every
   * slab.
   *
   * @return how many slabs were chosen
   */
  public int beginMoving() {
    int chosen = 0;
    MovingPlan plan = new MovingPlan();
    for (int slab = 0; slab < slabClass.length; slab++) {
      if (slabClass[slab] >= 0) {
        plan.count(slabClass[slab], liveBlocks[slab]);
      }
    }
    plan.decide(slabsOfClass, blocksOfClass);
    for (int slab = 0; slab < slabClass.length; slab++) {
      int sizeClass = slabClass[slab];
      if (sizeClass >= 0 && plan.take(sizeClass, liveBlocks[slab])) {
        unlink(slab, sizeClass);
        slabState[slab] = MOVING;
        chosen++;
      }
    }
    return chosen;
  }

  /** True when the owner of the block should copy it to a newly allocated one and free it. */
  public boolean shouldMove(long address) {
    return slabState[slabOf(address)] == MOVING && !isShared(address);
  }

  /** Ends what {@link #beginMoving} began: slabs not emptied serve their class again. */
  public void endMoving() {
    for (int slab = 0; slab < slabClass.length; slab++) {
      if (slabState[slab] == MOVING) {
        slabState[slab] = 0;
        int sizeClass = slabClass[slab];
        if (firstFree[slab] >= 0 || !isExhausted(slab, SizeClasses.bytes(sizeClass))) {
          linkLast(slab, sizeClass);
        }
      }
    }
  }

  // ---- The end of a data set ----

  /**
   * Takes everything this allocator holds out of the account: its pages are dropped whole. It must
   * not be used any more.
   */
  public void discard() {
    account.use(-usedBytes);
    account.commit(-committedBytes());
    usedBytes = 0;
  }

  // ---- Checks ----

  private void quarantine(long address) {
    if (quarantine.contains(address)) {
      throw Invariant.broken("block freed twice: " + Long.toHexString(address));
    }
    pages.fill(address, capacity(address), POISON);
    quarantine.add(address);
    if (quarantine.size() > QUARANTINE_BLOCKS) {
      releaseOldest();
    }
  }

  private void releaseOldest() {
    long address = quarantine.remove();
    int capacity = capacity(address);
    for (int i = 0; i < capacity; i++) {
      if (pages.getByte(address + i) != POISON) {
        throw Invariant.broken("freed block written to: " + Long.toHexString(address) + " + " + i);
      }
    }
    release(address);
  }

  /** Fails if this block is not in use. A sure answer only from a checked allocator. */
  public void verifyLive(long address) {
    Invariant.check(slabClass[slabOf(address)] >= 0, "address in an empty slab");
    Invariant.check(!checked || !quarantine.contains(address), "address of a freed block");
  }

  /**
   * Bytes used once every block in quarantine is given back: what owners must be able to account
   * for.
   */
  public long ownedBytes() {
    long bytes = usedBytes;
    for (long address : quarantine) {
      bytes -= capacity(address);
    }
    return bytes;
  }

  /** Recomputes every count from the slabs themselves and fails where they differ. */
  public void verify() {
    long used = 0;
    int free = 0;
    for (int slab = 0; slab < slabClass.length; slab++) {
      boolean isFree = (freeSlabs[slab / SLABS_PER_PAGE] >>> (slab & 63) & 1) != 0;
      Invariant.check(!isFree || slabClass[slab] == FREE, "free slab has a class");
      free += isFree ? 1 : 0;
      if (slabClass[slab] >= 0) {
        used += verifySlab(slab);
      }
    }
    Invariant.check(used == usedBytes, "used bytes differ from the sum over slabs");
    Invariant.check(free == freeSlabCount, "count of free slabs differs");
    verifyLists();
  }

  private long verifySlab(int slab) {
    int blockBytes = SizeClasses.bytes(slabClass[slab]);
    int freed = 0;
    for (int block = firstFree[slab];
        block >= 0;
        block = (short) pages.getShort(slabAddress(slab) + block * 8L)) {
      Invariant.check(
          block * 8 % blockBytes == 0 && block < fresh[slab], "free list of a slab is damaged");
      freed++;
      Invariant.check(
          freed <= SizeClasses.SLAB_BYTES / blockBytes, "free list of a slab is a ring");
    }
    int live = fresh[slab] * 8 / blockBytes - freed;
    Invariant.check(live == liveBlocks[slab] && live > 0, "live blocks of a slab miscounted");
    return (long) live * blockBytes;
  }

  private void verifyLists() {
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      int previous = NONE;
      for (int slab = headWithRoom[sizeClass]; slab != NONE; slab = nextWithRoom[slab]) {
        Invariant.check(slabClass[slab] == sizeClass, "slab in the list of another class");
        Invariant.check(previousWithRoom[slab] == previous, "list of slabs is damaged");
        boolean full = firstFree[slab] < 0 && isExhausted(slab, SizeClasses.bytes(sizeClass));
        Invariant.check(!full && slabState[slab] != MOVING, "slab without room in the list");
        previous = slab;
      }
      Invariant.check(tailWithRoom[sizeClass] == previous, "tail of a list of slabs is wrong");
    }
  }
}
