/** Records of one partition that go together.
 *  Like Kafka: ProducerBatch, DefaultRecordBatch.RECORD_BATCH_OVERHEAD. */

import { type ProduceRecord, recordSizeBytes } from "../record/record.ts";
import type { ProducerIdentity } from "../record/producer-id.ts";
import type { Lane } from "./lane.ts";

export class ProducerBatch {
  readonly lane: Lane;
  readonly records: ProduceRecord[] = [];
  sizeBytes = 0;
  /** When the application handed over its first record; the delivery time-out counts from here. */
  readonly createdMs: number;
  /** Takes no more records. */
  isClosed = false;
  /** Already a part of one that was too large. */
  isPart = false;
  /** How often it was sent, and how often nobody was there to take it. */
  attempts = 0;
  refusals = 0;
  /** It is not sent again before; unless its partition has another leader by then. */
  backoffUntilMs = 0;
  /** Of the leader it was sent to last. */
  leaderEpoch = -1;
  identity: ProducerIdentity | null = null;
  /** -1 before it has one. */
  baseSequence = -1;
  /** Its sequence was given anew: another attempt may be on its way with the old one. */
  isReset = false;
  /** Acknowledged, given up or split: what is heard of it later does not count. */
  isDone = false;

  constructor(lane: Lane, createdMs: number) {
    this.lane = lane;
    this.createdMs = createdMs;
  }

  get count(): number {
    return this.records.length;
  }

  get nextSequence(): number {
    return this.baseSequence + this.records.length;
  }

  /** False where it has no room; one record always fits. */
  append(record: ProduceRecord, sizeBytes: number, limitBytes: number): boolean {
    if (this.isClosed) return false;
    if (this.records.length > 0 && this.sizeBytes + sizeBytes > limitBytes) {
      this.isClosed = true;
      return false;
    }
    this.records.push(record);
    this.sizeBytes += sizeBytes;
    if (this.sizeBytes >= limitBytes) this.isClosed = true;
    return true;
  }

  setSequence(identity: ProducerIdentity, baseSequence: number): void {
    this.identity = identity;
    this.baseSequence = baseSequence;
  }

  resetSequence(identity: ProducerIdentity, baseSequence: number): void {
    this.setSequence(identity, baseSequence);
    this.isReset = true;
  }

  /** Smaller batches with the same records, of `batch.size` and, where it is a part already, of
   *  half its size. Like Kafka: RecordAccumulator.splitAndReenqueue. */
  split(batchBytes: number): ProducerBatch[] {
    const sizes = this.records.map(recordSizeBytes);
    const half = Math.max(...sizes, Math.floor(this.sizeBytes / 2));
    const limitBytes = this.isPart ? half : batchBytes;
    const parts: ProducerBatch[] = [];
    let sequence = this.baseSequence;
    const open = (): ProducerBatch => {
      const part = new ProducerBatch(this.lane, this.createdMs);
      part.isPart = true;
      if (this.identity !== null) part.setSequence(this.identity, sequence);
      parts.push(part);
      return part;
    };
    let last = open();
    for (const [index, record] of this.records.entries()) {
      const sizeBytes = sizes[index] ?? 0;
      if (!last.append(record, sizeBytes, limitBytes)) {
        last = open();
        last.append(record, sizeBytes, limitBytes);
      }
      sequence += 1;
    }
    for (const part of parts) part.isClosed = true;
    return parts;
  }
}
