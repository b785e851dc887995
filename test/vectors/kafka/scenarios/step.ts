// The steps of scenarios: requests of Kafka's protocol, what applications do with Kafka's own
// clients, and what befalls brokers. What a step saw is said beside it; what went well says
// nothing.
// Partitions are said as `t-0`, brokers by number, as `leader of t-0`, or as `coordinator of g`.

/** A value, or [key, value, timestamp]; the time stamp is 0 when left out. */
export type RecordSpec =
  | string
  | readonly [key: string | null, value: string | null, timestampMs?: number];

type Settings = Readonly<Record<string, string | number | boolean>>;
type Offsets = Readonly<Record<string, number>>;

/** From a leader to a client: the broker that leads, unless the step names another. */
interface ToPartition {
  readonly partition: string;
  readonly broker?: number | string;
}

/** Who a request says it is from: a producer as `initProducerId` named it, or numbers. */
export interface ByProducer {
  readonly by?: string;
  readonly producerId?: number;
  readonly epoch?: number;
  readonly transactionalId?: string;
}

/** Its id is the last it was given, its generation the last it was told, unless said otherwise. */
export interface OfMember {
  readonly group: string;
  readonly member: string;
  readonly id?: string;
  readonly generation?: number;
  readonly instance?: string;
}

export type TopicStep =
  | {
      readonly op: "createTopic";
      readonly topic: string;
      readonly partitions?: number;
      readonly replicationFactor?: number;
      readonly replicas?: readonly (readonly number[])[];
      readonly config?: Settings;
    }
  | { readonly op: "deleteTopic"; readonly topic: string }
  | { readonly op: "createPartitions"; readonly topic: string; readonly partitions: number }
  | { readonly op: "alterTopic"; readonly topic: string; readonly config: Settings }
  | {
      readonly op: "electLeader";
      readonly partition: string;
      readonly election: "preferred" | "unclean";
    }
  | { readonly op: "metadata"; readonly topic: string };

export type LogStep =
  | ({
      readonly op: "produce";
      readonly records: readonly RecordSpec[];
      readonly acks?: number;
      readonly timeoutMs?: number;
      readonly sequence?: number;
      /** Characters that make each value longer; never shown. */
      readonly padding?: number;
    } & ToPartition &
      ByProducer)
  | ({
      readonly op: "fetch";
      readonly from?: number;
      readonly isolation?: "read_committed";
      readonly leaderEpoch?: number;
      readonly maxBytes?: number;
    } & ToPartition)
  | ({
      readonly op: "listOffsets";
      readonly at: "earliest" | "latest" | "maxTimestamp" | number;
      readonly isolation?: "read_committed";
      /** It is the clock's. */
      readonly hidesTimestamp?: boolean;
    } & ToPartition)
  | ({ readonly op: "deleteRecords"; readonly before: number } & ToPartition);

export type TransactionStep =
  | ({
      readonly op: "initProducerId";
      readonly as: string;
      readonly timeoutMs?: number;
    } & ByProducer)
  | ({ readonly op: "addPartitions"; readonly partitions: readonly string[] } & ByProducer)
  | ({ readonly op: "addOffsets"; readonly group: string } & ByProducer)
  | ({
      readonly op: "txnOffsetCommit";
      readonly group: string;
      readonly offsets: Offsets;
      readonly member?: string;
      readonly generation?: number;
    } & ByProducer)
  | ({ readonly op: "endTxn"; readonly commits: boolean } & ByProducer);

export type GroupStep =
  | ({
      readonly op: "joinGroup";
      readonly topics: readonly string[];
      readonly protocols?: readonly string[];
      readonly protocolType?: string;
      readonly owned?: readonly string[];
      readonly sessionTimeoutMs?: number;
      readonly rebalanceTimeoutMs?: number;
      /** Does not join again with the id it was given. */
      readonly once?: boolean;
    } & OfMember)
  | ({
      readonly op: "syncGroup";
      readonly protocol?: string;
      readonly protocolType?: string;
      /** From the leader, by member. */
      readonly assignments?: Readonly<Record<string, readonly string[]>>;
    } & OfMember)
  | ({ readonly op: "heartbeat" | "leaveGroup" } & OfMember)
  | { readonly op: "describeGroup" | "deleteGroup"; readonly group: string }
  | ({
      readonly op: "commitOffsets";
      readonly offsets: Offsets;
      readonly metadataLength?: number;
    } & (OfMember | { readonly group: string; readonly generation?: number }))
  | {
      readonly op: "fetchCommitted";
      readonly group: string;
      readonly partitions: readonly string[];
      readonly requireStable?: boolean;
    };

