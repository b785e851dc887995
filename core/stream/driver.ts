/** One driver process of an application: builds the graph, takes up a checkpoint where there is
 *  one, generates and runs batches, and dies whole.
 *  Like Spark: StreamingContext.start with JobGenerator and JobScheduler behind it. */

import { StreamscopeError } from "../base/errors.ts";
import type { Broker } from "../broker/broker.ts";
import { CHECKPOINT_VERSION } from "../checkpoint/checkpoint.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import { CheckpointWriter } from "../checkpoint/checkpoint-writer.ts";
import { Accumulators } from "../rdd/accumulators.ts";
import { BlockStore } from "../scheduler/block-store.ts";
import { DAGScheduler } from "../scheduler/dag-scheduler.ts";
import { Executors } from "../scheduler/executors.ts";
import type { KafkaReaderOptions } from "../scheduler/kafka-reader.ts";
import type { ExecutorLoss } from "../scheduler/task-scheduler.ts";
import { type Assembly, assemble, makeReader } from "./assembly.ts";
import { ContextLifecycle } from "./context-lifecycle.ts";
import { DriverInputs } from "./driver-inputs.ts";
import type { DriverExecutor, DriverOptions } from "./driver-options.ts";
import { DriverRuntime } from "./driver-runtime.ts";
import { StreamGraph } from "./graph.ts";
import { JobRunner } from "./job-runner.ts";
import { ReceiverLog } from "./receiver-log.ts";
import { requireLogDirectory } from "./receiver-settings.ts";
import { ReceiverTracker } from "./receiver-tracker.ts";
import {
  readCheckpoint,
  type Recovered,
  restoreRDDs,
  type StartTimes,
  startTimes,
} from "./recovery.ts";
import { restoredConf } from "./restored-conf.ts";
import { readSettings, type Settings } from "./settings.ts";

