/** The Kafka cluster in a snapshot: brokers, links, copies of partitions, groups, transactions. */

import type { TopicPartition } from "../record/topic-partition.ts";
import type { GroupState, PartitionChangeReason, TransactionState } from "./cluster-fact.ts";
import type { EventOf } from "./event.ts";

export interface BrokerSnapshot {
  readonly broker: number;
  readonly isUp: boolean;
  /** What went with it when it crashed; null unless it is down by a crash. */
  readonly lost: "nothing" | "unflushed" | "disk" | null;
  /** The controller does not count on it. */
  readonly isFenced: boolean;
  /** False from its end until its next process is known to the controller: it answers nobody. */
  readonly isRegistered: boolean;
}

export interface ControllerSnapshot {
  /** Null while there is none. */
  readonly controller: number | null;
  readonly epoch: number;
  readonly sinceMs: number;
}

/** A link that is not as usual. */
export type LinkSnapshot = Pick<
  EventOf<"link.changed">,
  "between" | "state" | "latencyMs" | "lossPercent"
>;

export interface TopicSnapshot {
  readonly topic: string;
  /** By number. */
  readonly partitions: readonly PartitionSnapshot[];
}

export interface PartitionSnapshot {
  readonly partition: number;
  /** -1 for none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Grows with each change of its leader or in-sync set. */
  readonly partitionEpoch: number;
  /** Brokers of the in-sync set, as the controller lists them. */
  readonly isr: readonly number[];
  /** Its copies, as the controller lists them: the preferred leader first. */
  readonly replicas: readonly ReplicaSnapshot[];
  /** Why its leader or in-sync set changed last; null while they never have. */
  readonly lastChange: { readonly reason: PartitionChangeReason; readonly atMs: number } | null;
  readonly logStartOffset: number;
  /** Exclusive: the offset the next record gets; of the leader's copy. */
  readonly logEndOffset: number;
  readonly highWatermark: number;
  /** What `read_committed` may see ends here. */
  readonly lastStableOffset: number;
  /** The next offset a batch will read, by the ranges planned last; null before the first. */
  readonly readOffset: number | null;
  /** Oldest first. */
  readonly appends: readonly AppendSnapshot[];
  /** Offsets that hold the end of a transaction, and no record; oldest first. */
  readonly markers: readonly MarkerSnapshot[];
}

export type MarkerSnapshot = Pick<
  EventOf<"marker.written">,
  "offset" | "control" | "producerId" | "producerEpoch"
>;

/** One broker's copy of a partition. */
export interface ReplicaSnapshot {
  readonly broker: number;
  readonly logEndOffset: number;
  /** Where the records of each leader's epoch begin, oldest first. */
  readonly epochs: readonly { readonly epoch: number; readonly startOffset: number }[];
  /** What it dropped last, [toOffset, fromOffset); null once its log is as long again. */
  readonly truncated: Pick<
    EventOf<"log.truncated">,
    "fromOffset" | "toOffset" | "reason" | "atMs"
  > | null;
  /** Compaction has been through the offsets below; null before the first time. */
  readonly compactedUntil: number | null;
}

/** Records appended at one time: offsets [baseOffset, baseOffset + count). */
export interface AppendSnapshot {
  readonly atMs: number;
  readonly baseOffset: number;
  readonly count: number;
}

export interface GroupSnapshot {
  readonly group: string;
  /** What it has committed, by topic and partition. */
  readonly offsets: readonly (TopicPartition & { readonly offset: number })[];
  /** Null for a group that only commits. */
  readonly membership: MembershipSnapshot | null;
}

export interface MembershipSnapshot {
  readonly state: GroupState;
  readonly generation: number;
  /** The assignor; null before one is agreed on. */
  readonly protocol: string | null;
  /** The member that deals out the partitions. */
  readonly leader: string | null;
  readonly coordinator: number;
  readonly members: EventOf<"group.changed">["members"];
  /** Of the last change. */
  readonly reason: string;
  readonly changedMs: number;
}

export interface TransactionSnapshot {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly state: TransactionState;
  readonly partitions: readonly TopicPartition[];
  /** Groups whose offsets are part of it. */
  readonly groups: readonly string[];
  readonly reason: "timed out" | "fenced" | null;
  /** When this state began, and when the transaction it belongs to did. */
  readonly changedMs: number;
  readonly begunMs: number | null;
  /** Transactions of this id so far, by how they ended. */
  readonly committed: number;
  readonly aborted: number;
}

/** A client that produces. */
export interface ProducerSnapshot {
  readonly client: string;
  readonly transactionalId: string | null;
  /** Null for one that is not idempotent. */
  readonly producerId: number | null;
  readonly producerEpoch: number | null;
  /** Records it has heard are written. */
  readonly acknowledged: number;
  /** Batches that came again, and were not written again. */
  readonly duplicatesRefused: number;
}

/** An application that polls, and where it is. */
export interface ReaderSnapshot {
  readonly client: string;
  readonly records: number;
  /** By topic and partition. */
  readonly positions: readonly (TopicPartition & { readonly offset: number })[];
}
