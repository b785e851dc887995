/** The part of the port that administrators use: topics and leaders. */

import type { BrokerError } from "./broker-error.ts";
import type { BrokerReply, BrokerRequest, TopicConfig } from "./broker.ts";
import type { GroupReply, GroupRequest } from "./group-request.ts";
import type { TransactionReply, TransactionRequest } from "./transaction-request.ts";

export type AdminRequest =
  | { readonly kind: "deleteTopic"; readonly topic: string }
  /** Changes settings of a topic; what is left out stays. */
  | {
      readonly kind: "alterTopic";
      readonly topic: string;
      readonly config: Omit<Partial<TopicConfig>, "partitions" | "replicationFactor" | "replicas">;
    }
  /** Gives partitions back to their preferred leaders, or to any replica that is alive. */
  | {
      readonly kind: "electLeader";
      readonly topic: string;
      readonly partition: number;
      readonly election: "preferred" | "unclean";
    };

export type AdminReply =
  | { readonly kind: "deleteTopic"; readonly error: BrokerError | null }
  | { readonly kind: "alterTopic"; readonly error: BrokerError | null }
  | { readonly kind: "electLeader"; readonly error: BrokerError | null };

/** What brokers hand on to the controller. */
export type AdminRequestKind = AdminRequest["kind"] | "createTopic" | "createPartitions";

/** Everything a client may ask of a cluster. */
export type KafkaRequest = BrokerRequest | AdminRequest | GroupRequest | TransactionRequest;
export type KafkaReply = BrokerReply | AdminReply | GroupReply | TransactionReply;
export type KafkaRequestKind = KafkaRequest["kind"];
export type KafkaRequestOf<K extends KafkaRequestKind> = Extract<KafkaRequest, { kind: K }>;
export type KafkaReplyOf<K extends KafkaRequestKind> = Extract<KafkaReply, { kind: K }>;

/** A client's way to a cluster, the whole protocol; a `Broker` is the part a pipeline needs. */
export interface KafkaClient {
  /** Sends a request to the broker that has to do with it; the reply arrives later, exactly once,
   *  as an event of the runtime. Nothing is tried again. */
  send<K extends KafkaRequestKind>(
    request: KafkaRequestOf<K>,
    reply: (reply: KafkaReplyOf<K>) => void,
  ): void;
}
