/** Where in a log each leader's records begin: how replicas find out where they part.
 *  Like Kafka: LeaderEpochFileCache (storage/.../epoch). */

/** An epoch, and the offset of its first record. */
export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

/** An epoch, and where its records end. */
export interface EpochEnd {
  readonly epoch: number;
  /** Exclusive. */
  readonly endOffset: number;
}

/** What is said of an epoch that nothing is known of. */
export const unknownEpochEnd: EpochEnd = { epoch: -1, endOffset: -1 };

/** The epochs of one log. */
export class EpochCache {
  /** Both fields ascend. */
  #entries: EpochStart[] = [];

  /** -1 when no epoch is known. */
  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? -1;
  }

  get entries(): readonly EpochStart[] {
    return this.#entries;
  }

  /** An epoch begins at an offset, unless it is known to have begun before. What contradicts it
   *  is forgotten. */
  assign(epoch: number, startOffset: number): void {
    const latest = this.#entries.at(-1);
    if (latest !== undefined && latest.epoch === epoch && startOffset >= latest.startOffset) return;
    this.#entries = this.#entries.filter(
      (entry) => entry.epoch < epoch && entry.startOffset < startOffset,
    );
    this.#entries.push({ epoch, startOffset });
  }

  /** Where the records of an epoch end; of the largest epoch before it that is known, where it is
   *  not. */
  endOf(epoch: number, logEndOffset: number): EpochEnd {
    if (epoch === -1) return unknownEpochEnd;
    if (epoch === this.latest) return { epoch, endOffset: logEndOffset };
    const higher = this.#entries.findIndex((entry) => entry.epoch > epoch);
    const next = this.#entries[higher];
    if (next === undefined) return unknownEpochEnd;
    return { epoch: this.#entries[higher - 1]?.epoch ?? epoch, endOffset: next.startOffset };
  }

  truncateFromEnd(endOffset: number): void {
    this.#entries = this.#entries.filter(({ startOffset }) => startOffset < endOffset);
  }

  /** The epoch that holds the new start of the log begins there. */
  truncateFromStart(startOffset: number): void {
    const before = this.#entries.findLast((entry) => entry.startOffset <= startOffset);
    if (before === undefined) return;
    const after = this.#entries.filter((entry) => entry.startOffset > startOffset);
    this.#entries = [{ epoch: before.epoch, startOffset }, ...after];
  }

  clear(): void {
    this.#entries = [];
  }
}
