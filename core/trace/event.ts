/** What the engine says about itself: a closed union of facts in the past tense. The trace is the
 *  only contract between the engine and everything that looks at it.
 *
 *  One line of the trace:  {"seq":7,"atMs":1000,"kind":"batch.submitted","cause":5,...}
 *  `seq` counts from 0; `cause` is the `seq` of the fact that led to this one, or null for the
 *  world's own clock and workload. Facts are per batch, stage, task and broker request, never per
 *  record. */

import type { OffsetRange } from "../record/offset-range.ts";
import type { TopicConfig } from "../record/topic-config.ts";
import type { TopicPartition } from "../record/topic-partition.ts";
import type { ClusterFact } from "./cluster-fact.ts";
import type { ExecutorFact } from "./executor-fact.ts";
import type { ReceiverFact } from "./receiver-fact.ts";

/** The version of this format. */
export const TRACE_VERSION = 1;

/** A DStream of the graph, as the views draw it. */
export interface NodeDescription {
  readonly id: number;
  /** The method that made it: `reduceByKey`. */
  readonly operator: string;
  /** Spark's class: `ShuffledDStream`. */
  readonly className: string;
  readonly parents: readonly number[];
  readonly slideMs: number;
  readonly windowMs: number | null;
  readonly checkpointMs: number | null;
  /** Where an output operation stands among the outputs; null for other nodes. */
  readonly output: number | null;
}

/** One narrow operator of a stage, in the order records pass; the leaf first. */
export interface StageOperator {
  readonly rdd: number;
  /** Spark's class: `MapPartitionsRDD`. */
  readonly className: string;
  /** The operation that made the RDD: `flatMap`. */
  readonly operator: string;
  /** The DStream whose RDD of this batch it is; null for an RDD made inside an operation. */
  readonly node: number | null;
  /** RDDs of the same stage it reads; empty for a leaf and for one that reads a shuffle. */
  readonly parents: readonly number[];
  /** Stages whose shuffle output it reads. */
  readonly readsStages: readonly number[];
}

/** Records an operator handed on in one task. */
export interface OperatorCount {
  readonly rdd: number;
  readonly records: number;
}

