/** Who has which records of a partition: folded from the facts about its copies. A record is
 *  known by its offset and the epoch of the leader that took it. */

import type { TopicPartition } from "../record/topic-partition.ts";
import { topicPartitionName } from "../record/topic-partition.ts";
import type { TraceEvent } from "./event.ts";

/** Offsets [from, until) that were taken in one epoch. */
export interface Extent {
  readonly from: number;
  readonly until: number;
  readonly epoch: number;
}

interface PartitionLedger {
  leader: number;
  leaderEpoch: number;
  readonly byBroker: Map<number, Extent[]>;
  /** Who leads, or led, in each epoch. */
  readonly leaders: Map<number, number>;
}

export class ReplicaLedger {
  readonly #partitions = new Map<string, PartitionLedger>();

  apply(event: TraceEvent): void {
    switch (event.kind) {
      case "topic.created":
        for (const [partition, leader] of event.leaders.entries()) {
          this.#partitions.set(topicPartitionName({ topic: event.topic, partition }), {
            leader,
            leaderEpoch: 0,
            byBroker: new Map(),
            leaders: new Map([[0, leader]]),
          });
        }
        return;
      case "partition.changed": {
        const ledger = this.#of(event);
        ledger.leader = event.leader;
        ledger.leaderEpoch = event.leaderEpoch;
        if (event.leader !== -1) ledger.leaders.set(event.leaderEpoch, event.leader);
        return;
      }
      case "records.appended": {
        const { baseOffset, count, leaderEpoch } = event;
        const ledger = this.#of(event);
        const leader = ledger.leaders.get(leaderEpoch) ?? ledger.leader;
        add(this.#extents(event, leader), baseOffset, baseOffset + count, leaderEpoch);
        return;
      }
      case "marker.written": {
        const { offset, leaderEpoch } = event;
        const ledger = this.#of(event);
        const leader = ledger.leaders.get(leaderEpoch) ?? ledger.leader;
        add(this.#extents(event, leader), offset, offset + 1, leaderEpoch);
        return;
      }
      case "replica.appended":
        this.#copied(event);
        return;
      case "log.truncated": {
        const extents = this.#extents(event, event.broker);
        cut(extents, event.toOffset);
        return;
      }
      case "topic.deleted":
        for (const name of this.#partitions.keys()) {
          if (name.slice(0, name.lastIndexOf("-")) === event.topic) this.#partitions.delete(name);
        }
        return;
      default:
    }
  }

  /** What a follower took: from any copy that ends as its own does now, for an offset and an epoch
   *  name one record. */
  #copied(
    event: TopicPartition & {
      readonly broker: number;
      readonly baseOffset: number;
      readonly logEndOffset: number;
      readonly leaderEpoch: number;
    },
  ): void {
    const { broker, baseOffset, logEndOffset, leaderEpoch } = event;
    const own = this.#extents(event, broker);
    const source = [...this.#of(event).byBroker].find(
      ([other, extents]) => other !== broker && epochAt(extents, logEndOffset - 1) === leaderEpoch,
    );
    cut(own, baseOffset);
    if (source === undefined) add(own, baseOffset, logEndOffset, leaderEpoch);
    if (source === undefined) return;
    for (const { from, until, epoch } of this.slice(event, source[0], baseOffset, logEndOffset)) {
      add(own, from, until, epoch);
    }
  }

  #of(of: TopicPartition): PartitionLedger {
    const name = topicPartitionName(of);
    const known = this.#partitions.get(name) ?? {
      leader: -1,
      leaderEpoch: -1,
      byBroker: new Map<number, Extent[]>(),
      leaders: new Map<number, number>(),
    };
    this.#partitions.set(name, known);
    return known;
  }

  #extents(of: TopicPartition, broker: number): Extent[] {
    const { byBroker } = this.#of(of);
    const known = byBroker.get(broker) ?? [];
    byBroker.set(broker, known);
    return known;
  }

  /** -1 for none. */
  leaderOf(of: TopicPartition): number {
    return this.#of(of).leader;
  }

  leaderEpochOf(of: TopicPartition): number {
    return this.#of(of).leaderEpoch;
  }

  /** Who led in an epoch; undefined for one nobody did. */
  leaderIn(of: TopicPartition, epoch: number): number | undefined {
    return this.#of(of).leaders.get(epoch);
  }

  /** What a broker's copy holds, in the order of offsets. */
  extentsOf(of: TopicPartition, broker: number): readonly Extent[] {
    return this.#of(of).byBroker.get(broker) ?? [];
  }

  /** What a broker's copy holds of [from, until). */
  slice(of: TopicPartition, broker: number, from: number, until: number): readonly Extent[] {
    return this.extentsOf(of, broker).flatMap((extent) => {
      const part = {
        from: Math.max(extent.from, from),
        until: Math.min(extent.until, until),
        epoch: extent.epoch,
      };
      return part.from < part.until ? [part] : [];
    });
  }

  logEndOf(of: TopicPartition, broker: number): number {
    return this.extentsOf(of, broker).at(-1)?.until ?? 0;
  }

  /** How many brokers' copies reach up to an offset. */
  brokersWith(of: TopicPartition, untilOffset: number): number {
    const { byBroker } = this.#of(of);
    return [...byBroker.keys()].filter((broker) => this.logEndOf(of, broker) >= untilOffset).length;
  }

  /** Of the extent [from, until) that was taken in an epoch, the first offset that a broker's copy
   *  does not hold as such; null when it holds all. */
  firstMissing(of: TopicPartition, broker: number, wanted: Extent): number | null {
    let offset = wanted.from;
    for (const { from, until, epoch } of this.extentsOf(of, broker)) {
      if (offset >= wanted.until) break;
      if (until <= offset) continue;
      if (from > offset || epoch !== wanted.epoch) return offset;
      offset = until;
    }
    return offset >= wanted.until ? null : offset;
  }
}

function epochAt(extents: readonly Extent[], offset: number): number | null {
  return extents.find(({ from, until }) => from <= offset && offset < until)?.epoch ?? null;
}

function add(extents: Extent[], from: number, until: number, epoch: number): void {
  const last = extents.at(-1);
  if (last !== undefined && last.epoch === epoch && last.until === from) {
    extents[extents.length - 1] = { ...last, until };
  } else extents.push({ from, until, epoch });
}

/** Nothing at or after an offset is left. */
function cut(extents: Extent[], offset: number): void {
  for (;;) {
    const last = extents.at(-1);
    if (last === undefined || last.until <= offset) return;
    extents.pop();
    if (last.from < offset) extents.push({ ...last, until: offset });
  }
}