export class Driver {
  readonly graph: StreamGraph;
  #conf: Readonly<Record<string, string>>;
  #settings: Settings;
  readonly #options: DriverOptions;
  readonly #runtime: DriverRuntime;
  readonly #broker: Broker;
  readonly #store: CheckpointStore;
  readonly #executors: Executors;
  readonly #blocks: BlockStore;
  readonly #dag: DAGScheduler;
  readonly #jobs: JobRunner;
  readonly #reader: KafkaReaderOptions;
  #inputs: DriverInputs | null = null;
  #receivers: ReceiverTracker | null = null;
  #running: Assembly | null = null;
  /** Whether it has started, and how it stops. */
  readonly lifecycle: ContextLifecycle;
  #checkpointsUnderWay = 0;
  #stopped: (() => void) | null = null;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#conf = options.conf;
    this.#settings = readSettings(options.conf);
    this.#executors = new Executors(options.executorConditions);
    this.#runtime = new DriverRuntime(options.runtime, options.isRunOver);
    this.#blocks = new BlockStore(this.#runtime);
    this.#broker = this.#runtime.guard(options.broker);
    this.#store = options.storeFor(this.#runtime);
    const settings = (): Settings => this.#settings;
    this.#reader = makeReader(settings, this.#runtime, this.#broker);
    this.#dag = new DAGScheduler({
      runtime: this.#runtime,
      executors: this.#executors,
      store: this.#blocks,
      reader: this.#reader,
      cost: options.cost,
      settings: () => this.#settings.tasks,
      accumulators: new Accumulators(),
      lens: options.lens,
      ...(options.sink === undefined ? {} : { sink: options.sink }),
    });
    const { defaultParallelism, batchIntervalMs, siteOf } = options;
    this.#jobs = new JobRunner({
      runtime: this.#runtime,
      dag: this.#dag,
      store: this.#blocks,
      defaultParallelism,
      files: options.files,
      siteOf,
      allowsMissingOffsets: () => this.#settings.kafka.allowNonConsecutiveOffsets,
      openWriter: (directory) =>
        new CheckpointWriter({ directory, store: this.#store, runtime: this.#runtime }),
    });
    this.graph = new StreamGraph({ batchIntervalMs, defaultParallelism, siteOf });
    this.lifecycle = new ContextLifecycle({
      runtime: this.#runtime,
      attempt: options.attempt,
      batchIntervalMs,
      gracefulStopTimeoutMs: () => this.#settings.gracefulStopTimeoutMs,
      validate: () => this.graph.start(),
      run: () => this.#startStreams(),
      stopped: () => {
        this.graph.isStopped = true;
      },
      sparkStopped: () => this.#runtime.kill(),
    });
  }

  get settings(): Settings {
    return this.#settings;
  }

  get isAlive(): boolean {
    return this.#runtime.isAlive;
  }

  /** Builds the graph and, unless the program did so itself, starts the streams: restores a
   *  checkpoint, finds the offsets to start from, then generates.
   *  Throws: PipelineError for a graph that cannot be, a checkpoint that cannot be read, and what
   *  the program itself throws. */
  start(): void {
    for (const [index, spec] of this.#options.executors.entries()) {
      this.#addExecutor(index + 1, spec);
    }
    this.#options.build(this.graph, this.#jobs, this.lifecycle);
    if (this.lifecycle.state === "INITIALIZED") this.lifecycle.start("world");
  }

  #startStreams(): void {
    const recovered = readCheckpoint(this.#store, this.graph, this.#runtime);
    if (recovered !== null) {
      this.#conf = restoredConf(recovered.checkpoint.conf, this.#conf);
      this.#settings = readSettings(this.#conf);
    }
    const directory = this.graph.checkpointDirectory;
    if (directory !== null) this.#jobs.setCheckpointDirectory(directory);
    const { graph } = this;
    const [runtime, broker, jobs] = [this.#runtime, this.#broker, this.#jobs];
    const { retryBackoffMs } = this.#reader;
    const inputs = new DriverInputs({
      graph,
      runtime,
      broker,
      retryBackoffMs,
      files: this.#options.files,
      settings: this.#settings,
      recovered,
    });
    const times = startTimes(recovered, runtime.now(), graph.batchIntervalMs);
    this.#inputs = inputs;
    const receivers = this.#makeReceivers(recovered !== null);
    this.#running = assemble({
      driver: this.#options,
      settings: this.#settings,
      runtime,
      broker,
      jobs,
      reader: this.#reader,
      graph,
      inputs,
      receivers,
      zeroTimeMs: times.zeroTimeMs,
      cleared: (timeMs) => this.#cleared(timeMs),
      checkpoint: (timeMs, isCleared) => this.#checkpoint(timeMs, isCleared),
      listeners: this.lifecycle.listeners,
      reportError: (error) => this.#report(error),
      startFailed: (error) => this.#fail(error),
    });
    if (recovered !== null) {
      const { checkpoint } = recovered;
      const { table } = this.#running;
      restoreRDDs({ checkpoint, store: this.#store, rdds: this.#jobs, table });
    }
    inputs.start((error) => {
      if (error === null) this.#generate(recovered, times);
      else this.#fail(asStreamscopeError(error));
    });
  }

  #makeReceivers(isRecovered: boolean): ReceiverTracker {
    const { sockets, cost } = this.#options;
    const settings = this.#settings;
    const { checkpointDirectory } = this.graph;
    requireLogDirectory(settings.receiver, checkpointDirectory);
    this.#receivers = new ReceiverTracker({
      graph: this.graph,
      runtime: this.#runtime,
      rdds: this.#jobs,
      dag: this.#dag,
      executors: this.#executors,
      broker: this.#broker,
      sockets,
      cost,
      settings: settings.receiver,
      backpressure: settings.backpressure,
      log: checkpointDirectory === null ? null : new ReceiverLog(this.#store, checkpointDirectory),
      isRecovered,
    });
    this.lifecycle.listeners.add(this.#receivers.listener);
    return this.#receivers;
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
    const running = this.#running;
    if (running === null) return;
    const { generator, scheduler } = running;
    this.lifecycle.began({
      generator,
      scheduler,
      writer: this.#jobs.writer,
      stopReceivers: () => this.#receivers?.stop() ?? (() => false),
      stopInputs: () => this.#inputs?.stop(),
    });
    this.#receivers?.start();
    generator.start(times.firstMs, times.againMs, () => this.lifecycle.announce());
  }

  #cleared(batchTimeMs: number): void {
    const running = this.#running;
    if (running === null) return;
    const { table } = running;
    this.#inputs?.clear(this.graph, batchTimeMs, (node) => table.rememberMsOf(node));
    this.#receivers?.clear(batchTimeMs, (node) => table.rememberMsOf(node));
    this.#dag.retainShuffles(table.shufflesInUse());
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
        conf: Object.entries(this.#conf),
        refused: this.graph.checkpointRefusal,
        fingerprint: this.graph.fingerprint(),
        batchIntervalMs,
        zeroTimeMs: running.table.zeroTimeMs,
        checkpointTimeMs,
        pendingMs: running.scheduler.pendingMs,
        inputs: (this.#inputs?.kafka ?? []).map(({ checkpoint }) => checkpoint),
        files: (this.#inputs?.files ?? []).map(({ checkpoint }) => checkpoint),
        rdds,
      },
      (error) => {
        this.#checkpointsUnderWay -= 1;
        if (isCleared && error === null) {
          writer.dropOldData(checkpointTimeMs);
          running.generator.processed(checkpointTimeMs);
        }
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

  get hasReceivers(): boolean {
    return this.#receivers?.hasReceivers === true;
  }

  /** A receiver may still take something in, or what it took in waits for a batch. */
  get isReceiving(): boolean {
    return this.#receivers?.isBusy === true;
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
    return this.#inputs?.positions ?? [];
  }

  /** Generates no more, lets what is under way finish, then calls back. */
  stop(done: () => void): void {
    this.#stopped = done;
    this.#receivers?.stop();
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
    this.#receivers?.kill();
    this.#runtime.kill();
  }

  #addExecutor(id: number, { memoryRecords, ...spec }: DriverExecutor): void {
    this.#executors.add({ id, ...spec });
    this.#blocks.addExecutor(id, memoryRecords);
    const speedPercent = this.#executors.speedPercent(id);
    this.#runtime.emit({ kind: "executor.added", executor: id, ...spec, speedPercent });
  }

  /** An executor dies with its blocks. */
  loseExecutor(id: number, loss: ExecutorLoss): void {
    if (!this.#executors.remove(id)) return;
    const lost = this.#blocks.loseExecutor(id);
    this.#runtime.emit({
      kind: "executor.lost",
      executor: id,
      blocksLost: [...lost.blocks, ...(this.#receivers?.loseExecutor(id) ?? [])],
      shuffleOutputsLost: lost.shuffleOutputs,
    });
    this.#dag.executorLost(id, loss);
  }

  /** Tells how fast it is: of tasks that start on it from now on. */
  tellSpeed(id: number): void {
    if (!this.#executors.isAlive(id)) return;
    const speedPercent = this.#executors.speedPercent(id);
    this.#runtime.emit({ kind: "executor.speedChanged", executor: id, speedPercent });
  }

  hasMapOutput(shuffle: number, partition: number): boolean {
    return this.isAlive && this.#blocks.outputs.find(shuffle, partition) !== null;
  }

  /** The driver no longer knows where the output of a map task is. */
  loseMapOutput(shuffle: number, partition: number): void {
    this.#blocks.outputs.forget(shuffle, partition);
  }

  /** One comes in its place. */
  replaceExecutor(id: number): void {
    const spec = this.#options.executors[id - 1];
    if (spec === undefined || this.#executors.isAlive(id)) return;
    this.#addExecutor(id, spec);
    this.#dag.executorAdded();
  }

  /** The streams go on; a program that awaits their end is thrown the error. */
  #report(error: StreamscopeError): void {
    this.#runtime.emit({ kind: "error.reported", message: error.message });
    this.lifecycle.reported(error);
    if (this.lifecycle.awaits) this.#options.onError(error);
  }

  /** The start itself failed. */
  #fail(error: StreamscopeError): void {
    this.#runtime.emit({ kind: "error.reported", message: error.message });
    this.lifecycle.startFailed(() => this.#options.onError(error));
  }
}

function asStreamscopeError(error: Error): StreamscopeError {
  return error instanceof StreamscopeError
    ? error
    : new StreamscopeError("JOB_ABORTED", error.message, { cause: error });
}