export type TraceFact =
  // the world
  | {
      readonly kind: "run.started";
      readonly version: number;
      readonly seed: number;
      readonly batchIntervalMs: number;
      readonly defaultParallelism: number;
      readonly brokers: number;
    }
  | { readonly kind: "run.ended"; readonly reason: RunEnd }
  /** What it does, and the line of a fault script that says so: `at 3200 crash broker 2`. */
  | { readonly kind: "fault.injected"; readonly fault: string; readonly script: string }
  /** One that never struck, told when the run is over. */
  | {
      readonly kind: "fault.unused";
      readonly fault: string;
      readonly script: string;
      readonly reason: "its moment never came" | "there was nothing to strike";
    }
  // Kafka
  | {
      readonly kind: "topic.created";
      readonly topic: string;
      /** The leader of each partition, by partition. */
      readonly leaders: readonly number[];
      readonly config?: TopicConfig;
    }
  | {
      readonly kind: "partitions.added";
      readonly topic: string;
      /** The leaders of the new ones, by partition; they come after those there were. */
      readonly leaders: readonly number[];
    }
  | { readonly kind: "broker.started"; readonly broker: number }
  | { readonly kind: "broker.stopped"; readonly broker: number }
  | {
      readonly kind: "records.appended";
      readonly topic: string;
      readonly partition: number;
      readonly baseOffset: number;
      readonly count: number;
      readonly sizeBytes: number;
      readonly logEndOffset: number;
      readonly highWatermark: number;
      /** Together with an offset it names a record for good; -1 where nobody tells it. */
      readonly leaderEpoch: number;
      readonly producerId: number;
      readonly producerEpoch: number;
      readonly baseSequence: number;
    }
  | {
      readonly kind: "logStart.advanced";
      readonly topic: string;
      readonly partition: number;
      readonly logStartOffset: number;
      readonly reason: "retention.ms" | "retention.bytes" | "deleteRecords";
    }
  | {
      readonly kind: "request.failed";
      /** Who asked: `producer`, `driver`, `executor 1`. */
      readonly client: string;
      readonly request: string;
      readonly topic: string;
      /** -1 for a request about a topic, or about none. */
      readonly partition: number;
      /** Kafka's name of the error. */
      readonly error: string;
      /** Null when the client gives up. */
      readonly retryInMs: number | null;
    }
  | {
      readonly kind: "offsets.committed";
      readonly group: string;
      readonly offsets: readonly (TopicPartition & { readonly offset: number })[];
    }
  // files
  | { readonly kind: "file.written"; readonly path: string; readonly sizeBytes: number }
  | {
      readonly kind: "files.selected";
      readonly node: number;
      readonly batchTimeMs: number;
      readonly paths: readonly string[];
      /** Files of the directory passed over, each told once a reason. */
      readonly ignored: readonly { readonly path: string; readonly reason: string }[];
    }
  | ExecutorFact
  | ClusterFact
  | ReceiverFact
  // the driver
  | {
      readonly kind: "driver.started";
      readonly attempt: number;
      /** The checkpoint file it restored; null for a first start. */
      readonly recoveredFrom: string | null;
      readonly zeroTimeMs: number;
      readonly nodes: readonly NodeDescription[];
      /** Batch times run again before the first new one. */
      readonly rescheduledMs: readonly number[];
    }
  | { readonly kind: "driver.crashed"; readonly attempt: number }
  | { readonly kind: "driver.stopping"; readonly attempt: number; readonly gracefully: boolean }
  | { readonly kind: "driver.stopped"; readonly attempt: number }
  | { readonly kind: "error.reported"; readonly message: string }
  // batches
  | {
      readonly kind: "batch.planned";
      readonly batchTimeMs: number;
      /** Offset ranges of every direct stream, empty ones included. */
      readonly ranges: readonly (OffsetRange & { readonly node: number })[];
    }
  | {
      readonly kind: "batch.generationFailed";
      readonly batchTimeMs: number;
      readonly error: string;
    }
  | {
      readonly kind: "batch.submitted";
      readonly batchTimeMs: number;
      readonly records: number;
      readonly outputs: number;
    }
  | {
      readonly kind: "batch.started";
      readonly batchTimeMs: number;
      readonly schedulingDelayMs: number;
    }
  | {
      readonly kind: "batch.completed";
      readonly batchTimeMs: number;
      readonly records: number;
      readonly schedulingDelayMs: number;
      readonly processingDelayMs: number;
      readonly totalDelayMs: number;
      readonly failedOutputs: number;
    }
  | {
      readonly kind: "output.started";
      readonly batchTimeMs: number;
      readonly output: number;
      readonly operator: string;
    }
  | {
      readonly kind: "output.written";
      readonly batchTimeMs: number;
      readonly output: number;
      /** What `print` wrote, line by line, or what `foreachRDD` handed to `collect`-like sinks. */
      readonly lines: readonly string[];
    }
  | {
      readonly kind: "output.completed";
      readonly batchTimeMs: number;
      readonly output: number;
      readonly durationMs: number;
      readonly error: string | null;
    }
  | {
      /** Back-pressure has learnt from a completed batch how fast its stream may go on. */
      readonly kind: "rate.estimated";
      readonly batchTimeMs: number;
      readonly node: number;
      /** Whole records a second, over all partitions. */
      readonly rate: number;
      /** Records a second the batch was processed at, rounded down. */
      readonly processingRate: number;
    }
  | {
      readonly kind: "window.computed";
      readonly batchTimeMs: number;
      readonly node: number;
      /** Batch times of the parent inside the window, oldest first. */
      readonly batchesMs: readonly number[];
      /** For the inverse form: batch times that leave and that enter; empty otherwise. */
      readonly leavingMs: readonly number[];
      readonly enteringMs: readonly number[];
    }
  | {
      readonly kind: "state.updated";
      readonly batchTimeMs: number;
      readonly node: number;
      readonly partition: number;
      /** Keys the update function was called for; with values of this batch; dropped; kept. */
      readonly keysTouched: number;
      readonly keysWithValues: number;
      readonly keysRemoved: number;
      readonly keysKept: number;
    }
  // jobs, stages, tasks
  | {
      readonly kind: "job.submitted";
      readonly job: number;
      readonly batchTimeMs: number | null;
      readonly output: number | null;
      /** The action: `print`, `collect`, `count`, `checkpoint`. */
      readonly action: string;
      readonly stages: readonly number[];
      readonly skippedStages: readonly number[];
    }
  | { readonly kind: "job.completed"; readonly job: number; readonly error: string | null }
  | {
      readonly kind: "stage.submitted";
      readonly stage: number;
      readonly attempt: number;
      readonly job: number;
      readonly type: "ShuffleMapStage" | "ResultStage";
      readonly rdd: number;
      readonly partitions: readonly number[];
      readonly operators: readonly StageOperator[];
    }
  | {
      readonly kind: "stage.completed";
      readonly stage: number;
      readonly attempt: number;
      readonly error: string | null;
    }
  | {
      readonly kind: "task.started";
      /** Unique in the run; Spark's TID. */
      readonly task: number;
      readonly stage: number;
      readonly stageAttempt: number;
      readonly partition: number;
      readonly attempt: number;
      readonly executor: number;
      /** The offset ranges it reads. */
      readonly ranges: readonly OffsetRange[];
    }
  | {
      readonly kind: "task.finished";
      readonly task: number;
      readonly stage: number;
      readonly stageAttempt: number;
      readonly partition: number;
      readonly executor: number;
      readonly durationMs: number;
      readonly recordsRead: number;
      readonly shuffleRecordsRead: number;
      readonly shuffleRecordsWritten: number;
      readonly operators: readonly OperatorCount[];
    }
  | {
      readonly kind: "task.failed";
      readonly task: number;
      readonly stage: number;
      readonly stageAttempt: number;
      readonly partition: number;
      readonly attempt: number;
      readonly executor: number;
      readonly reason: "exception" | "fetch failed" | "executor lost" | "killed";
      readonly error: string;
    }
  | {
      /** It had finished, its executor was lost, and its stage needs its output. */
      readonly kind: "task.resubmitted";
      readonly task: number;
      readonly stage: number;
      readonly stageAttempt: number;
      readonly partition: number;
      readonly executor: number;
    }
  | {
      /** It runs much longer than others of its stage: a copy is to run elsewhere. */
      readonly kind: "task.speculated";
      readonly task: number;
      readonly stage: number;
      readonly stageAttempt: number;
      readonly partition: number;
      readonly executor: number;
      readonly runningMs: number;
      readonly thresholdMs: number;
    }
  | {
      /** What a task that succeeds added to accumulators that have a name. */
      readonly kind: "accumulators.updated";
      readonly task: number;
      readonly changes: readonly {
        readonly name: string;
        readonly update: string;
        /** On the driver, with the update. */
        readonly value: string;
      }[];
    }
  // checkpoints
  | {
      readonly kind: "checkpoint.written";
      /** `checkpoint-3000` (metadata) or `rdd-12` (the data of an RDD). */
      readonly file: string;
      readonly type: "metadata" | "rdd";
      readonly batchTimeMs: number;
      readonly sizeBytes: number;
      /** Batches submitted and not finished when it was taken; empty for data. */
      readonly pendingMs: readonly number[];
      readonly ranges: readonly (OffsetRange & { readonly batchTimeMs: number })[];
      /** The DStream whose state it holds; null for metadata. */
      readonly node: number | null;
    }
  | { readonly kind: "checkpoint.removed"; readonly file: string }
  | { readonly kind: "checkpoint.skipped"; readonly file: string; readonly error: string };

/** Why a run came to its end. */
export type RunEnd =
  | "input consumed"
  | "batches"
  | "until"
  | "stopped"
  | "driver failed"
  /** A producer or a consumer of the world. */
  | "client failed";

export type TraceKind = TraceFact["kind"];

export type TraceEvent = TraceFact & {
  readonly seq: number;
  /** Virtual (or wall-clock) milliseconds. */
  readonly atMs: number;
  readonly cause: number | null;
};

export type FactOf<K extends TraceKind> = Extract<TraceFact, { readonly kind: K }>;
export type EventOf<K extends TraceKind> = Extract<TraceEvent, { readonly kind: K }>;
