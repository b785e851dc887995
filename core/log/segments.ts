/** The segments of a log, by base offset; the last one, the active, takes what is appended.
 *  Like Kafka: LogSegments. */

import { assert, at } from "../base/assert.ts";
import type { RecordBatch } from "./record-batch.ts";
import { Segment } from "./segment.ts";

/** Never without a segment. */
export class Segments {
  #list: Segment[];
  #sizeBytes = 0;

  constructor(baseOffset: number) {
    this.#list = [new Segment(baseOffset)];
  }

  get list(): readonly Segment[] {
    return this.#list;
  }

  get oldest(): Segment {
    return at(this.#list, 0);
  }

  get active(): Segment {
    return at(this.#list, this.#list.length - 1);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  append(batch: RecordBatch, writtenMs: number): void {
    this.active.append(batch, writtenMs);
    this.#sizeBytes += batch.sizeBytes;
  }

  /** Begins a new active segment; an empty one is replaced. */
  roll(baseOffset: number): void {
    if (this.active.isEmpty) this.#list.pop();
    this.#list.push(new Segment(baseOffset));
  }

  dropOldest(): Segment {
    assert(this.#list.length > 1, "a log must keep a segment");
    const [oldest] = this.#list.splice(0, 1);
    this.#sizeBytes -= oldest?.sizeBytes ?? 0;
    return oldest ?? this.active;
  }

  /** Drops the batches that end at an offset or after it. */
  truncateTo(offset: number): void {
    this.#list = this.#list.filter(({ baseOffset }, index) => index === 0 || baseOffset <= offset);
    this.active.truncateTo(offset);
    this.#count();
  }

  /** Puts others in the place of the first so many. */
  replaceFirst(count: number, by: readonly Segment[]): void {
    this.#list = [...by, ...this.#list.slice(count)];
    this.#count();
  }

  #count(): void {
    this.#sizeBytes = this.#list.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  }

  /** The last segment that begins at an offset or before it; the first when none does. */
  indexOf(offset: number): number {
    let [low, high] = [0, this.#list.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (at(this.#list, middle).baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Shows the batches from the one that holds an offset on, or from the next one where there is
   *  a gap, until the visitor returns false. */
  visitFrom(offset: number, visit: (batch: RecordBatch) => boolean): void {
    for (let index = this.indexOf(offset); index < this.#list.length; index += 1) {
      const segment = at(this.#list, index);
      const { batches } = segment;
      for (let place = segment.indexOf(offset); place < batches.length; place += 1) {
        if (!visit(at(batches, place))) return;
      }
    }
  }
}
