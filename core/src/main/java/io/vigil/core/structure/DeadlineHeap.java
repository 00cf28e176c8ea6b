package io.vigil.core.structure;

import io.vigil.core.base.Invariant;
import java.util.Arrays;

/**
 * Segments with deadlines, the earliest first: a binary heap in which each segment knows its place.
 */
final class DeadlineHeap {
  private static final Segment[] EMPTY = {};

  /** Most tables of small collections never have a deadline: nothing is kept for them. */
  private Segment[] heap = EMPTY;

  private int size;

  long earliestMs() {
    return size == 0 ? Segment.NO_DEADLINE : heap[0].earliestDeadlineMs;
  }

  Segment first() {
    return heap[0];
  }

  /** Puts a segment where its deadline belongs, adding it if it is not there. */
  void update(Segment segment) {
    if (segment.heapIndex < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, Math.max(4, size * 2));
      }
      set(size++, segment);
    }
    siftUp(segment.heapIndex);
    siftDown(segment.heapIndex);
  }

  void remove(Segment segment) {
    int index = segment.heapIndex;
    if (index < 0) {
      return;
    }
    segment.heapIndex = -1;
    Segment last = heap[--size];
    heap[size] = null;
    if (last != segment) {
      set(index, last);
      siftUp(index);
      siftDown(last.heapIndex);
    }
  }

  private void set(int index, Segment segment) {
    heap[index] = segment;
    segment.heapIndex = index;
  }

  private void siftUp(int from) {
    int index = from;
    Segment segment = heap[index];
    while (index > 0) {
      Segment parent = heap[(index - 1) / 2];
      if (parent.earliestDeadlineMs <= segment.earliestDeadlineMs) {
        break;
      }
      set(index, parent);
      index = (index - 1) / 2;
    }
    set(index, segment);
  }

  private void siftDown(int from) {
    int index = from;
    Segment segment = heap[index];
    while (2 * index + 1 < size) {
      int child = 2 * index + 1;
      if (child + 1 < size && heap[child + 1].earliestDeadlineMs < heap[child].earliestDeadlineMs) {
        child++;
      }
      if (heap[child].earliestDeadlineMs >= segment.earliestDeadlineMs) {
        break;
      }
      set(index, heap[child]);
      index = child;
    }
    set(index, segment);
  }

  void verify() {
    for (int i = 0; i < size; i++) {
      Invariant.check(heap[i].heapIndex == i, "segment does not know its place in the heap");
      Invariant.check(
          i == 0 || heap[(i - 1) / 2].earliestDeadlineMs <= heap[i].earliestDeadlineMs,
          "heap out of order");
    }
  }
}