/** Applications that produce: our own producer does these steps, too. */
export type ProducerStep =
  | { readonly op: "producer"; readonly as: string; readonly config?: Settings }
  | {
      readonly op: "send";
      readonly by: string;
      readonly topic: string;
      readonly partition?: number;
      readonly records: readonly RecordSpec[];
      readonly padding?: number;
      /** In how many partitions they are, where which ones is left to chance. */
      readonly shows?: "distinct";
    }
  | {
      readonly op:
        | "initTransactions"
        | "beginTransaction"
        | "commitTransaction"
        | "abortTransaction"
        | "flush"
        | "closeProducer"
        | "killProducer";
      readonly by: string;
    }
  | {
      readonly op: "sendOffsets";
      readonly by: string;
      readonly offsets: Offsets;
      readonly group?: string;
      readonly consumer?: string;
    };

/** With Kafka's own consumer. */
export type ClientStep =
  | { readonly op: "assign"; readonly by: string; readonly partitions: readonly string[] }
  | {
      readonly op: "poll";
      readonly by: string;
      /** Until so many have come. */
      readonly records: number;
      readonly shows?: "partition";
    }
  | { readonly op: "seek"; readonly by: string; readonly partition: string; readonly to: number }
  | { readonly op: "position"; readonly by: string; readonly partition: string }
  | { readonly op: "commit"; readonly by: string; readonly offsets?: Offsets }
  /** All there is for a consumer now. */
  | {
      readonly op: "read";
      readonly partition: string;
      readonly from?: number;
      readonly isolation?: "read_committed";
      readonly shows?: "timestamp" | "type";
    };

/** Consumers of groups: our own do these steps, too. */
export type ConsumerStep =
  | { readonly op: "consumer"; readonly as: string; readonly config?: Settings }
  | { readonly op: "subscribe"; readonly by: string; readonly topics: readonly string[] }
  | {
      readonly op: "rebalance";
      /** Until each has so many partitions. */
      readonly holding: Readonly<Record<string, number>>;
      /** Not what they were told on the way, which is left to chance. */
      readonly shows?: "holds";
    }
  | { readonly op: "closeConsumer"; readonly by: string };

export type FaultStep =
  /** SIGKILL, SIGTERM; frozen, it does nothing and keeps its connections. */
  | {
      readonly op: "crash" | "stop" | "start" | "freeze" | "thaw";
      readonly broker: number | string;
    };

/** Waiting until others have noticed; sees nothing. */
export type AwaitStep =
  | {
      readonly op: "await";
      readonly partition: string;
      /** -1 for none. */
      readonly leader?: number;
      readonly isr?: readonly number[];
      readonly highWatermark?: number;
      readonly lastStableOffset?: number;
      readonly logStart?: number;
    }
  /** So many records are left for a consumer that reads all. */
  | { readonly op: "awaitRecords"; readonly partition: string; readonly records: number }
  /** Every broker knows of a setting. */
  | { readonly op: "awaitConfig"; readonly topic: string; readonly config: Settings }
  /** Of offsets: no transaction that has them is undecided. */
  | {
      readonly op: "awaitStable";
      readonly group: string;
      readonly partitions: readonly string[];
    }
  | {
      readonly op: "awaitGroup";
      readonly group: string;
      readonly state: string;
      readonly members?: number;
    };

/** What a step that says `later` saw. */
export interface AnswerStep {
  readonly op: "answer";
  readonly of: string;
}

/** `later`: goes on aside, and is noted where the step `answer` asks for it by that name. */
export type Step = (
  | TopicStep
  | LogStep
  | TransactionStep
  | GroupStep
  | ClientStep
  | ProducerStep
  | ConsumerStep
  | FaultStep
  | AwaitStep
  | AnswerStep
) & { readonly later?: string };
