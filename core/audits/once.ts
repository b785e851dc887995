/** What an idempotent producer hands over is in the log once. */

import { type TopicPartition, topicPartitionName } from "../record/topic-partition.ts";
import { contentsOf } from "../trace/contents.ts";
import type { EventOf, TraceEvent } from "../trace/event.ts";
import { type Audit, Findings, holds, type Verdict } from "./audit.ts";

/** Each record of the load has a value of its own; the topic has been read in the end (`readBack`
 *  of the world).
 *  Like Kafka: TransactionManager.canRetry. A producer that is told OUT_OF_ORDER_SEQUENCE_NUMBER
 *  for its next batch takes a new epoch and sends all that is under way again, though some of it
 *  may be written: a leader that comes back knows the last batch of a producer alone. */
export function once(topic: string): Audit {
  return {
    name: "a record is written once",
    promise:
      `A record that one idempotent producer hands over is in ${topic} at most once, however ` +
      "often it was sent; unless a broker started again in between, and the producer took a new " +
      "epoch.",
    check: (events) => checkOnce(events, topic),
  };
}

interface Place extends TopicPartition {
  readonly offset: number;
}

function checkOnce(events: readonly TraceEvent[], topic: string): Verdict {
  const records = contentsOf(events, topic);
  if (records === null) return holds(0, "contents of the topic");
  const writers = new Writers(events, topic);
  const findings = new Findings();
  const places = new Map<string, Place>();
  for (const { partition, offset, value } of records) {
    const place = { topic, partition, offset };
    const first = places.get(`${value}`);
    if (first === undefined) places.set(`${value}`, place);
    else if (!writers.mayRepeat(first, place)) {
      findings.add(`${value} is at ${nameOf(first)} and at ${nameOf(place)}`, null);
    }
  }
  return findings.verdict(records.length, "records");
}

function nameOf(place: Place): string {
  return `${topicPartitionName(place)} offset ${place.offset}`;
}

/** Who wrote what is in the log in the end. */
class Writers {
  readonly #appended: EventOf<"records.appended">[] = [];
  /** When brokers started, as sequence numbers of the trace. */
  readonly #starts: number[] = [];

  constructor(events: readonly TraceEvent[], topic: string) {
    for (const event of events) {
      if (event.kind === "broker.started") this.#starts.push(event.seq);
      if (event.kind === "records.appended" && event.topic === topic) this.#appended.push(event);
    }
  }

  mayRepeat(first: Place, second: Place): boolean {
    const [one, other] = [this.#of(first), this.#of(second)];
    if (one === null || other === null || one.producerEpoch === other.producerEpoch) return false;
    const [from, to] = [Math.min(one.seq, other.seq), Math.max(one.seq, other.seq)];
    return this.#starts.some((seq) => from < seq && seq < to);
  }

  /** Of leaders that wrote there one after the other the last one's records stay. */
  #of({ partition, offset }: Place): EventOf<"records.appended"> | null {
    let last: EventOf<"records.appended"> | null = null;
    for (const batch of this.#appended) {
      if (batch.partition !== partition || batch.baseOffset > offset) continue;
      if (batch.baseOffset + batch.count <= offset) continue;
      if (last === null || batch.leaderEpoch >= last.leaderEpoch) last = batch;
    }
    return last;
  }
}
