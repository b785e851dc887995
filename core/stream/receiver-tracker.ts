/** The driver's side of receivers: runs each as a long task on an executor, knows the blocks they
 *  stored, gives them to batches, and starts them again when they end.
 *
 *      job "receiver" ──▶ task on a core ──▶ ReceiverSupervisor ──▶ blocks ─┐
 *      batch 2000 ◀── allocate: every block that waits ◀── ReceivedBlockTracker
 *
 *  Like Spark: ReceiverTracker (S/scheduler/ReceiverTracker.scala), ReceiverSchedulingPolicy. */

import type { Broker } from "../broker/broker.ts";
import type { BlockSource, BlocksOptions } from "../rdd/blocks.ts";
import { type RDDContext, RDDNode } from "../rdd/rdd.ts";
import { storageTraits } from "../rdd/storage-level.ts";
import type { CostModel } from "../scheduler/cost-model.ts";
import type { DAGScheduler } from "../scheduler/dag-scheduler.ts";
import type { Executors } from "../scheduler/executors.ts";
import type { HeldTask } from "../scheduler/stage.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { StreamGraph } from "./graph.ts";
import type { StreamNode } from "./node.ts";
import { ReceiverBlockStore } from "./receiver-block-store.ts";
import { ReceivedBlockTracker } from "./receiver-block-tracker.ts";
import type { ReceiverLog } from "./receiver-log.ts";
import type { RunnableReceiver, Sockets } from "./receiver-port.ts";
import { RateController } from "./rate-controller.ts";
import type { BackpressureSettings } from "./settings.ts";
import type { BatchInfo, StreamingListener, StreamInputInfo } from "./streaming-listener.ts";
import type { ReceiverSettings } from "./receiver-settings.ts";
import { ReceiverSupervisor } from "./receiver-supervisor.ts";

export interface ReceiverTrackerOptions {
  readonly graph: StreamGraph;
  readonly runtime: Runtime;
  readonly rdds: RDDContext;
  readonly dag: DAGScheduler;
  readonly executors: Executors;
  readonly broker: Broker;
  readonly sockets: Sockets;
  readonly cost: CostModel;
  readonly settings: ReceiverSettings;
  readonly backpressure: BackpressureSettings;
  /** Null without a checkpoint directory. */
  readonly log: ReceiverLog | null;
  /** Takes up what the log holds. */
  readonly isRecovered: boolean;
}

interface Stream {
  readonly id: number;
  readonly node: number;
  readonly receiver: RunnableReceiver;
  /** Null without back-pressure. */
  readonly rate: RateController | null;
  /** The executor it was last planned for; null before the first time. */
  planned: number | null;
  supervisor: ReceiverSupervisor | null;
}

export class ReceiverTracker implements BlockSource {
  readonly #options: ReceiverTrackerOptions;
  readonly #streams: readonly Stream[];
  readonly #store: ReceiverBlockStore;
  readonly #blocks: ReceivedBlockTracker;
  #isStopping = false;

