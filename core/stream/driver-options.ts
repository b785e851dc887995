/** What a driver is given when it starts. */

import type { StreamscopeError } from "../base/errors.ts";
import type { Broker } from "../broker/broker.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import type { FileSystem } from "../files/file-system.ts";
import type { RDDContext, Site } from "../rdd/rdd.ts";
import type { CostModel } from "../scheduler/cost-model.ts";
import type { Lens } from "../scheduler/lens.ts";
import type { ExecutorConditions } from "../scheduler/executor-conditions.ts";
import type { SinkCondition } from "../scheduler/sink-condition.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { ContextLifecycle } from "./context-lifecycle.ts";
import type { StreamGraph } from "./graph.ts";
import type { BatchJobs, OutputJob } from "./job-scheduler.ts";
import type { Sockets } from "./receiver-port.ts";

export interface DriverOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  /** The checkpoint store; what the driver has not finished writing dies with the runtime given. */
  readonly storeFor: (runtime: Pick<Runtime, "schedule">) => CheckpointStore;
  readonly files: FileSystem;
  readonly sockets: Sockets;
  /** Nothing that happens from now on counts: who waits for it need not. */
  readonly isRunOver?: () => boolean;
  /** Runs the program on an empty graph. */
  readonly build: (graph: StreamGraph, rdds: RDDContext, lifecycle: ContextLifecycle) => void;
  readonly siteOf: (operator: string) => Site;
  readonly batchIntervalMs: number;
  readonly defaultParallelism: number;
  readonly executors: readonly DriverExecutor[];
  readonly cost: CostModel;
  /** What the application is started with; a checkpoint's settings go before. */
  readonly conf: Readonly<Record<string, string>>;
  /** 1 for the first driver of the application. */
  readonly attempt: number;
  readonly collects: boolean;
  readonly lens: Lens | null;
  /** Left out where stores cannot be made to fail. */
  readonly sink?: SinkCondition;
  /** Left out where nothing is wrong with executors. */
  readonly executorConditions?: ExecutorConditions;
  readonly onOutput: OutputListener;
  /** What Spark would hand to `awaitTermination`. */
  readonly onError: (error: StreamscopeError) => void;
}

export interface DriverExecutor {
  readonly cores: number;
  readonly speedPercent: number;
  /** Records its memory can cache; null is no limit. */
  readonly memoryRecords: number | null;
}

export type OutputListener = (output: {
  readonly batch: BatchJobs;
  readonly job: OutputJob;
  readonly number: number;
  readonly lines: readonly string[];
  readonly records: readonly unknown[] | null;
}) => void;
