/** The producer ids a broker gives away: a block at a time from the controller.
 *  Like Kafka: RPCProducerIdManager, ProducerIdControlManager; the next block is there at once. */

/** Ids in a block. */
export const PRODUCER_ID_BLOCK = 1_000;

export class ProducerIds {
  /** The first id of a new block; null while there is no controller. */
  readonly #nextBlock: () => number | null;
  #next = 0;
  #until = 0;

  constructor(nextBlock: () => number | null) {
    this.#nextBlock = nextBlock;
  }

  /** An id nobody has; null while there is none to be had. */
  take(): number | null {
    if (this.#next === this.#until) {
      const first = this.#nextBlock();
      if (first === null) return null;
      this.#next = first;
      this.#until = first + PRODUCER_ID_BLOCK;
    }
    this.#next += 1;
    return this.#next - 1;
  }

  /** The process has ended: what is left of the block is given to nobody. */
  forget(): void {
    this.#until = this.#next;
  }
}