  constructor(options: ReceiverTrackerOptions) {
    this.#options = options;
    const inputs = options.graph.nodes.filter((node) => node.input !== null);
    const { backpressure, graph } = options;
    const { batchIntervalMs } = graph;
    const rateOf = (): RateController | null =>
      backpressure.enabled
        ? new RateController({ settings: backpressure, batchIntervalMs, state: null })
        : null;
    this.#streams = inputs.flatMap(({ id: node, input }, id) =>
      input === null || input.kind !== "receiver"
        ? []
        : [{ id, node, receiver: input.receiver, rate: rateOf(), planned: null, supervisor: null }],
    );
    this.#store = new ReceiverBlockStore(() => options.executors.ids);
    const ids = this.#streams.map(({ id }) => id);
    this.#blocks = new ReceivedBlockTracker(ids, ids.length === 0 ? null : options.log);
    if (options.isRecovered) this.#blocks.recover();
  }

  get hasReceivers(): boolean {
    return this.#streams.length > 0;
  }

  /** A receiver may take in more by itself, or what it took in waits for a batch. */
  get isBusy(): boolean {
    return (
      this.#blocks.hasWaiting || this.#streams.some(({ supervisor }) => supervisor?.isBusy === true)
    );
  }

  start(): void {
    for (const stream of this.#streams) this.#launch(stream);
  }

  /** A job of one long task. Like Spark: ReceiverTrackerEndpoint.startReceiver. */
  #launch(stream: Stream): void {
    const { rdds, dag } = this.#options;
    stream.planned = this.#leastLoaded(stream);
    const { planned } = stream;
    const rdd = new RDDNode<never>({
      context: rdds,
      className: "ParallelCollectionRDD",
      operator: "receiver",
      numPartitions: 1,
      dependencies: [],
      preferredExecutors: () => (planned === null ? [] : [planned]),
      compute: () => {},
    });
    rdd.name = `Receiver ${stream.id}`;
    dag.submit({
      rdd,
      partitions: [0],
      action: "receiver",
      batchTimeMs: null,
      output: null,
      run: () => null,
      hold: (task) => this.#run(stream, task),
      onResult: () => {},
      onDone: () => {
        if (!this.#isStopping) this.#launch(stream);
      },
    });
  }

  /** The executor with fewest receivers, the lowest id first; null when there is none. */
  #leastLoaded(stream: Stream): number | null {
    const loads = this.#options.executors.ids.map((id) => ({
      id,
      receivers: this.#streams.filter((one) => one !== stream && one.planned === id).length,
    }));
    const least = Math.min(...loads.map(({ receivers }) => receivers));
    return loads.find(({ receivers }) => receivers === least)?.id ?? null;
  }

  #run(stream: Stream, task: HeldTask): void {
    // As in Spark, a task that the task scheduler starts again only ends, so that the receiver is
    // placed anew.
    if (task.attempt > 0 || this.#isStopping) {
      task.end(null);
      return;
    }
    const { runtime, settings, backpressure, broker, sockets } = this.#options;
    const initialRate = backpressure.initialRate > 0 ? backpressure.initialRate : null;
    stream.planned = task.executor;
    const supervisor: ReceiverSupervisor = new ReceiverSupervisor({
      streamId: stream.id,
      executor: task.executor,
      receiver: stream.receiver,
      settings,
      initialRate,
      runtime,
      broker,
      sockets,
      keep: (block, records, done) => {
        this.#keep({ stream, executor: task.executor, supervisor }, block, records, done);
      },
      started: () =>
        runtime.emit({
          kind: "receiver.started",
          stream: stream.id,
          receiver: stream.receiver.name,
          executor: task.executor,
        }),
      stopped: (message, error) =>
        runtime.emit({ kind: "receiver.stopped", stream: stream.id, message, error }),
      reported: (message, error) =>
        runtime.emit({ kind: "receiver.error", stream: stream.id, message, error }),
      ended: (error) => {
        stream.supervisor = null;
        task.end(error);
      },
    });
    stream.supervisor = supervisor;
    supervisor.start();
  }

  /** On the executor and its copy, in the log where there is one, then known to the driver. */
  #keep(
    from: { readonly stream: Stream; readonly executor: number; supervisor: ReceiverSupervisor },
    block: string,
    records: readonly unknown[],
    done: (error: string | null) => void,
  ): void {
    const { runtime, settings, cost, log } = this.#options;
    const { stream, executor, supervisor } = from;
    const isGone = (): boolean => stream.supervisor !== supervisor;
    const store = (logFile: string | null): void => {
      if (isGone()) return;
      // With the log a second copy is unnecessary, and Spark makes none.
      const { storageLevel } = stream.receiver;
      const copies = settings.isLogged ? 1 : storageTraits(storageLevel).replication;
      const executors = this.#store.put(block, records, { executor, copies });
      const info = { block, records: records.length, logFile };
      this.#blocks.add(stream.id, info, (error) => {
        if (error === null) {
          runtime.emit({ kind: "receiver.blockStored", stream: stream.id, executors, ...info });
        }
        done(error);
      });
    };
    runtime.schedule(cost.requestMs, () => {
      if (isGone()) return;
      if (!settings.isLogged || log === null) store(null);
      else {
        log.writeBlock(stream.id, records, (written) => {
          if ("error" in written) done(written.error);
          else store(written.file);
        });
      }
    });
  }

  /** Gives a batch every block that waits, then calls back. */
  allocate(batchTimeMs: number, done: () => void): void {
    if (!this.hasReceivers) {
      done();
      return;
    }
    this.#blocks.allocate(batchTimeMs, (isNew) => {
      const streams = this.#blocks.blocksOf(batchTimeMs) ?? [];
      const blocks = streams.flatMap(({ stream, blocks: of }) =>
        of.map(({ block, records }) => ({ stream, block, records })),
      );
      this.#options.runtime.emit({ kind: "receiver.blocksAllocated", batchTimeMs, isNew, blocks });
      done();
    });
  }

  recordsOf(batchTimeMs: number): number {
    const blocks = (this.#blocks.blocksOf(batchTimeMs) ?? []).flatMap((of) => of.blocks);
    return blocks.reduce((sum, { records }) => sum + records, 0);
  }

  /** What the RDD of a batch is made of. Like Spark: ReceiverInputDStream.createBlockRDD. */
  receivedOf(
    node: StreamNode<unknown>,
    batchTimeMs: number,
  ): Pick<BlocksOptions, "source" | "blocks" | "isLogged"> {
    const stream = this.#streams.find((one) => one.node === node.id)?.id ?? -1;
    const allocated = this.#blocks.blocksOf(batchTimeMs) ?? [];
    const blocks = allocated.find((one) => one.stream === stream)?.blocks ?? [];
    if (blocks.length === 0) {
      return { source: this, blocks, isLogged: this.#options.settings.isLogged };
    }
    if (blocks.every(({ logFile }) => logFile !== null)) {
      return { source: this, blocks, isLogged: true };
    }
    const there = blocks.filter(({ block }) => this.holders(block).length > 0);
    const lost = blocks.filter((one) => !there.includes(one)).map(({ block }) => block);
    if (lost.length > 0) {
      this.#options.runtime.emit({
        kind: "receiver.blocksLost",
        stream,
        batchTimeMs,
        blocks: lost,
      });
    }
    return { source: this, blocks: there, isLogged: false };
  }

  holders(block: string): readonly number[] {
    return this.#store.holders(block);
  }

  read(block: string): readonly unknown[] | null {
    return this.#store.read(block);
  }

  readLog(file: string): readonly unknown[] | null {
    return this.#options.log?.readBlock(file) ?? null;
  }

  /** A batch is through: blocks of batches that no stream remembers go, with their log. */
  clear(batchTimeMs: number, rememberMsOf: (node: StreamNode<unknown>) => number): void {
    if (!this.hasReceivers) return;
    const { graph, runtime } = this.#options;
    const rememberMs = this.#streams.map(({ node }) => {
      const of = graph.nodes[node];
      return of === undefined ? 0 : rememberMsOf(of);
    });
    const over = this.#blocks.clean(batchTimeMs - Math.max(...rememberMs));
    const blocks = this.#store.remove(over.map(({ block }) => block));
    if (blocks > 0) runtime.emit({ kind: "receiver.blocksRemoved", batchTimeMs, blocks });
  }

  /** Gives the blocks whose last copy was there. */
  loseExecutor(executor: number): readonly string[] {
    const lost = this.#store.loseExecutor(executor);
    for (const stream of this.#streams) {
      const { supervisor } = stream;
      if (supervisor === null || supervisor.executor !== executor) continue;
      const wasStarted = supervisor.isStarted();
      supervisor.kill();
      stream.supervisor = null;
      stream.planned = null;
      if (!wasStarted) continue;
      this.#options.runtime.emit({
        kind: "receiver.stopped",
        stream: stream.id,
        message: `executor ${executor} was lost`,
        error: null,
      });
    }
    return lost;
  }

  /** Hears of completed batches, for back-pressure.
   *  Like Spark: ReceiverInputDStream.ReceiverRateController. */
  get listener(): StreamingListener {
    return { onBatchCompleted: ({ batchInfo }) => this.#batchCompleted(batchInfo) };
  }

  #batchCompleted(batch: BatchInfo): void {
    const { batchTime, processingEndTime, processingDelay, schedulingDelay } = batch;
    if (processingEndTime === null || processingDelay === null || schedulingDelay === null) return;
    for (const { id, node, rate: controller } of this.#streams) {
      const info = batch.streamIdToInputInfo.get(id);
      if (controller === null || info === undefined) continue;
      const estimate = controller.batchCompleted({
        endedMs: processingEndTime,
        records: info.numRecords,
        processingDelayMs: processingDelay,
        schedulingDelayMs: schedulingDelay,
      });
      if (estimate === null) continue;
      const { runtime } = this.#options;
      runtime.emit({ kind: "rate.estimated", node, batchTimeMs: batchTime, ...estimate });
      this.updateRate(id, estimate.rate);
    }
  }

  /** What listeners are told of a batch's blocks, by stream. */
  inputInfos(batchTimeMs: number): StreamInputInfo[] {
    return (this.#blocks.blocksOf(batchTimeMs) ?? []).map(({ stream, blocks }) => ({
      inputStreamId: stream,
      numRecords: blocks.reduce((sum, { records }) => sum + records, 0),
      description: "",
    }));
  }

  /** A limit of the back pressure's, in records a second. */
  updateRate(stream: number, rate: number): void {
    const supervisor = this.#streams.find(({ id }) => id === stream)?.supervisor;
    if (supervisor === null || supervisor === undefined) return;
    supervisor.updateRate(rate);
    const limit = supervisor.rateLimit ?? rate;
    this.#options.runtime.emit({ kind: "receiver.rateUpdated", stream, rate: limit });
  }

  /** Records a second that a stream's receiver may store; null without a limit. */
  rateLimit(stream: number): number | null {
    return this.#streams.find(({ id }) => id === stream)?.supervisor?.rateLimit ?? null;
  }

  /** Stops every receiver; what they have taken in is stored first. Gives what says whether one
   *  still runs, or blocks wait for their batch. */
  stop(): () => boolean {
    this.#isStopping = true;
    for (const { supervisor } of this.#streams) supervisor?.stop("Stopped by driver", null);
    return () =>
      this.#blocks.hasWaiting || this.#streams.some(({ supervisor }) => supervisor !== null);
  }

  /** The driver died, and the executors with it. */
  kill(): void {
    for (const { supervisor } of this.#streams) supervisor?.kill();
  }
}
