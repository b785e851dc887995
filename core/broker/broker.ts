/** The port to Kafka: what a pipeline needs of it, as plain requests and replies, so that they can
 *  be drawn, logged, delayed, dropped and tested as data. Carried by the simulated cluster and, at
 *  the live edge, by kafkajs. Replies come through the runtime, never inside `send`. */

import type { ProducerBatchId } from "../record/producer-id.ts";
import type { ConsumerRecord, Isolation, ProduceRecord } from "../record/record.ts";
import type { TopicConfig } from "../record/topic-config.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { KafkaClient } from "./admin-request.ts";
import type { BrokerError } from "./broker-error.ts";
import type { CommitMember } from "./group-request.ts";

export type { ProducerBatchId } from "../record/producer-id.ts";
export type { Isolation, ProduceRecord } from "../record/record.ts";
export type { TopicConfig } from "../record/topic-config.ts";

/** `acks`. */
export type Acks = 0 | 1 | -1;

export type BrokerRequest =
  | { readonly kind: "createTopic"; readonly topic: string; readonly config: TopicConfig }
  /** Raises the number of a topic's partitions. */
  | { readonly kind: "createPartitions"; readonly topic: string; readonly partitions: number }
  /** Partition count and leaders of topics; of all when null. */
  | { readonly kind: "metadata"; readonly topics: readonly string[] | null }
  | {
      readonly kind: "produce";
      readonly topic: string;
      readonly partition: number;
      readonly records: readonly ProduceRecord[];
      /** How many have to have it before the reply: none, and there is none; the leader; all that
       *  are in sync (-1; when left out). */
      readonly acks?: Acks;
      /** How long the leader waits for the others; `request.timeout.ms` when left out. */
      readonly timeoutMs?: number;
      /** How long the client waits for the reply; 30 s when left out. */
      readonly clientTimeoutMs?: number;
      /** From an idempotent producer. */
      readonly batch?: ProducerBatchId;
    }
  /** The log of a partition starts at an offset from now on; -1 is the high watermark. */
  | {
      readonly kind: "deleteRecords";
      readonly topic: string;
      readonly partition: number;
      readonly beforeOffset: number;
    }
  /** Log start (`earliest`), high watermark (`latest`; the last stable offset for
   *  `read_committed`), the first offset at or after a time, or that of the latest time. */
  | {
      readonly kind: "listOffsets";
      readonly topic: string;
      readonly partition: number;
      readonly at: "earliest" | "latest" | "maxTimestamp" | { readonly timestampMs: number };
      readonly isolation?: Isolation;
    }
  /** Records from an offset on, below the high watermark, until a limit is met; at least one record
   *  is given where there is one. */
  | {
      readonly kind: "fetch";
      readonly topic: string;
      readonly partition: number;
      readonly fromOffset: number;
      /** Nothing at or above this offset is given. */
      readonly untilOffset: number;
      readonly maxRecords: number;
      readonly maxBytes: number;
      /** `fetch.max.wait.ms`: so long a fetch that finds nothing waits for something; 0 when left
       *  out. */
      readonly maxWaitMs?: number;
      /** `isolation.level`; `read_uncommitted` when left out. */
      readonly isolation?: Isolation;
    }
  | {
      readonly kind: "commitOffsets";
      readonly group: string;
      readonly offsets: readonly (TopicPartition & { readonly offset: number })[];
      /** The member of the group that commits; left out by one outside its protocol. */
      readonly from?: CommitMember;
    }
  | {
      readonly kind: "fetchCommitted";
      readonly group: string;
      /** Waits for transactions whose offsets are not decided (UNSTABLE_OFFSET_COMMIT). */
      readonly requireStable?: boolean;
      readonly partitions: readonly TopicPartition[];
    };

/** How a client loses a connection: nobody listened, and nothing was sent; the other end went away;
 *  or a request was not answered in time, and the client closed it. */
export type Disconnection = "refused" | "broken" | "timed out";

export interface PartitionMetadata {
  readonly partition: number;
  /** -1 while the partition has no leader. */
  readonly leader: number;
  readonly leaderEpoch?: number;
  /** The preferred leader first. */
  readonly replicas?: readonly number[];
  readonly isr?: readonly number[];
}

export type BrokerReply =
  | { readonly kind: "createTopic"; readonly error: BrokerError | null }
  | { readonly kind: "createPartitions"; readonly error: BrokerError | null }
  | {
      readonly kind: "metadata";
      readonly error: BrokerError | null;
      readonly topics: readonly {
        readonly topic: string;
        readonly error: BrokerError | null;
        readonly partitions: readonly PartitionMetadata[];
      }[];
    }
  | {
      readonly kind: "produce";
      readonly error: BrokerError | null;
      /** Offset of the first record; -1 on error. */
      readonly baseOffset: number;
      /** Of the leader that took it; left out where nobody tells. */
      readonly leaderEpoch?: number;
      /** The client's own doing: why there was no reply. */
      readonly disconnection?: Disconnection;
    }
  | {
      readonly kind: "deleteRecords";
      readonly error: BrokerError | null;
      /** -1 on error. */
      readonly logStartOffset: number;
    }
  | {
      readonly kind: "listOffsets";
      readonly error: BrokerError | null;
      /** -1 on error, and where no record is at or after the time asked for. */
      readonly offset: number;
    }
  | {
      readonly kind: "fetch";
      readonly error: BrokerError | null;
      readonly records: readonly ConsumerRecord[];
      /** Where to fetch on from: the last record's offset + 1, or further over a gap in the log. */
      readonly nextOffset: number;
      readonly highWatermark: number;
      /** -1 on error, as are the others. */
      readonly lastStableOffset?: number;
      readonly logStartOffset: number;
    }
  | { readonly kind: "commitOffsets"; readonly error: BrokerError | null }
  | {
      readonly kind: "fetchCommitted";
      readonly error: BrokerError | null;
      /** `offset` null where the group has none for the partition. */
      readonly offsets: readonly (TopicPartition & { readonly offset: number | null })[];
    };

export type RequestKind = BrokerRequest["kind"];
export type RequestOf<K extends RequestKind> = Extract<BrokerRequest, { readonly kind: K }>;
export type ReplyOf<K extends RequestKind> = Extract<BrokerReply, { readonly kind: K }>;

export interface Broker {
  /** The rest of the protocol, where it is carried. */
  readonly kafka?: KafkaClient;
  /** Sends a request; the reply arrives later, exactly once, as an event of the runtime. */
  send<K extends RequestKind>(request: RequestOf<K>, reply: (reply: ReplyOf<K>) => void): void;
}
