/** The sequences of an idempotent producer on one partition.
 *  Like Kafka: TxnPartitionEntry. */

import { compareNumbers } from "../base/order.ts";
import type { ProducerIdentity } from "../record/producer-id.ts";
import type { ProducerBatch } from "./producer-batch.ts";

const SEQUENCES = 2_147_483_648;

export class Sequences {
  /** Who the next batches are from; null before the first. */
  identity: ProducerIdentity | null = null;
  next = 0;
  /** -1 for none. */
  #lastAcked = -1;
  /** Batches that have a sequence and no verdict, under way or waiting to go again, in order. */
  #open: ProducerBatch[] = [];
  /** The sequence after one that may be in the log or not; null when all is known. */
  unresolved: number | null = null;

  get first(): ProducerBatch | undefined {
    return this.#open[0];
  }

  get hasOpen(): boolean {
    return this.#open.length > 0;
  }

  /** Gives a batch that leaves for the first time its place. */
  assign(batch: ProducerBatch, identity: ProducerIdentity): void {
    if (!this.isOf(identity) && !this.hasOpen) this.restart(identity);
    batch.setSequence(identity, this.next);
    this.next = (this.next + batch.count) % SEQUENCES;
    this.add(batch);
  }

  add(batch: ProducerBatch): void {
    this.#open.push(batch);
    this.#open.sort((a, b) => compareNumbers(a.baseSequence, b.baseSequence));
  }

  remove(batch: ProducerBatch): void {
    const at = this.#open.indexOf(batch);
    if (at >= 0) this.#open.splice(at, 1);
  }

  isOf(identity: ProducerIdentity): boolean {
    return (
      this.identity?.producerId === identity.producerId &&
      this.identity.producerEpoch === identity.producerEpoch
    );
  }

  acknowledged(batch: ProducerBatch): void {
    const last = (batch.nextSequence - 1) % SEQUENCES;
    if (last > this.#lastAcked) this.#lastAcked = last;
    this.remove(batch);
  }

  /** True for what follows on what was acknowledged last. */
  isNext(sequence: number): boolean {
    return sequence - this.#lastAcked === 1;
  }

  /** Begins at 0 with another identity, batches without a verdict included. */
  restart(identity: ProducerIdentity): void {
    this.identity = identity;
    this.next = 0;
    for (const batch of this.#open) {
      batch.resetSequence(identity, this.next);
      this.next += batch.count;
    }
    this.#lastAcked = -1;
  }

  /** A batch is given up: those after it move up. */
  close(failed: ProducerBatch): void {
    this.next -= failed.count;
    for (const batch of this.#open) {
      if (batch.baseSequence < failed.baseSequence || batch.identity === null) continue;
      batch.resetSequence(batch.identity, batch.baseSequence - failed.count);
    }
  }

  /** An epoch was raised in agreement with the coordinator: nothing of the old counts. */
  forget(): void {
    this.identity = null;
    this.next = 0;
    this.#lastAcked = -1;
    this.#open = [];
    this.unresolved = null;
  }
}
