/** What a producer has for one partition: batches that wait, batches under way, sequences.
 *  Like Kafka: RecordAccumulator's deque of a partition, Sender.inFlightBatches. */

import type { ProduceRecord } from "../record/record.ts";
import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import { ProducerBatch } from "./producer-batch.ts";
import { Sequences } from "./sequences.ts";

/** Brokers whose number is not known. */
export const UNKNOWN_LEADER = -1;

export class Lane {
  readonly of: TopicPartition;
  readonly name: string;
  /** In order; the last may still take records. */
  readonly queue: ProducerBatch[] = [];
  readonly inFlight: ProducerBatch[] = [];
  readonly sequences = new Sequences();
  leader = UNKNOWN_LEADER;
  leaderEpoch = -1;
  /** With one request in flight at a time, while it is. */
  isMuted = false;

  constructor(of: TopicPartition) {
    this.of = of;
    this.name = topicPartitionName(of);
  }

  append(record: ProduceRecord, sizeBytes: number, batchBytes: number, createdMs: number): void {
    const last = this.queue.at(-1);
    if (last !== undefined && last.append(record, sizeBytes, batchBytes)) return;
    const batch = new ProducerBatch(this, createdMs);
    batch.append(record, sizeBytes, batchBytes);
    this.queue.push(batch);
  }

  /** A batch that goes again: in the order of its sequence, where it has one. */
  requeue(batch: ProducerBatch): void {
    let at = 0;
    if (batch.baseSequence >= 0) {
      while (isBefore(this.queue[at], batch)) at += 1;
    }
    this.queue.splice(at, 0, batch);
  }

  landed(batch: ProducerBatch): void {
    const at = this.inFlight.indexOf(batch);
    if (at >= 0) this.inFlight.splice(at, 1);
  }

  /** When its first batch may leave: at once where it is full, `isHurried`, or was tried before. */
  readyMs(lingerMs: number, isHurried: boolean): number {
    const [first] = this.queue;
    if (first === undefined || this.isMuted) return Infinity;
    if (first.attempts > 0) {
      return first.leaderEpoch === this.leaderEpoch ? first.backoffUntilMs : 0;
    }
    const isFull = first.isClosed || this.queue.length > 1;
    return isFull || isHurried ? 0 : first.createdMs + lingerMs;
  }

  /** The oldest record that nobody has acknowledged is from then. */
  get oldestMs(): number {
    return Math.min(this.inFlight[0]?.createdMs ?? Infinity, this.queue[0]?.createdMs ?? Infinity);
  }
}

function isBefore(one: ProducerBatch | undefined, batch: ProducerBatch): boolean {
  return one !== undefined && one.baseSequence >= 0 && one.baseSequence < batch.baseSequence;
}
