/** One driver process of an application: builds the graph, takes up a checkpoint where there is
 *  one, generates and runs batches, and dies whole.
 *  Like Spark: StreamingContext.start with JobGenerator and JobScheduler behind it. */

import { StreamscopeError } from "../base/errors.ts";
import { nextBatchTime } from "../base/time.ts";
import type { Broker } from "../broker/broker.ts";
import { CHECKPOINT_VERSION } from "../checkpoint/checkpoint.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import { CheckpointWriter } from "../checkpoint/checkpoint-writer.ts";
import type { RDDContext, Site } from "../rdd/rdd.ts";
import { BlockStore } from "../scheduler/block-store.ts";
import type { CostModel } from "../scheduler/cost-model.ts";
import { DAGScheduler } from "../scheduler/dag-scheduler.ts";
import { Executors } from "../scheduler/executors.ts";
import type { KafkaReaderOptions } from "../scheduler/kafka-reader.ts";
import type { Lens } from "../scheduler/lens.ts";
import type { Runtime } from "../sim/runtime.ts";
import { BatchTable } from "./batch-table.ts";
import { DriverRuntime } from "./driver-runtime.ts";
import { StreamGraph } from "./graph.ts";
import { JobGenerator } from "./job-generator.ts";
import { JobRunner } from "./job-runner.ts";
import { type BatchJobs, JobScheduler, type OutputJob } from "./job-scheduler.ts";
import { KafkaInput } from "./kafka-input.ts";
import type { StreamNode } from "./node.ts";
import { OutputRunner } from "./output-runner.ts";
import { readCheckpoint, type Recovered, restartTimes, restoreRDDs } from "./recovery.ts";
import type { Settings } from "./settings.ts";

/** `default.api.timeout.ms` and `retry.backoff.ms` of Kafka's consumer. */
const API_TIMEOUT_MS = 60_000;
const RETRY_BACKOFF_MS = 100;

export interface DriverOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  /** The checkpoint store; what the driver has not finished writing dies with the runtime given. */
  readonly storeFor: (runtime: Pick<Runtime, "schedule">) => CheckpointStore;
  /** Runs the program on an empty graph. */
  readonly build: (graph: StreamGraph, rdds: RDDContext) => void;
  readonly siteOf: (operator: string) => Site;
  readonly batchIntervalMs: number;
  readonly defaultParallelism: number;
  readonly executors: readonly { readonly cores: number; readonly speedPercent: number }[];
  readonly cost: CostModel;
  readonly settings: Settings;
  /** 1 for the first driver of the application. */
  readonly attempt: number;
  readonly collects: boolean;
  readonly lens: Lens | null;
  readonly onOutput: OutputListener;
  /** What Spark would hand to `awaitTermination`. */
  readonly onError: (error: StreamscopeError) => void;
}

export type OutputListener = (output: {
  readonly batch: BatchJobs;
  readonly job: OutputJob;
  readonly number: number;
  readonly lines: readonly string[];
  readonly records: readonly unknown[] | null;
}) => void;

