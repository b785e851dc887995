/** Pending actions ordered by (time, sequence): ties are decided by who came first, never by
 *  accident. A binary heap. */

import { assert, at } from "../base/assert.ts";

interface Pending {
  readonly atMs: number;
  readonly sequence: number;
  readonly action: () => void;
}

export class EventQueue {
  #nextSequence = 0;
  readonly #heap: Pending[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The time of the earliest action; null when there is none. */
  get nextAtMs(): number | null {
    return this.#heap[0]?.atMs ?? null;
  }

  push(atMs: number, action: () => void): void {
    assert(Number.isSafeInteger(atMs), "time must be whole milliseconds", { atMs });
    const heap = this.#heap;
    let index = heap.length;
    heap.push({ atMs, sequence: this.#nextSequence, action });
    this.#nextSequence += 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(at(heap, index), at(heap, parent))) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Removes and gives the earliest action; null when there is none. */
  pop(): { readonly atMs: number; readonly action: () => void } | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (left < heap.length && isBefore(at(heap, left), at(heap, least))) least = left;
      if (right < heap.length && isBefore(at(heap, right), at(heap, least))) least = right;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #swap(a: number, b: number): void {
    const kept = at(this.#heap, a);
    this.#heap[a] = at(this.#heap, b);
    this.#heap[b] = kept;
  }
}

function isBefore(a: Pending, b: Pending): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}
