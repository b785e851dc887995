/** A whole run as data: the program, the world it runs in, and what goes wrong in it. */

import type { RandomStream } from "../base/random.ts";
import type { ClusterSettings } from "../broker/cluster-settings.ts";
import type { Isolation } from "../record/record.ts";
import type { TopicConfig } from "../broker/broker.ts";
import type { ProducerSettings } from "../client/producer-settings.ts";
import type { TransactionPlan } from "../client/transaction-writer.ts";
import type { StreamingContext } from "../dsl/streaming-context.ts";
import type { ProducerRecord } from "../record/record.ts";
import type { CostModel } from "../scheduler/cost-model.ts";
import type { ConsumerSpec } from "./consumer-spec.ts";
import type { FaultScript } from "./faults.ts";
import type { SocketSpec } from "./sockets.ts";

/** What a pipeline module exports by default: builds the graph on a fresh context. */
export type Program = (ssc: StreamingContext) => void;

/** A producer that lives inside the simulation. */
export interface WorkloadSpec {
  readonly topic: string;
  /** Kafka's `partitioner.class`: the default one hashes keys (murmur2) and sticks to a partition
   *  for records without; `RoundRobinPartitioner` deals records out one by one. */
  readonly partitioner?: "default" | "RoundRobinPartitioner";
  /** `linger.ms`; Kafka 3.9's default, 0 (Kafka 4's is 5). */
  readonly lingerMs?: number;
  /** `client.id`, its name in facts and faults; `producer` when left out. */
  readonly name?: string;
  /** Its other settings; Kafka's defaults are idempotent, with `acks=all`. */
  readonly producer?: Partial<Omit<ProducerSettings, "lingerMs">>;
  /** How its records go into transactions, with a transactional id. */
  readonly transactions?: TransactionPlan;
  /** The world goes on after records that could not be delivered, or when it is fenced; false. */
  readonly continuesAfterError?: boolean;
  /** Drawn lazily; may be endless. */
  readonly records: (random: RandomStream) => Iterable<ProducerRecord>;
}

/** What a lesson's `world.ts` gives: everything but the program. All fields have defaults. */
export interface WorldSpec {
  /** 42. */
  readonly seed?: number;
  /** 1000. */
  readonly batchIntervalMs?: number;
  /** `spark.default.parallelism`: 2. */
  readonly defaultParallelism?: number;
  /** Brokers 1..n: 1. */
  readonly brokers?: number;
  /** Executors 1..n: two of one core each. */
  readonly executors?: readonly ExecutorSpec[];
  readonly topics?: Readonly<Record<string, TopicConfig>>;
  readonly workload?: readonly WorkloadSpec[];
  /** Applications that read topics as members of groups, beside the pipeline. */
  readonly consumers?: readonly ConsumerSpec[];
  /** Files that appear, each whole at its time. */
  readonly files?: readonly FileSpec[];
  /** Hosts that send lines to receivers, by `host:port`. */
  readonly sockets?: Readonly<Record<string, SocketSpec>>;
  /** What goes wrong: a fault script, or the same as data. */
  readonly faults?: FaultScript;
  /** How long work takes; see CostModel for the defaults. */
  readonly cost?: Partial<CostModel>;
  /** Settings of its brokers and controllers; see ClusterSettings for the defaults. */
  readonly cluster?: Partial<ClusterSettings>;
  /** `spark.*` settings, as SparkConf takes them. */
  readonly conf?: Readonly<Record<string, string>>;
  /** Topics whose contents the trace tells in the end, for audits of what was delivered. */
  readonly readBack?: readonly { readonly topic: string; readonly isolation: Isolation }[];
  /** A run whose workload is consumed goes on for so long, for markers of transactions and commits
   *  that are on their way: 0. */
  readonly settleMs?: number;
  /** The run ends after this many batches have completed; unlimited. */
  readonly batches?: number;
  /** The run ends at this time; unlimited. Without either limit it ends when the workload is
   *  consumed. */
  readonly untilMs?: number;
}

export interface FileSpec {
  readonly path: string;
  /** 0, before the program starts. */
  readonly atMs?: number;
  readonly text: string;
}

export interface ExecutorSpec {
  readonly cores: number;
  /** 100 is normal; 50 takes twice as long. */
  readonly speedPercent?: number;
  /** How many records of persisted RDDs its memory can hold; unlimited. */
  readonly memoryRecords?: number;
}

/** One output operation of one batch, as the terminal prints it. */
export interface BatchOutput {
  /** 1 for the first batch of the run. */
  readonly batch: number;
  readonly timeMs: number;
  readonly output: number;
  /** `print` or `foreachRDD`. */
  readonly operator: string;
  /** What the operation wrote to the console, line by line. */
  readonly lines: readonly string[];
  /** Every record of the RDD; null unless the run collects outputs. */
  readonly records: readonly unknown[] | null;
  readonly ranges: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly fromOffset: number;
    readonly untilOffset: number;
  }[];
}
