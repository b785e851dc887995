/** The part of the fold that is about topics, their partitions and the copies of these. */

import type { TopicPartition } from "../record/topic-partition.ts";
import type {
  AppendSnapshot,
  PartitionSnapshot,
  ReplicaSnapshot,
  TopicSnapshot,
} from "./cluster-snapshot.ts";
import type { EventOf } from "./event.ts";
import { type Change, newest, SNAPSHOT_LIMITS, type Snapshot } from "./snapshot.ts";

/** A topic that is announced again takes its new leaders and keeps its log. */
export function topicCreated(at: Snapshot, { topic, leaders }: EventOf<"topic.created">): Change {
  const known = at.topics.find((one) => one.topic === topic);
  const created: TopicSnapshot = {
    topic,
    partitions: leaders.map((leader, partition) => {
      const before = known?.partitions[partition];
      return before === undefined ? newPartition(partition, leader) : ledBy(before, leader);
    }),
  };
  if (known === undefined) return { topics: [...at.topics, created] };
  return { topics: at.topics.map((one) => (one === known ? created : one)) };
}

export function partitionsAdded(
  at: Snapshot,
  { topic, leaders }: EventOf<"partitions.added">,
): Change {
  const topics = at.topics.map((one) => {
    if (one.topic !== topic) return one;
    const count = one.partitions.length;
    const added = leaders.map((leader, index) => newPartition(count + index, leader));
    return { ...one, partitions: [...one.partitions, ...added] };
  });
  return { topics };
}

/** One copy, until more are told of. */
function newPartition(partition: number, leader: number): PartitionSnapshot {
  return {
    partition,
    leader,
    leaderEpoch: 0,
    partitionEpoch: 0,
    isr: [leader],
    replicas: [newReplica(leader)],
    lastChange: null,
    logStartOffset: 0,
    logEndOffset: 0,
    highWatermark: 0,
    lastStableOffset: 0,
    readOffset: null,
    appends: [],
    markers: [],
  };
}

function newReplica(broker: number): ReplicaSnapshot {
  return { broker, logEndOffset: 0, epochs: [], truncated: null, compactedUntil: null };
}

/** A lone copy goes where its leader is. */
function ledBy(partition: PartitionSnapshot, leader: number): PartitionSnapshot {
  const [only, ...others] = partition.replicas;
  if (only === undefined || others.length > 0) return { ...partition, leader };
  return { ...partition, leader, isr: [leader], replicas: [{ ...only, broker: leader }] };
}

/** The topics with one partition changed; as they were when there is no such partition. */
export function changePartition(
  topics: readonly TopicSnapshot[],
  of: TopicPartition,
  change: (partition: PartitionSnapshot) => PartitionSnapshot,
): readonly TopicSnapshot[] {
  const index = topics.findIndex(({ topic }) => topic === of.topic);
  const topic = topics[index];
  const partition = topic?.partitions[of.partition];
  if (topic === undefined || partition === undefined) return topics;
  const partitions = topic.partitions.with(of.partition, change(partition));
  return topics.with(index, { ...topic, partitions });
}

/** By the leader; what a lone copy takes is visible at once. */
export function recordsAppended(at: Snapshot, event: EventOf<"records.appended">): Change {
  const { atMs, baseOffset, count, logEndOffset, highWatermark, leaderEpoch } = event;
  const append = { atMs, baseOffset, count };
  return {
    topics: changePartition(at.topics, event, (partition) => {
      // With an open transaction it stays where it is; otherwise it goes along.
      const isHeld = partition.lastStableOffset < partition.highWatermark;
      return {
        ...partition,
        logEndOffset,
        highWatermark,
        lastStableOffset: isHeld ? partition.lastStableOffset : highWatermark,
        appends: newest(partition.appends, append, SNAPSHOT_LIMITS.appends),
        replicas: changeReplica(partition, partition.leader, (replica) =>
          grown(replica, logEndOffset, [{ epoch: leaderEpoch, startOffset: baseOffset }]),
        ),
      };
    }),
    totals: { ...at.totals, recordsAppended: at.totals.recordsAppended + count },
  };
}

/** A marker takes an offset of the leader's log, as a record does. */
export function markerWritten(at: Snapshot, event: EventOf<"marker.written">): Change {
  const { offset, control, producerId, producerEpoch } = event;
  const marker = { offset, control, producerId, producerEpoch };
  const logEndOffset = offset + 1;
  return {
    topics: changePartition(at.topics, event, (partition) => ({
      ...partition,
      logEndOffset,
      markers: newest(partition.markers, marker, SNAPSHOT_LIMITS.markers),
      replicas: changeReplica(partition, partition.leader, (replica) =>
        grown(replica, logEndOffset, [{ epoch: partition.leaderEpoch, startOffset: event.offset }]),
      ),
    })),
  };
}

export function logStartAdvanced(at: Snapshot, event: EventOf<"logStart.advanced">): Change {
  const { logStartOffset } = event;
  return {
    topics: changePartition(at.topics, event, (partition) => ({ ...partition, logStartOffset })),
  };
}

