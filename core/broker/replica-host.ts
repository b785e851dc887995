/** What a replica asks of the broker it lives on, and what replicas say to each other. */

import type { PartitionLog } from "../log/partition-log.ts";
import type { RecordBatch } from "../log/record-batch.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { BrokerError } from "./broker-error.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import type { PartitionState } from "./metadata.ts";
import type { ProducerIdentity } from "./transaction-request.ts";

/** A follower's fetch. A fetch at an offset says that it has all below.
 *  Like Kafka: FetchRequest from a replica. */
export interface ReplicaFetch {
  readonly follower: number;
  readonly topicId: number;
  readonly fetchOffset: number;
  /** The epoch the follower knows its leader by. */
  readonly leaderEpoch: number;
  /** Of the last batch it has; -1 for none. */
  readonly lastEpoch: number;
}

export interface ReplicaFetchReply {
  readonly error: BrokerError | null;
  readonly batches: readonly RecordBatch[];
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /** Where the leader's log of the follower's last epoch ends, when that is below the offset asked
   *  for: what is beyond has to go. */
  readonly diverging: { readonly epoch: number; readonly endOffset: number } | null;
}

/** A producer in a transaction. */
export type TransactionIdentity = ProducerIdentity & { readonly transactionalId: string };

export interface ReplicaHost {
  readonly runtime: Runtime;
  readonly settings: ClusterSettings;
  readonly broker: number;
  /** What its disk or processor adds to each piece of work, in ms. */
  readonly slowMs: number;
  /** `min.insync.replicas` of the topic, at most the number of replicas. */
  minInsync(partition: PartitionState): number;
  /** The broker and its clock. */
  clockMs(): number;
  /** False for partitions the cluster keeps for itself: their appends are nobody's news. */
  tells(topic: string): boolean;
  /** Asks the controller for another in-sync set. */
  proposeIsr(
    partition: PartitionState,
    isr: readonly number[],
    done: (error: BrokerError | null) => void,
  ): void;
  /** True for a broker that this one knows to be alive. */
  isActive(broker: number): boolean;
  /** Sends a fetch to a leader; `refused` when its process is down. */
  fetchFrom(
    leader: number,
    of: PartitionState,
    fetch: ReplicaFetch,
    reply: (reply: ReplicaFetchReply) => void,
    refused: () => void,
  ): void;
  /** Asks the coordinator of a transaction whether a partition is in it: null, or what the producer
   *  is told. */
  verifyTransaction(
    of: TopicPartition,
    transaction: TransactionIdentity,
    done: (error: BrokerError | null) => void,
  ): void;
  /** There is something retention or the cleaner may have to look at. */
  appended(log: PartitionLog): void;
}