export class Driver {
  readonly graph: StreamGraph;
  readonly #options: DriverOptions;
  readonly #runtime: DriverRuntime;
  readonly #broker: Broker;
  readonly #store: CheckpointStore;
  readonly #executors = new Executors();
  readonly #blocks = new BlockStore();
  readonly #dag: DAGScheduler;
  readonly #jobs: JobRunner;
  readonly #reader: KafkaReaderOptions;
  #inputs: readonly KafkaInput[] = [];
  #running: Running | null = null;
  #checkpointsUnderWay = 0;
  #stopped: (() => void) | null = null;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#runtime = new DriverRuntime(options.runtime);
    this.#broker = this.#runtime.guard(options.broker);
    this.#store = options.storeFor(this.#runtime);
    this.#reader = {
      runtime: this.#runtime,
      broker: this.#broker,
      pollMs: options.settings.kafkaPollMs,
      retryBackoffMs: RETRY_BACKOFF_MS,
      readAhead: new Map(),
    };
    this.#dag = new DAGScheduler({
      runtime: this.#runtime,
      executors: this.#executors,
      store: this.#blocks,
      reader: this.#reader,
      cost: options.cost,
      maxFailures: options.settings.taskMaxFailures,
      lens: options.lens,
    });
    const { defaultParallelism, batchIntervalMs, siteOf } = options;
    this.#jobs = new JobRunner({
      runtime: this.#runtime,
      dag: this.#dag,
      store: this.#blocks,
      defaultParallelism,
      siteOf,
    });
    this.graph = new StreamGraph({ batchIntervalMs, defaultParallelism, siteOf });
  }

  get isAlive(): boolean {
    return this.#runtime.isAlive;
  }

  /** Builds the graph, restores a checkpoint, finds the offsets to start from, then generates.
   *  Throws: PipelineError for a graph that cannot be, a checkpoint that cannot be read, and what
   *  the program itself throws. */
  start(): void {
    for (const [index, spec] of this.#options.executors.entries()) {
      this.#addExecutor(index + 1, spec);
    }
    this.#options.build(this.graph, this.#jobs);
    this.graph.start();
    const recovered = readCheckpoint(this.#store, this.graph, this.#runtime);
    const directory = this.graph.checkpointDirectory;
    if (directory !== null) {
      const options = { directory, store: this.#store, runtime: this.#runtime };
      this.#jobs.writer = new CheckpointWriter(options);
    }
    this.#inputs = this.#makeInputs(recovered);
    const times = this.#startTimes(recovered);
    this.#running = this.#assemble(times.zeroTimeMs);
    if (recovered !== null) {
      const { checkpoint } = recovered;
      const { table } = this.#running;
      restoreRDDs({ checkpoint, store: this.#store, rdds: this.#jobs, table });
    }
    this.#startInputs(0, () => this.#generate(recovered, times));
  }

  #startTimes(recovered: Recovered | null): StartTimes {
    const nowMs = this.#runtime.now();
    if (recovered !== null) {
      const { zeroTimeMs } = recovered.checkpoint;
      return { zeroTimeMs, ...restartTimes(recovered.checkpoint, nowMs) };
    }
    const firstMs = nextBatchTime(nowMs, this.graph.batchIntervalMs);
    return { zeroTimeMs: firstMs - this.graph.batchIntervalMs, firstMs, againMs: [] };
  }

  #makeInputs(recovered: Recovered | null): KafkaInput[] {
    return this.graph.nodes.flatMap((node: StreamNode<unknown>) => {
      if (node.input === null || node.input.kind !== "kafka") return [];
      const input = new KafkaInput({
        node: node.id,
        source: node.input,
        runtime: this.#runtime,
        broker: this.#broker,
        apiTimeoutMs: API_TIMEOUT_MS,
        retryBackoffMs: RETRY_BACKOFF_MS,
      });
      const saved = recovered?.checkpoint.inputs.find((one) => one.node === node.id);
      if (saved !== undefined) input.restore(saved.current, saved.planned);
      return [input];
    });
  }

  #startInputs(index: number, done: () => void): void {
    const input = this.#inputs[index];
    if (input === undefined) {
      done();
      return;
    }
    input.start((error) => {
      if (error === null) this.#startInputs(index + 1, done);
      else this.#report(asStreamscopeError(error));
    });
  }

  #generate(recovered: Recovered | null, times: StartTimes): void {
    this.#runtime.emit({
      kind: "driver.started",
      attempt: this.#options.attempt,
      recoveredFrom: recovered?.file ?? null,
      zeroTimeMs: times.zeroTimeMs,
      nodes: this.graph.describe(),
      rescheduledMs: times.againMs,
    });
    this.#running?.generator.start(times.firstMs, times.againMs);
  }

  #assemble(zeroTimeMs: number): Running {
    const { options, runtime, jobs, inputs, graph } = {
      options: this.#options,
      runtime: this.#runtime,
      jobs: this.#jobs,
      inputs: this.#inputs,
      graph: this.graph,
    };
    const table = new BatchTable({
      graph,
      rdds: jobs,
      zeroTimeMs,
      rangesOf: (node, timeMs) =>
        inputs.find((input) => input.node === node.id)?.rangesOf(timeMs) ?? [],
      windowComputed: (window) => runtime.emit({ kind: "window.computed", ...window }),
      within: (site, run) => jobs.within(site, run),
    });
    const outputs = new OutputRunner({
      runtime,
      broker: this.#broker,
      jobs,
      reader: this.#reader,
      collects: options.collects,
      onOutput: (batch, job, lines, records) => {
        const number = (batch.timeMs - zeroTimeMs) / graph.batchIntervalMs;
        options.onOutput({ batch, job, number, lines, records });
      },
    });
    const scheduler = new JobScheduler({
      runtime,
      runOutput: (batch, job, done) => outputs.run(batch, job, done),
      completed: (batch) => generator.clear(batch.timeMs),
      reportError: (error) => this.#report(error),
    });
    const generator = new JobGenerator({
      runtime,
      graph,
      table,
      inputs,
      generateBatchMs: options.cost.generateBatchMs,
      submit: (batch) => scheduler.submit(batch),
      onDriver: (batchTimeMs, run) => jobs.withProperties({ batchTimeMs, output: null }, run),
      cleared: (timeMs) => this.#cleared(timeMs),
      checkpoint:
        jobs.writer === null ? null : (timeMs, isCleared) => this.#checkpoint(timeMs, isCleared),
      reportError: (error) => this.#report(error),
    });
    return { table, scheduler, generator };
  }

  #cleared(batchTimeMs: number): void {
    const running = this.#running;
    if (running === null) return;
    for (const input of this.#inputs) {
      const node = this.graph.nodes[input.node];
      if (node !== undefined) input.clear(batchTimeMs - running.table.rememberMsOf(node));
    }
    this.#dag.retainShuffles(running.table.shufflesInUse());
    this.#stopIfQuiet();
  }

  #checkpoint(checkpointTimeMs: number, isCleared: boolean): void {
    const { writer } = this.#jobs;
    const running = this.#running;
    if (writer === null || running === null) return;
    const rdds = [...running.table.remembered()].flatMap(({ node, timeMs, rdd }) =>
      rdd.checkpointFile === null ? [] : [{ node, timeMs, file: rdd.checkpointFile }],
    );
    const { batchIntervalMs } = this.graph;
    this.#checkpointsUnderWay += 1;
    writer.writeMetadata(
      {
        version: CHECKPOINT_VERSION,
        fingerprint: this.graph.fingerprint(),
        batchIntervalMs,
        zeroTimeMs: running.table.zeroTimeMs,
        checkpointTimeMs,
        pendingMs: running.scheduler.pendingMs,
        inputs: this.#inputs.map(({ node, current, planned }) => ({ node, current, planned })),
        rdds,
      },
      () => {
        this.#checkpointsUnderWay -= 1;
        if (isCleared) writer.dropOldData();
        this.#stopIfQuiet();
      },
    );
  }

  /** No batch is being made or run, none waits, and no checkpoint is being written. */
  get isQuiet(): boolean {
    const running = this.#running;
    return (
      running !== null &&
      running.generator.isIdle &&
      running.scheduler.isIdle &&
      this.#checkpointsUnderWay === 0
    );
  }

  /** The last batch time generated by the timer; null before the first. */
  get lastBatchMs(): number | null {
    return this.#running?.generator.lastTimeMs ?? null;
  }

  /** The oldest batch that is not finished. */
  get oldestPendingMs(): number | null {
    return this.#running?.scheduler.pendingMs[0] ?? null;
  }

  /** Items of queue streams that no batch has taken yet. */
  get queuedBatches(): number {
    const lengths = this.graph.nodes.map(({ input }) =>
      input !== null && input.kind === "queue" ? input.batches : 0,
    );
    const zeroTimeMs = this.#running?.table.zeroTimeMs ?? 0;
    const taken = ((this.lastBatchMs ?? zeroTimeMs) - zeroTimeMs) / this.graph.batchIntervalMs;
    return Math.max(0, Math.max(0, ...lengths) - taken);
  }

  /** The next offset each direct stream will read. */
  get positions(): readonly { topic: string; partition: number; offset: number }[] {
    return this.#inputs.flatMap((input) => [...input.current]);
  }

  /** Generates no more, lets what is under way finish, then calls back. */
  stop(done: () => void): void {
    this.#stopped = done;
    this.#running?.generator.stop();
    this.#stopIfQuiet();
  }

  #stopIfQuiet(): void {
    if (this.#stopped === null) return;
    // The message that cleared the batch may still be the one being handled.
    this.#runtime.schedule(0, () => {
      const stopped = this.#stopped;
      if (stopped === null || !this.isQuiet) return;
      this.#stopped = null;
      stopped();
    });
  }

  /** Dies at once, with its executors; what it had scheduled never happens. */
  kill(): void {
    this.#runtime.emit({ kind: "driver.crashed", attempt: this.#options.attempt });
    this.#runtime.kill();
  }

  #addExecutor(id: number, spec: { readonly cores: number; readonly speedPercent: number }): void {
    this.#executors.add({ id, ...spec });
    this.#runtime.emit({ kind: "executor.added", executor: id, ...spec });
  }

  /** An executor dies with its blocks. */
  loseExecutor(id: number): void {
    if (!this.#executors.remove(id)) return;
    const lost = this.#blocks.loseExecutor(id);
    this.#runtime.emit({
      kind: "executor.lost",
      executor: id,
      blocksLost: lost.blocks,
      shuffleOutputsLost: lost.shuffleOutputs,
    });
    this.#dag.executorLost(id);
  }

  /** One comes in its place. */
  replaceExecutor(id: number): void {
    const spec = this.#options.executors[id - 1];
    if (spec === undefined || this.#executors.isAlive(id)) return;
    this.#addExecutor(id, spec);
    this.#dag.executorAdded();
  }

  #report(error: StreamscopeError): void {
    this.#runtime.emit({ kind: "error.reported", message: error.message });
    this.#options.onError(error);
  }
}

interface Running {
  readonly table: BatchTable;
  readonly scheduler: JobScheduler;
  readonly generator: JobGenerator;
}

interface StartTimes {
  readonly zeroTimeMs: number;
  readonly firstMs: number;
  readonly againMs: readonly number[];
}

function asStreamscopeError(error: Error): StreamscopeError {
  return error instanceof StreamscopeError
    ? error
    : new StreamscopeError("JOB_ABORTED", error.message, { cause: error });
}