/** The log of a partition is its leader's: with another leader, it may end earlier. */
export function partitionChanged(at: Snapshot, event: EventOf<"partition.changed">): Change {
  const { leader, leaderEpoch, partitionEpoch, isr, reason, atMs } = event;
  return {
    topics: changePartition(at.topics, event, (partition) => {
      const replicas = event.replicas.map(
        (broker) =>
          partition.replicas.find((known) => known.broker === broker) ?? newReplica(broker),
      );
      const changed: PartitionSnapshot = {
        ...partition,
        leader,
        leaderEpoch,
        partitionEpoch,
        isr,
        replicas,
        lastChange: { reason, atMs },
      };
      if (leader === -1 || leader === partition.leader) return changed;
      const led = replicas.find(({ broker }) => broker === leader);
      return endingAt(changed, led?.logEndOffset ?? partition.logEndOffset);
    }),
  };
}

export function replicaAppended(at: Snapshot, event: EventOf<"replica.appended">): Change {
  const { broker, baseOffset, logEndOffset, leaderEpoch } = event;
  return {
    topics: changePartition(at.topics, event, (partition) => {
      const led = partition.replicas.find((one) => one.broker === partition.leader);
      // A fetch may span epochs: where each begins is known from the leader's copy.
      const spanned = (led?.epochs ?? []).filter(
        ({ epoch, startOffset }, index, all) =>
          epoch <= leaderEpoch &&
          startOffset < logEndOffset &&
          (all[index + 1]?.startOffset ?? Infinity) > baseOffset,
      );
      const epochs =
        spanned.length === 0 ? [{ epoch: leaderEpoch, startOffset: baseOffset }] : spanned;
      return {
        ...partition,
        replicas: changeReplica(partition, broker, (replica) =>
          grown(
            replica,
            logEndOffset,
            epochs.map(({ epoch, startOffset }) => ({
              epoch,
              startOffset: Math.max(startOffset, baseOffset),
            })),
          ),
        ),
      };
    }),
  };
}

/** Told by leaders; one that has been deposed and does not know it yet changes nothing. */
export function watermarkAdvanced(at: Snapshot, event: EventOf<"highWatermark.advanced">): Change {
  const { broker, highWatermark, lastStableOffset } = event;
  return {
    topics: changePartition(at.topics, event, (partition) =>
      broker === partition.leader ? { ...partition, highWatermark, lastStableOffset } : partition,
    ),
  };
}

export function logTruncated(at: Snapshot, event: EventOf<"log.truncated">): Change {
  const { broker, fromOffset, toOffset, reason, atMs } = event;
  return {
    truncations: newest(at.truncations, event, SNAPSHOT_LIMITS.marks),
    topics: changePartition(at.topics, event, (partition) => {
      const changed = {
        ...partition,
        replicas: changeReplica(partition, broker, (replica) => ({
          ...replica,
          logEndOffset: toOffset,
          epochs: replica.epochs.filter(({ startOffset }) => startOffset < toOffset),
          truncated: { fromOffset, toOffset, reason, atMs },
        })),
      };
      return broker === partition.leader ? endingAt(changed, toOffset) : changed;
    }),
  };
}

export function logCompacted(at: Snapshot, event: EventOf<"log.compacted">): Change {
  const compactedUntil = event.untilOffset;
  return {
    topics: changePartition(at.topics, event, (partition) => ({
      ...partition,
      replicas: changeReplica(partition, event.broker, (replica) => ({
        ...replica,
        compactedUntil,
      })),
    })),
  };
}

function changeReplica(
  { replicas }: PartitionSnapshot,
  broker: number,
  change: (replica: ReplicaSnapshot) => ReplicaSnapshot,
): readonly ReplicaSnapshot[] {
  return replicas.map((replica) => (replica.broker === broker ? change(replica) : replica));
}

/** Shape: epochs as they begin in what was added, oldest first. */
function grown(
  replica: ReplicaSnapshot,
  logEndOffset: number,
  added: ReplicaSnapshot["epochs"],
): ReplicaSnapshot {
  let { epochs } = replica;
  for (const one of added) {
    const isNew = (epochs.at(-1)?.epoch ?? -1) < one.epoch;
    if (isNew) epochs = newest(epochs, one, SNAPSHOT_LIMITS.epochs);
  }
  const { truncated } = replica;
  const isAsLong = truncated !== null && logEndOffset >= truncated.fromOffset;
  return { ...replica, logEndOffset, epochs, truncated: isAsLong ? null : truncated };
}

/** What its leader's log does not reach was never in it. */
function endingAt(partition: PartitionSnapshot, logEndOffset: number): PartitionSnapshot {
  return {
    ...partition,
    logEndOffset,
    highWatermark: Math.min(partition.highWatermark, logEndOffset),
    lastStableOffset: Math.min(partition.lastStableOffset, logEndOffset),
    markers: partition.markers.filter(({ offset }) => offset < logEndOffset),
    appends: partition.appends.flatMap((append): AppendSnapshot[] => {
      const count = Math.min(append.count, logEndOffset - append.baseOffset);
      return count > 0 ? [{ ...append, count }] : [];
    }),
  };
}
