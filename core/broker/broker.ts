/** The port to Kafka: what a pipeline needs of it, as plain requests and replies, so that they can
 *  be drawn, logged, delayed, dropped and tested as data. Carried by the simulated cluster and, at
 *  the live edge, by kafkajs. Replies come through the runtime, never inside `send`. */

import type { ConsumerRecord, Header } from "../record/record.ts";
import type { TopicPartition } from "../record/topic-partition.ts";

/** Kafka's names (org.apache.kafka.common.protocol.Errors). `BROKER_NOT_AVAILABLE` is what a client
 *  makes of a refused connection. */
export type BrokerError =
  | "OFFSET_OUT_OF_RANGE"
  | "UNKNOWN_TOPIC_OR_PARTITION"
  | "LEADER_NOT_AVAILABLE"
  | "NOT_LEADER_OR_FOLLOWER"
  | "REQUEST_TIMED_OUT"
  | "BROKER_NOT_AVAILABLE"
  | "MESSAGE_TOO_LARGE"
  | "INVALID_TOPIC_EXCEPTION"
  | "TOPIC_ALREADY_EXISTS"
  | "INVALID_PARTITIONS"
  | "INVALID_GROUP_ID"
  | "UNKNOWN_SERVER_ERROR";

/** A record on its way to one partition; the client has chosen the partition. */
export interface ProduceRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
  readonly headers: readonly Header[];
}

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
    }
  /** The log of a partition starts at an offset from now on; -1 is the high watermark. */
  | {
      readonly kind: "deleteRecords";
      readonly topic: string;
      readonly partition: number;
      readonly beforeOffset: number;
    }
  /** Log start (`earliest`), high watermark (`latest`), or the first offset at or after a time. */
  | {
      readonly kind: "listOffsets";
      readonly topic: string;
      readonly partition: number;
      readonly at: "earliest" | "latest" | { readonly timestampMs: number };
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
    }
  | {
      readonly kind: "commitOffsets";
      readonly group: string;
      readonly offsets: readonly (TopicPartition & { readonly offset: number })[];
    }
  | {
      readonly kind: "fetchCommitted";
      readonly group: string;
      readonly partitions: readonly TopicPartition[];
    };

export interface TopicConfig {
  readonly partitions: number;
  /** `retention.ms`; -1 keeps for ever. Kafka's default: 7 days. */
  readonly retentionMs?: number;
  /** `retention.bytes` of one partition; -1 (the default) is no limit. */
  readonly retentionBytes?: number;
  /** `segment.bytes`; retention removes whole segments. Kafka's default: 1 GiB. */
  readonly segmentBytes?: number;
  /** `max.message.bytes`. Kafka's default: 1 048 588. */
  readonly maxMessageBytes?: number;
}

export interface PartitionMetadata {
  readonly partition: number;
  /** -1 while the partition has no leader. */
  readonly leader: number;
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
  /** Sends a request; the reply arrives later, exactly once, as an event of the runtime. */
  send<K extends RequestKind>(request: RequestOf<K>, reply: (reply: ReplyOf<K>) => void): void;
}

/** Errors a client meets by asking again (Kafka's RetriableException). */
export function isRetriable(error: BrokerError): boolean {
  switch (error) {
    case "UNKNOWN_TOPIC_OR_PARTITION":
    case "LEADER_NOT_AVAILABLE":
    case "NOT_LEADER_OR_FOLLOWER":
    case "REQUEST_TIMED_OUT":
    case "BROKER_NOT_AVAILABLE":
      return true;
    case "OFFSET_OUT_OF_RANGE":
    case "MESSAGE_TOO_LARGE":
    case "INVALID_TOPIC_EXCEPTION":
    case "TOPIC_ALREADY_EXISTS":
    case "INVALID_PARTITIONS":
    case "INVALID_GROUP_ID":
    case "UNKNOWN_SERVER_ERROR":
      return false;
  }
}
