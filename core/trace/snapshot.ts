/** The state of the world at one position of its trace: what the views show. Plain data, bounded
 *  whatever the length of the run: of batches, extents, lines and errors the newest are kept.
 *  `replay.ts` makes it; nothing else does. */

import type { OffsetRange } from "../record/offset-range.ts";
import type {
  BrokerSnapshot,
  ControllerSnapshot,
  GroupSnapshot,
  LinkSnapshot,
  ProducerSnapshot,
  ReaderSnapshot,
  TopicSnapshot,
  TransactionSnapshot,
} from "./cluster-snapshot.ts";
import type { EventOf, NodeDescription, OperatorCount, RunEnd, StageOperator } from "./event.ts";

/** How many of each the snapshot keeps: the newest. */
export const SNAPSHOT_LIMITS = {
  /** Batches with their times, delays, outputs, windows and state counts. */
  batches: 64,
  /** Batches that also keep their jobs, stages and tasks. */
  detailedBatches: 16,
  /** Appends remembered per partition. */
  appends: 64,
  /** Ends of transactions remembered per partition. */
  markers: 64,
  /** Stages whose facts can still be told to a batch. */
  openStages: 64,
  /** RDDs with cached blocks, per executor. */
  cachedRDDs: 256,
  checkpointFiles: 128,
  outputs: 64,
  files: 128,
  waitingBlocks: 64,
  allocations: 64,
  marks: 100,
  /** Epochs remembered per copy of a partition. */
  epochs: 16,
  links: 64,
  groups: 64,
  membersOfGroup: 128,
  transactions: 64,
  producers: 64,
  readers: 64,
} as const;

export interface Snapshot {
  /** The last event folded in; -1 before the first. */
  readonly seq: number;
  readonly atMs: number;
  /** Null before `run.started`. */
  readonly run: RunSnapshot | null;
  /** By number. */
  readonly brokers: readonly BrokerSnapshot[];
  /** Null while nothing has been said about it. */
  readonly controller: ControllerSnapshot | null;
  /** Those that are cut, slow or lossy, oldest first. */
  readonly links: readonly LinkSnapshot[];
  /** In the order they were created. */
  readonly topics: readonly TopicSnapshot[];
  /** By name. */
  readonly groups: readonly GroupSnapshot[];
  /** By transactional id, the one changed last at the end. */
  readonly transactions: readonly TransactionSnapshot[];
  /** In the order they were first heard of. */
  readonly producers: readonly ProducerSnapshot[];
  /** Consumers that are applications of their own, in the order they first polled. */
  readonly readers: readonly ReaderSnapshot[];
  /** What copies of partitions have dropped, oldest first. */
  readonly truncations: readonly EventOf<"log.truncated">[];
  /** Data files, oldest first. */
  readonly files: readonly FileSnapshot[];
  /** By stream. */
  readonly receivers: readonly ReceiverSnapshot[];
  /** Which batch got which received blocks, oldest first. */
  readonly allocations: readonly EventOf<"receiver.blocksAllocated">[];
  /** By number; lost ones stay, marked as such. */
  readonly executors: readonly ExecutorSnapshot[];
  /** Null before the first start. */
  readonly driver: DriverSnapshot | null;
  /** By batch time. */
  readonly batches: readonly BatchSnapshot[];
  readonly totals: Totals;
  /** What is in the checkpoint directory, in the order it was written. */
  readonly checkpoints: readonly EventOf<"checkpoint.written">[];
  /** What output operations wrote, oldest first. */
  readonly outputs: readonly EventOf<"output.written">[];
  readonly faults: readonly EventOf<"fault.injected">[];
  readonly errors: readonly EventOf<"error.reported">[];
  readonly requestsFailed: readonly EventOf<"request.failed">[];
  /** Starts and crashes of the driver. */
  readonly driverMarks: readonly EventOf<"driver.started" | "driver.crashed">[];
  /** Which batch the facts of a job or a stage belong to: they name no batch themselves. */
  readonly routes: Routes;
}

export interface RunSnapshot {
  readonly seed: number;
  readonly batchIntervalMs: number;
  readonly defaultParallelism: number;
  /** Null while it goes on. */
  readonly ended: RunEnd | null;
}

/** A file and what streams of files made of it. */
export interface FileSnapshot {
  readonly path: string;
  readonly sizeBytes: number;
  readonly writtenMs: number;
  /** The batch that took it last; null for none. */
  readonly batchTimeMs: number | null;
  /** Why it was passed over last; null when it was not. */
  readonly ignored: string | null;
}

/** A receiver, and the blocks it stored that no batch has yet. */
export interface ReceiverSnapshot {
  readonly stream: number;
  readonly receiver: string;
  /** The core it is on; null while it is on none. */
  readonly executor: number | null;
  readonly isActive: boolean;
  readonly startedMs: number;
  readonly lastMessage: string | null;
  readonly lastError: string | null;
  /** Records a second; null without a limit. */
  readonly rateLimit: number | null;
  /** Over the whole run. */
  readonly blocksStored: number;
  readonly recordsStored: number;
  /** Oldest first; the newest ones where there are very many. */
  readonly waiting: readonly {
    readonly block: string;
    readonly records: number;
    readonly executors: readonly number[];
    readonly logFile: string | null;
  }[];
}

export interface ExecutorSnapshot {
  readonly executor: number;
  readonly cores: number;
  readonly speedPercent: number;
  readonly isAlive: boolean;
  /** Ids of the tasks on its cores. */
  readonly runningTasks: readonly number[];
  /** Blocks it caches, by RDD. */
  readonly cached: readonly { readonly rdd: number; readonly blocks: number }[];
}

