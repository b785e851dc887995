/** What a coordinator (of groups, of transactions) is to the broker it lives on. Its state is a
 *  compacted log, a partition of `__consumer_offsets` or `__transaction_state`: it is written there
 *  before it counts, replicated like any other, and read back by the broker that leads next.
 *  Like Kafka: CoordinatorRuntime, TransactionStateManager. */

import type { TopicPartition } from "../record/topic-partition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { KafkaReply, KafkaRequest } from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import type { ProducerIdentity } from "./transaction-request.ts";

/** `offsets.topic.num.partitions`, `transaction.state.log.num.partitions`. */
export const COORDINATOR_PARTITIONS = 50;
export const OFFSETS_TOPIC = "__consumer_offsets";
export const TRANSACTIONS_TOPIC = "__transaction_state";

/** Plain data as JSON text; a null value is a tombstone. */
export interface CoordinatorRecord {
  readonly key: string;
  readonly value: string | null;
}

/** What a coordinator's log holds, as it is read back. */
export type CoordinatorEntry =
  | {
      readonly kind: "records";
      readonly records: readonly CoordinatorRecord[];
      /** The producer in whose transaction they are; null outside one. */
      readonly from: ProducerIdentity | null;
    }
  | {
      readonly kind: "marker";
      readonly from: ProducerIdentity;
      readonly control: "COMMIT" | "ABORT";
    };

/** What the broker does for the coordinator that lives on it. */
export interface CoordinatorHost {
  readonly runtime: Runtime;
  readonly settings: ClusterSettings;
  /** The broker's number. */
  readonly broker: number;
  /** Appends to the coordinator's own partition with acks -1; once, later: null, or why it is not
   *  written. After NOT_LEADER_OR_FOLLOWER another broker coordinates. `from` makes it a
   *  transactional batch of that producer, for pending offsets. */
  append(
    partition: number,
    records: readonly CoordinatorRecord[],
    done: (error: BrokerError | null) => void,
    from?: ProducerIdentity,
  ): void;
  /** False for a partition that no topic has. */
  hasPartition(of: TopicPartition): boolean;
  /** Partitions of a topic; 0 for none. */
  partitionCount(topic: string): number;
  /** Asks the leader of each partition to write the marker that ends a transaction, again and again
   *  until all have; then, later, calls back. Partitions that were deleted count as done. */
  writeMarkers(
    partitions: readonly TopicPartition[],
    marker: ProducerIdentity & {
      readonly control: "COMMIT" | "ABORT";
      readonly coordinatorEpoch: number;
    },
    done: () => void,
  ): void;
}

/** One broker has one of each, for all the partitions it leads. */
export interface Coordinator {
  /** The broker leads this partition from now on: what its log holds, oldest first. Until this call
   *  requests are answered with COORDINATOR_LOAD_IN_PROGRESS or NOT_COORDINATOR by the broker. */
  lead(partition: number, epoch: number, entries: readonly CoordinatorEntry[]): void;
  /** It no longer does, or its process ended: timers die, what waits for a reply is answered with
   *  NOT_COORDINATOR (nothing, when the process ended). */
  resign(partition: number, processEnded: boolean): void;
  /** Answers once, now or later; the partition is one it leads. `from` is the client's name. */
  handle(
    partition: number,
    request: KafkaRequest,
    from: string,
    reply: (reply: KafkaReply) => void,
  ): void;
  /** A transaction's marker was written to its partition: pending offsets count, or are gone. */
  marked?(partition: number, from: ProducerIdentity, control: "COMMIT" | "ABORT"): void;
  /** Topics were deleted. */
  topicDeleted?(topic: string): void;
}
