/** Facts about the Kafka cluster: who is alive, who leads, how far copies have got, groups,
 *  transactions. Per request and batch, never per record. */

import type { TopicPartition } from "../record/topic-partition.ts";

type OfPartition = TopicPartition;

export type ClusterFact =
  // brokers and controller
  | {
      /** A process was killed, alone or with its machine, which loses what was not on disk; or the
       *  machine of one that was down loses more. */
      readonly kind: "broker.crashed";
      readonly broker: number;
      readonly loses: "nothing" | "unflushed" | "disk";
    }
  /** Each of its requests takes so much longer from now on; 0 for no longer than usual. */
  | { readonly kind: "broker.slowed"; readonly broker: number; readonly byMs: number }
  /** The controller no longer counts on it: it leads nothing and is in no in-sync set. */
  | { readonly kind: "broker.fenced"; readonly broker: number; readonly brokerEpoch: number }
  | { readonly kind: "broker.unfenced"; readonly broker: number; readonly brokerEpoch: number }
  /** Null while there is none. */
  | {
      readonly kind: "controller.changed";
      readonly controller: number | null;
      readonly epoch: number;
    }
  | {
      /** Brokers by number, `controller`, and clients by name. */
      readonly kind: "link.changed";
      readonly between: readonly [string, string];
      readonly state: "up" | "cut" | "slow" | "lossy";
      readonly latencyMs: number;
      /** Messages lost of a hundred. */
      readonly lossPercent: number;
    }
  // partitions
  | ({
      readonly kind: "partition.changed";
      /** -1 for none. */
      readonly leader: number;
      readonly leaderEpoch: number;
      readonly partitionEpoch: number;
      readonly replicas: readonly number[];
      readonly isr: readonly number[];
      readonly reason: PartitionChangeReason;
    } & OfPartition)
  | ({
      /** A follower has copied what its leader sent: offsets [baseOffset, logEndOffset). */
      readonly kind: "replica.appended";
      readonly broker: number;
      readonly baseOffset: number;
      readonly logEndOffset: number;
      /** Of the last batch. */
      readonly leaderEpoch: number;
    } & OfPartition)
  | ({
      readonly kind: "highWatermark.advanced";
      readonly broker: number;
      readonly highWatermark: number;
      /** Offsets that `read_committed` may see end here. */
      readonly lastStableOffset: number;
    } & OfPartition)
  | ({
      /** A replica has dropped what its new leader does not have, or what its disk lost. */
      readonly kind: "log.truncated";
      readonly broker: number;
      readonly fromOffset: number;
      /** Its log ends here now. */
      readonly toOffset: number;
      readonly reason: "diverged" | "unflushed" | "disk";
    } & OfPartition)
  | ({
      readonly kind: "log.compacted";
      readonly broker: number;
      readonly recordsRemoved: number;
      readonly untilOffset: number;
    } & OfPartition)
  | { readonly kind: "topic.deleted"; readonly topic: string }
  | { readonly kind: "topic.altered"; readonly topic: string; readonly changed: string }
  | {
      /** What a topic holds in the end, for audits: the world asked for it. */
      readonly kind: "contents.read";
      readonly topic: string;
      readonly isolation: "read_uncommitted" | "read_committed";
      /** By partition, then offset. */
      readonly records: readonly {
        readonly partition: number;
        readonly offset: number;
        readonly key: string | null;
        readonly value: string | null;
      }[];
    }
  // producers
  | ({
      /** A producer heard that its batch is written. With acks 0 it assumes so, and the offset
       *  is -1. */
      readonly kind: "produce.acknowledged";
      readonly client: string;
      readonly acks: 0 | 1 | -1;
      readonly baseOffset: number;
      readonly count: number;
      /** Of the leader that took it; -1 with acks 0. */
      readonly leaderEpoch: number;
    } & OfPartition)
  | {
      /** A client is above its quota: the broker does not hear it for so long. */
      readonly kind: "client.throttled";
      readonly client: string;
      readonly broker: number;
      readonly throttleMs: number;
    }
  | ({
      /** A batch that came again was known by its sequence, and not appended. */
      readonly kind: "duplicate.refused";
      readonly producerId: number;
      readonly producerEpoch: number;
      readonly baseSequence: number;
      readonly baseOffset: number;
    } & OfPartition)
  | {
      readonly kind: "producer.initialised";
      readonly client: string;
      readonly transactionalId: string | null;
      readonly producerId: number;
      readonly producerEpoch: number;
    }
  // transactions
  | {
      readonly kind: "transaction.changed";
      readonly transactionalId: string;
      readonly producerId: number;
      readonly producerEpoch: number;
      readonly state: TransactionState;
      readonly partitions: readonly TopicPartition[];
      /** Groups whose offsets are part of it. */
      readonly groups: readonly string[];
      /** Why, where it is not what the producer asked for; `loaded` by a coordinator that takes
       *  over, from its log. */
      readonly reason: "timed out" | "fenced" | "loaded" | null;
    }
  | ({
      readonly kind: "marker.written";
      readonly producerId: number;
      readonly producerEpoch: number;
      readonly control: "COMMIT" | "ABORT";
      readonly offset: number;
      /** Of the leader that wrote it. */
      readonly leaderEpoch: number;
    } & OfPartition)
  // groups
  | {
      readonly kind: "group.changed";
      readonly group: string;
      readonly state: GroupState;
      readonly generation: number;
      /** The assignor; null before one is agreed on. */
      readonly protocol: string | null;
      readonly leader: string | null;
      readonly coordinator: number;
      /** By member id; partitions are empty before the assignment is known. */
      readonly members: readonly {
        readonly member: string;
        readonly instance: string | null;
        readonly clientId: string;
        readonly partitions: readonly TopicPartition[];
      }[];
      /** `consumer-1 joins`, `consumer-2 is silent for 45000 ms`. */
      readonly reason: string;
    }
  | {
      readonly kind: "offsets.expired";
      readonly group: string;
      readonly partitions: readonly TopicPartition[];
    }
  // consumers that are applications of their own
  | ({
      /** Records were given to an application: what it has been given so far ends at
       *  `untilOffset`. None where there was only what it may not see: markers, aborted records. */
      readonly kind: "records.polled";
      readonly client: string;
      readonly fromOffset: number;
      readonly untilOffset: number;
      readonly count: number;
    } & OfPartition)
  | ({
      /** A consumer had no valid position. */
      readonly kind: "position.reset";
      readonly client: string;
      /** Null where it had none. */
      readonly fromOffset: number | null;
      readonly toOffset: number;
      readonly policy: "earliest" | "latest";
    } & OfPartition);

export type PartitionChangeReason =
  | "created"
  | "leader failed"
  | "controlled shutdown"
  | "broker returned"
  | "unclean election"
  | "preferred election"
  | "isr shrank"
  | "isr expanded";

/** Like Kafka: TransactionState. */
export type TransactionState =
  | "Empty"
  | "Ongoing"
  | "PrepareCommit"
  | "PrepareAbort"
  | "CompleteCommit"
  | "CompleteAbort"
  | "PrepareEpochFence"
  | "Dead";

/** Like Kafka: ClassicGroupState. */
export type GroupState = "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable" | "Dead";