export interface DriverSnapshot {
  readonly attempt: number;
  readonly isAlive: boolean;
  readonly startedMs: number;
  readonly recoveredFrom: string | null;
  readonly zeroTimeMs: number;
  readonly nodes: readonly NodeDescription[];
  readonly rescheduledMs: readonly number[];
  /** What back-pressure last estimated for each direct stream. */
  readonly rates: readonly RateSnapshot[];
}

/** In records a second, learnt from a completed batch. */
export interface RateSnapshot {
  readonly node: number;
  readonly batchTimeMs: number;
  readonly rate: number;
  readonly processingRate: number;
}

/** waiting: its ranges are planned, its jobs not yet made; idle: no output operation was due;
 *  queued: submitted, another batch runs; lost: the driver died before it was through. */
export type BatchStatus =
  | "waiting"
  | "idle"
  | "queued"
  | "running"
  | "completed"
  | "failed"
  | "lost";

export interface BatchSnapshot {
  readonly batchTimeMs: number;
  readonly status: BatchStatus;
  /** How often it was planned or submitted: 2 for one that ran again after a crash. */
  readonly attempt: number;
  readonly ranges: readonly (OffsetRange & { readonly node: number })[];
  readonly records: number;
  readonly plannedMs: number | null;
  readonly submittedMs: number | null;
  readonly startedMs: number | null;
  readonly completedMs: number | null;
  readonly schedulingDelayMs: number | null;
  readonly processingDelayMs: number | null;
  readonly totalDelayMs: number | null;
  /** Why its jobs could not be made. */
  readonly error: string | null;
  /** By number. */
  readonly outputs: readonly OutputSnapshot[];
  readonly windows: readonly EventOf<"window.computed">[];
  /** By node and partition. */
  readonly states: readonly EventOf<"state.updated">[];
  /** Empty once the batch is no longer among the newest. */
  readonly jobs: readonly JobSnapshot[];
  /** Its jobs were there and have been let go. */
  readonly jobsDropped: boolean;
}

export interface OutputSnapshot {
  readonly output: number;
  readonly operator: string;
  readonly status: "running" | "completed" | "failed";
  /** Null until it has written. */
  readonly lines: readonly string[] | null;
  readonly durationMs: number | null;
  readonly error: string | null;
}

export interface JobSnapshot {
  readonly job: number;
  readonly output: number | null;
  readonly action: string;
  readonly stageIds: readonly number[];
  readonly skippedStages: readonly number[];
  readonly status: "running" | "completed" | "failed";
  readonly error: string | null;
  /** One per attempt, in the order they were submitted. */
  readonly stages: readonly StageSnapshot[];
}

export interface StageSnapshot {
  readonly stage: number;
  readonly attempt: number;
  readonly type: "ShuffleMapStage" | "ResultStage";
  readonly rdd: number;
  readonly partitions: readonly number[];
  readonly operators: readonly StageOperator[];
  readonly status: "running" | "completed" | "failed";
  readonly error: string | null;
  readonly submittedMs: number;
  readonly completedMs: number | null;
  /** In the order they started. */
  readonly tasks: readonly TaskSnapshot[];
}

export interface TaskSnapshot {
  readonly task: number;
  readonly partition: number;
  readonly attempt: number;
  readonly executor: number;
  readonly ranges: readonly OffsetRange[];
  readonly status: "running" | "finished" | "failed";
  readonly startedMs: number;
  readonly endedMs: number | null;
  readonly recordsRead: number;
  readonly shuffleRecordsRead: number;
  readonly shuffleRecordsWritten: number;
  /** Records each operator handed on; empty until it has finished. */
  readonly operators: readonly OperatorCount[];
  readonly error: string | null;
}

/** Counts over the whole run. */
export interface Totals {
  readonly recordsAppended: number;
  readonly batchesCompleted: number;
  readonly batchesFailed: number;
  /** Records of completed batches, each batch time once. */
  readonly recordsProcessed: number;
  /** The newest batch time counted in `recordsProcessed`. */
  readonly countedMs: number;
  readonly tasksFinished: number;
  readonly tasksFailed: number;
  /** Sums over completed batches. */
  readonly processingMs: number;
}

export interface Routes {
  readonly jobs: readonly { readonly job: number; readonly batchTimeMs: number }[];
  readonly stages: readonly {
    readonly stage: number;
    readonly attempt: number;
    readonly job: number;
    readonly batchTimeMs: number;
  }[];
}

/** The newest of a list with one more. */
export function newest<T>(list: readonly T[], item: T, countMax: number): readonly T[] {
  return list.length < countMax ? [...list, item] : [...list.slice(1 - countMax), item];
}

export const emptySnapshot: Snapshot = {
  seq: -1,
  atMs: 0,
  run: null,
  brokers: [],
  controller: null,
  links: [],
  topics: [],
  groups: [],
  transactions: [],
  producers: [],
  readers: [],
  truncations: [],
  files: [],
  receivers: [],
  allocations: [],
  executors: [],
  driver: null,
  batches: [],
  totals: {
    recordsAppended: 0,
    batchesCompleted: 0,
    batchesFailed: 0,
    recordsProcessed: 0,
    countedMs: 0,
    tasksFinished: 0,
    tasksFailed: 0,
    processingMs: 0,
  },
  checkpoints: [],
  outputs: [],
  faults: [],
  errors: [],
  requestsFailed: [],
  driverMarks: [],
  routes: { jobs: [], stages: [] },
};

/** A snapshot with some parts replaced; seq and time are set by `applyEvent`. */
export type Change = Partial<Omit<Snapshot, "seq" | "atMs">>;
