package io.vigil.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vigil.core.base.Invariant;
import io.vigil.core.base.Rng;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocatorTest {
  private final MemoryAccount account = new MemoryAccount(Long.MAX_VALUE);

  private record Block(long address, int bytes, byte content) {}

  private static Block fill(Allocator allocator, int bytes, byte content) {
    long address = allocator.allocate(bytes);
    allocator.pages().fill(address, bytes, content);
    return new Block(address, bytes, content);
  }

  private static void check(Allocator allocator, Block block) {
    byte[] bytes = new byte[block.bytes];
    allocator.pages().copyOut(block.address, bytes, 0, block.bytes);
    for (byte b : bytes) {
      assertThat(b).isEqualTo(block.content);
    }
  }

  @Test
  void wasteIsAtMostAnEighthUpTo8KiB() {
    for (int bytes = 128; bytes <= 127 * 64; bytes++) {
      assertThat(Allocator.blockBytes(bytes))
          .isGreaterThanOrEqualTo(bytes)
          .isLessThanOrEqualTo(bytes * 8 / 7 + 8);
    }
    for (int bytes = 0; bytes <= Allocator.MAX_BLOCK_BYTES; bytes++) {
      assertThat(Allocator.blockBytes(bytes)).isGreaterThanOrEqualTo(bytes);
    }
  }

  @Test
  void blocksDoNotOverlapAndComeBack() {
    Allocator allocator = new Allocator(account, true);
    Rng rng = new Rng(3);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (rng.nextInt(100) < (i < 12_000 ? 60 : 40) || blocks.isEmpty()) {
        int bytes =
            rng.nextInt(10) == 0
                ? rng.nextInt(Allocator.MAX_BLOCK_BYTES) + 1
                : rng.nextInt(300) + 1;
        blocks.add(fill(allocator, bytes, (byte) rng.nextInt(256)));
      } else {
        Block block = blocks.remove(rng.nextInt(blocks.size()));
        check(allocator, block);
        allocator.free(block.address);
      }
      if (i % 2000 == 0) {
        allocator.verify();
      }
    }
    long expected = 0;
    for (Block block : blocks) {
      check(allocator, block);
      expected += Allocator.blockBytes(block.bytes);
    }
    assertThat(allocator.ownedBytes()).isEqualTo(expected);
    assertThat(account.usedBytes()).isEqualTo(allocator.usedBytes());
    assertThat(account.committedBytes()).isEqualTo(allocator.committedBytes());
    blocks.forEach(block -> allocator.free(block.address));
    assertThat(allocator.ownedBytes()).isZero();
    allocator.verify();
  }

  @Test
  void emptyPagesGoBack() {
    Allocator allocator = new Allocator(account);
    List<Long> addresses = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      addresses.add(allocator.allocate(4096));
    }
    assertThat(account.committedBytes()).isGreaterThanOrEqualTo(10_000 * 4096L);
    addresses.forEach(allocator::free);
    assertThat(account.usedBytes()).isZero();
    assertThat(account.committedBytes()).isEqualTo(Pages.PAGE_BYTES);
  }

  @Test
  void movingEmptiesSparseSlabs() {
    Allocator allocator = new Allocator(account, true);
    Rng rng = new Rng(5);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      blocks.add(fill(allocator, 100, (byte) i));
    }
    for (int i = 0; i < 50_000; i++) {
      allocator.free(blocks.remove(rng.nextInt(blocks.size())).address);
    }
    long before = allocator.slabBytes();
    assertThat(allocator.beginMoving()).isPositive();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (allocator.shouldMove(block.address)) {
        long moved = allocator.allocate(block.bytes);
        allocator.pages().copy(block.address, moved, block.bytes);
        allocator.free(block.address);
        blocks.set(i, new Block(moved, block.bytes, block.content));
      }
    }
    allocator.endMoving();
    allocator.verify();
    blocks.forEach(block -> check(allocator, block));
    assertThat(allocator.slabBytes()).isLessThan(before * 55 / 100);
    assertThat(allocator.holeBytes()).isLessThan(allocator.usedBytes() / 20);
  }

  @Test
  void sharedBlocksLiveUntilTheLastOwner() {
    Allocator allocator = new Allocator(account, true);
    Block block = fill(allocator, 100, (byte) 7);
    allocator.share(block.address);
    assertThat(allocator.isShared(block.address)).isTrue();
    allocator.free(block.address);
    assertThat(allocator.isShared(block.address)).isFalse();
    check(allocator, block);
    assertThat(allocator.ownedBytes()).isPositive();
    allocator.free(block.address);
    assertThat(allocator.ownedBytes()).isZero();
  }

  @Test
  void theLimitHolds() {
    MemoryAccount limited = new MemoryAccount(3L * Pages.PAGE_BYTES);
    Allocator allocator = new Allocator(limited);
    assertThat(allocator.canAllocate(100)).isTrue();
    assertThat(allocator.canAllocate(20L << 20)).isFalse();
    int blocks = 0;
    while (allocator.canAllocate(1000)) {
      allocator.allocate(1000);
      blocks++;
    }
    assertThat(limited.committedBytes()).isLessThanOrEqualTo(limited.limitBytes());
    assertThat(blocks).isGreaterThan(10_000);
  }

  @Test
  void checkedMemoryFindsMisuse() {
    Allocator allocator = new Allocator(account, true);
    long once = allocator.allocate(64);
    allocator.free(once);
    assertThatThrownBy(() -> allocator.free(once))
        .isInstanceOf(Invariant.class)
        .hasMessageContaining("freed twice");
    allocator.pages().putByte(once + 3, 1);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 200; i++) {
                allocator.free(allocator.allocate(64));
              }
            })
        .isInstanceOf(Invariant.class)
        .hasMessageContaining("written to");
  }
}
