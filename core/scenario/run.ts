/** A run: one program in one simulated world, from its first event to its last. Steps one action of
 *  the world at a time; everything it does is in its trace. */

import { AssertionFailure } from "../base/assert.ts";
import type { StreamscopeError } from "../base/errors.ts";
import type { KafkaClient } from "../broker/admin-request.ts";
import { makeCoordinators } from "../broker/make-coordinators.ts";
import { SimulatedCluster } from "../broker/simulated-cluster.ts";
import { SimulatedStore, type StoredFiles } from "../checkpoint/simulated-store.ts";
import { siteFinder } from "../dsl/site.ts";
import { StreamingContext } from "../dsl/streaming-context.ts";
import type { FaultTargets } from "../faults/fault.ts";
import type { FileStatus } from "../files/file-system.ts";
import { SimulatedFiles } from "../files/simulated-files.ts";
import { type CostModel, defaultCost } from "../scheduler/cost-model.ts";
import type { Lens } from "../scheduler/lens.ts";
import type { LogRecord } from "../record/record.ts";
import { Simulation } from "../sim/simulation.ts";
import { Driver } from "../stream/driver.ts";
import { DriverDied } from "../stream/driver-runtime.ts";
import { type RunEnd, TRACE_VERSION } from "../trace/event.ts";
import { Trace } from "../trace/trace.ts";
import { readBack } from "./read-back.ts";
import { Applications } from "./applications.ts";
import { checkWorld } from "./check-world.ts";
import { asFailure, withLine } from "./failure.ts";
import { DataConditions } from "./data-conditions.ts";
import { faultTargets } from "./fault-targets.ts";
import type { FaultScript } from "./faults.ts";
import { FaultPlan } from "./inject.ts";
import { isDrained, type RunSummary, Settling, STUCK_BATCHES, stuckError } from "./run-end.ts";
import { SimulatedSockets } from "./sockets.ts";
import { WorldConditions } from "./world-conditions.ts";
import { executorsOf } from "./world-executors.ts";
import type { BatchOutput, Program, WorldSpec } from "./scenario.ts";

export interface RunOptions {
  readonly program: Program;
  readonly world: WorldSpec;
  /** Beside those of the world. */
  readonly faults?: FaultScript;
  /** Each output operation collects its whole RDD, so that `BatchOutput.records` holds it. */
  readonly collectOutputs?: boolean;
  readonly onOutput?: (output: BatchOutput) => void;
  /** The name under which the program's source appears in stacks; null finds no lines. */
  readonly source?: string | null;
  readonly lens?: Lens;
  /** The checkpoint store, by file name: what an earlier run left, and what this one leaves. */
  readonly checkpointFiles?: StoredFiles;
}

const OVERLOADED_BATCHES = 10;

export class Run {
  readonly trace = new Trace();
  readonly #options: RunOptions;
  readonly #world: WorldSpec;
  readonly #simulation: Simulation;
  readonly #cluster: SimulatedCluster;
  readonly #applications: Applications;
  readonly #data: DataConditions;
  readonly #conditions = new WorldConditions();
  readonly #cost: CostModel;
  /** What the next driver is started with. */
  #conf: Readonly<Record<string, string>>;
  readonly #files: StoredFiles;
  readonly #dataFiles: SimulatedFiles;
  readonly #sockets: SimulatedSockets;
  readonly #plan: FaultPlan;
  readonly #source: string | null;
  #driver: Driver | null = null;
  #attempt = 0;
  /** After how long a driver that is being stopped starts again; null when it does not. */
  #restartMs: number | null = null;
  #isStopped = false;
  #batchesCompleted = 0;
  #records = 0;
  #countedMs = 0;
  /** The batches up to here hold all there was to read; null while there is more. */
  #drainedMs: number | null = null;
  readonly #settling = new Settling();
  #progressMs = 0;
  #appendedMs = -Infinity;
  #ended: RunEnd | null = null;
  #failure: { readonly error: StreamscopeError; readonly end: RunEnd } | null = null;

  /** Throws: ScenarioError BAD_WORLD. */
  constructor(options: RunOptions) {
    const faults = checkWorld(options.world, options.faults);
    this.#options = options;
    this.#world = options.world;
    this.#source = options.source ?? null;
    this.#files = options.checkpointFiles ?? new Map();
    this.#cost = { ...defaultCost, ...options.world.cost };
    this.#conf = options.world.conf ?? {};
    const { seed = 42, brokers = 1, cluster = {} } = options.world;
    this.#simulation = new Simulation({ seed, trace: this.trace });
    this.#cluster = new SimulatedCluster({
      runtime: this.#simulation,
      brokers,
      requestMs: this.#cost.requestMs,
      settings: cluster,
      makeCoordinators,
    });
    const client = (name: string): KafkaClient => this.#cluster.connect(name);
    this.#data = new DataConditions({ runtime: this.#simulation, client });
    this.#applications = new Applications({
      runtime: this.#simulation,
      client,
      world: options.world,
      data: this.#data,
      onError: (error) => this.#fail(error, "client failed"),
    });
    this.#dataFiles = new SimulatedFiles(this.#simulation);
    this.#sockets = new SimulatedSockets({
      runtime: this.#simulation,
      sockets: options.world.sockets ?? {},
      requestMs: this.#cost.requestMs,
    });
    this.#plan = new FaultPlan({
      faults: faults.map(({ spec }) => spec),
      simulation: this.#simulation,
      trace: this.trace,
      batchIntervalMs: this.#batchIntervalMs,
      targets: this.#faultTargets(),
    });
    this.#listen();
    this.#simulation.schedule(0, () => this.#begin(seed, brokers));
  }

  #begin(seed: number, brokers: number): void {
    this.#simulation.emit({
      kind: "run.started",
      version: TRACE_VERSION,
      seed,
      batchIntervalMs: this.#batchIntervalMs,
      defaultParallelism: this.#defaultParallelism,
      brokers,
    });
    for (const [topic, config] of Object.entries(this.#world.topics ?? {})) {
      this.#cluster.createTopic(topic, config);
    }
    for (const { path, atMs = 0, text } of this.#world.files ?? []) {
      const write = (): void => this.#dataFiles.write(path, text);
      if (atMs === 0) write();
      else this.#simulation.schedule(atMs, write);
    }
    this.#applications.start();
    this.#plan.start();
    this.#startDriver();
  }

  get #batchIntervalMs(): number {
    return this.#world.batchIntervalMs ?? 1000;
  }

  get #defaultParallelism(): number {
    return this.#world.defaultParallelism ?? 2;
  }

  #listen(): void {
    this.trace.listen((event) => {
      if (event.kind === "driver.started") this.#progressMs = event.atMs;
      if (event.kind === "records.appended") this.#appendedMs = event.atMs;
      if (event.kind === "driver.stopped") this.#driverStopped();
      if (event.kind !== "batch.completed") return;
      this.#progressMs = event.atMs;
      if (event.batchTimeMs <= this.#countedMs) return;
      this.#batchesCompleted += 1;
      this.#countedMs = event.batchTimeMs;
      this.#records += event.records;
    });
  }

  #startDriver(): void {
    this.#attempt += 1;
    const driver = new Driver({
      runtime: this.#simulation,
      broker: this.#cluster.connect("driver"),
      storeFor: (runtime) =>
        new SimulatedStore({
          files: this.#files,
          runtime,
          writeMs: this.#cost.checkpointMs,
          condition: this.#conditions.store,
        }),
      files: this.#dataFiles,
      sockets: this.#sockets,
      isRunOver: () => this.#isPastEnd(),
      build: (graph, rdds, lifecycle) =>
        this.#options.program(new StreamingContext(graph, rdds, lifecycle)),
      siteOf: siteFinder(this.#source),
      batchIntervalMs: this.#batchIntervalMs,
      defaultParallelism: this.#defaultParallelism,
      executors: executorsOf(this.#world),
      cost: this.#cost,
      conf: this.#conf,
      attempt: this.#attempt,
      collects: this.#options.collectOutputs ?? false,
      lens: this.#options.lens ?? null,
      sink: this.#conditions.sink,
      executorConditions: this.#conditions.executors,
      onOutput: ({ batch, job, number, lines, records }) => {
        this.#options.onOutput?.({
          batch: number,
          timeMs: batch.timeMs,
          output: job.output,
          operator: job.action.kind,
          lines,
          records,
          ranges: batch.ranges,
        });
      },
      onError: (error) => this.#fail(error),
    });
    this.#driver = driver;
    try {
      driver.start();
    } catch (thrown) {
      if (thrown instanceof AssertionFailure) throw thrown;
      if (thrown instanceof DriverDied) return;
      const error = asFailure(thrown, this.#source);
      this.#simulation.emit({ kind: "error.reported", message: error.message });
      this.#fail(error);
    }
  }

  #faultTargets(): FaultTargets {
    return faultTargets({
      spec: this.#world,
      applications: this.#applications,
      simulation: this.#simulation,
      cluster: this.#cluster,
      data: this.#data,
      conditions: this.#conditions,
      files: this.#files,
      driver: () => this.#driver,
      startDriver: (conf) => {
        this.#conf = conf ?? this.#conf;
        if (this.#ended === null && this.#driver?.isAlive !== true) this.#startDriver();
      },
      stopDriver: (gracefully, downMs, conf) => {
        this.#conf = conf ?? this.#conf;
        this.#stopDriver(gracefully, downMs);
      },
    });
  }

  #stopDriver(gracefully: boolean | null, downMs: number | null): void {
    this.#restartMs = downMs;
    this.#driver?.lifecycle.stopFromOutside({
      stopSparkContext: true,
      stopGracefully: gracefully ?? this.#driver?.settings.stopGracefullyOnShutdown ?? false,
    });
  }

  /** A context that stopped ends the run, unless another driver is to come. */
  #driverStopped(): void {
    const downMs = this.#restartMs;
    this.#restartMs = null;
    if (downMs === null) this.#isStopped = true;
    else this.#simulation.schedule(downMs, () => this.#startDriver());
  }

  #fail(error: StreamscopeError, end: RunEnd = "driver failed"): void {
    this.#failure ??= { error: withLine(error, this.#source), end };
  }

  /** Runs one queued action of the world; false when the run has ended. */
  step(): boolean {
    if (this.#ended !== null) return false;
    const end = this.#simulation.isInterrupted ? null : this.#shouldEnd();
    if (end !== null || !this.#simulation.step()) {
      this.#ended = end ?? "stopped";
      readBack(this.#world, this.#cluster, this.#simulation);
      this.#plan.tellUnused();
      this.#simulation.emit({ kind: "run.ended", reason: this.#ended });
      return false;
    }
    return true;
  }

  runToEnd(): void {
    for (let goesOn = true; goesOn;) goesOn = this.step();
  }

  #shouldEnd(): RunEnd | null {
    if (this.#failure !== null) return this.#failure.end;
    if (this.#isStopped) return "stopped";
    const { batches, untilMs, settleMs = 0 } = this.#world;
    const nextMs = this.#simulation.nextAtMs ?? Infinity;
    if (batches !== undefined && this.#batchesCompleted >= batches) return "batches";
    if (untilMs !== undefined) return nextMs > untilMs ? "until" : null;
    const isConsumed = batches === undefined && this.#isConsumed();
    if (isConsumed && this.#settling.isOver(this.nowMs, settleMs)) return "input consumed";
    return this.#isStuck() ? "driver failed" : null;
  }

  /** Inside a function of the person's that waits, the run cannot end by itself. */
  #isPastEnd(): boolean {
    const { untilMs } = this.#world;
    const nextMs = this.#simulation.nextAtMs ?? Infinity;
    return untilMs === undefined ? this.#isStuck() : nextMs > untilMs;
  }

  /** Everything produced has been through a finished batch. */
  #isConsumed(): boolean {
    const driver = this.#driver;
    if (driver === null || !driver.isAlive || !this.#isDrained(driver)) {
      this.#drainedMs = null;
      return false;
    }
    if (driver.isQuiet) return true;
    // Batches that take longer than the interval never leave the driver quiet.
    this.#drainedMs ??= driver.lastBatchMs ?? 0;
    const overloadMs = this.#drainedMs + OVERLOADED_BATCHES * this.#batchIntervalMs;
    return (driver.oldestPendingMs ?? -Infinity) > overloadMs;
  }

  #isDrained(driver: Driver): boolean {
    return (
      !this.#applications.isProducing &&
      !this.#sockets.hasMore &&
      isDrained(driver, {
        world: this.#world,
        appendedMs: this.#appendedMs,
        readableEnd: (topic, partition) => this.#cluster.readableEnd(topic, partition),
      })
    );
  }

  /** Batches come, and none has completed for very long: it would go on for ever. */
  #isStuck(): boolean {
    const quietMs = this.#simulation.now() - this.#progressMs;
    const driver = this.#driver;
    if (driver?.isAlive !== true || quietMs <= STUCK_BATCHES * this.#batchIntervalMs) return false;
    if (driver.oldestPendingMs === null) return false;
    this.#fail(stuckError(quietMs, driver.oldestPendingMs));
    return true;
  }

  get ended(): RunEnd | null {
    return this.#ended;
  }

  get nowMs(): number {
    return this.#simulation.now();
  }

  /** When the next action is due; null when none is. */
  get nextAtMs(): number | null {
    return this.#simulation.nextAtMs;
  }

  /** Actions of the world begun so far; some are parts of others. Faults strike between two. */
  get actions(): number {
    return this.#simulation.actions;
  }

  /** The first error reported; the run ends with it. */
  get failure(): StreamscopeError | null {
    return this.#failure?.error ?? null;
  }

  /** What the simulated log holds now. */
  readLog(topic: string, partition: number): readonly LogRecord[] {
    return this.#cluster.readLog(topic, partition);
  }

  /** Data files that lie directly in a directory, by name. */
  listFiles(directory: string): readonly FileStatus[] {
    return this.#dataFiles.list(directory) ?? [];
  }

  /** The text of a data file; null for none. */
  readFile(path: string): string | null {
    return this.#dataFiles.read(path);
  }

  /** Where in the source each DStream was made; empty without a source. */
  sites(): readonly { readonly node: number; readonly line: number; readonly column: number }[] {
    return (this.#driver?.graph.nodes ?? []).flatMap(({ id, site: { line, column } }) =>
      line === null || column === null ? [] : [{ node: id, line, column }],
    );
  }

  /** Records and batches completed, each once however often it ran. */
  summary(): RunSummary {
    return {
      records: this.#records,
      batches: this.#batchesCompleted,
      virtualMs: this.#simulation.now(),
      traceHash: this.trace.hash,
    };
  }
}
