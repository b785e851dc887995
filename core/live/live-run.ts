/** A run on a real Kafka in real time: the same program, driver and producer as in the simulation,
 *  over the live carriers of the ports. It stops in good order when asked, and the next run with
 *  the same checkpoint directory goes on from there. */

import { AssertionFailure } from "../base/assert.ts";
import { LiveError, type StreamscopeError } from "../base/errors.ts";
import type { Broker } from "../broker/broker.ts";
import { Producer } from "../client/producer.ts";
import { siteFinder } from "../dsl/site.ts";
import { StreamingContext } from "../dsl/streaming-context.ts";
import type { ProducerRecord } from "../record/record.ts";
import { asFailure } from "../scenario/failure.ts";
import type { BatchOutput, Program, WorkloadSpec, WorldSpec } from "../scenario/scenario.ts";
import type { CostModel } from "../scheduler/cost-model.ts";
import { Driver } from "../stream/driver.ts";
import { readSettings } from "../stream/settings.ts";
import { type RunEnd, TRACE_VERSION, type TraceEvent } from "../trace/event.ts";
import type { Trace } from "../trace/trace.ts";
import { FileCheckpoints } from "./file-checkpoints.ts";
import { KafkajsBroker } from "./kafkajs-broker.ts";
import { type LiveFeed, writeFeed } from "./live-feed.ts";
import { LiveInput } from "./live-input.ts";
import { LiveSockets } from "./live-sockets.ts";
import { type LiveTopic, openTopic } from "./live-topics.ts";
import { NodeFiles } from "./node-files.ts";
import { ObservedBroker } from "./observed-broker.ts";
import { WallClockRuntime } from "./wall-clock-runtime.ts";

export interface LiveRunOptions {
  readonly program: Program;
  /** Its topics are made where they are missing; its workload is written in real time. Brokers,
   *  faults and costs of the simulation have no meaning here. */
  readonly world: WorldSpec;
  /** Written beside the workload, as they arrive. */
  readonly feeds?: readonly LiveFeed[];
  /** `host:port`, or several with commas between; null for a run without Kafka, whose records come
   *  from receivers. */
  readonly bootstrap: string | null;
  /** What a relative checkpoint directory is relative to. */
  readonly root: string;
  readonly trace: Trace;
  readonly collectOutputs?: boolean;
  readonly onOutput?: (output: BatchOutput) => void;
  /** What a person may want to know, in a sentence. */
  readonly onNote?: (text: string) => void;
  /** As `RunOptions.source`. */
  readonly source?: string | null;
}

export interface LiveEnd {
  readonly reason: RunEnd;
  readonly failure: StreamscopeError | null;
  readonly records: number;
  readonly batches: number;
  readonly elapsedMs: number;
  /** Where the next run goes on from; null where the program keeps no checkpoint. */
  readonly checkpointDirectory: string | null;
}

/** Real work takes its own time. */
const noCost: CostModel = {
  generateBatchMs: 0,
  taskMs: 0,
  recordUs: 0,
  shuffleRecordUs: 0,
  requestMs: 0,
  checkpointMs: 0,
};
/** Where a program asks for topics and the run has no Kafka. */
const noKafka: Broker = {
  send: () => {
    throw new LiveError(
      "BAD_OPTION",
      "the pipeline uses a topic, and this live run has no Kafka; name one with --broker",
    );
  },
};
const lookEveryMs = 20;
const stopWithinMs = 60_000;

export class LiveRun {
  readonly #options: LiveRunOptions;
  readonly #world: WorldSpec;
  readonly #runtime: WallClockRuntime;
  readonly #kafka: KafkajsBroker | null;
  readonly #sockets: LiveSockets;
  readonly #broker: ObservedBroker;
  readonly #store: FileCheckpoints;
  readonly #source: string | null;
  readonly #inputs: LiveInput[] = [];
  readonly #ended: Promise<void>;
  #resolveEnded: () => void = () => {};
  #topics: readonly LiveTopic[] = [];
  #driver: Driver | null = null;
  #directory: string | null = null;
  #startMs = 0;
  #writersLeft = 0;
  #batches = 0;
  #records = 0;
  #countedMs = 0;
  #stopping: RunEnd | null = null;
  #reason: RunEnd | null = null;
  #failure: StreamscopeError | null = null;
  #hasToldSilence = false;

  /** Throws: LiveError BAD_OPTION where `bootstrap` does not name brokers. */
  constructor(options: LiveRunOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#source = options.source ?? null;
    const { trace, bootstrap, root } = options;
    this.#runtime = new WallClockRuntime({
      trace,
      seed: options.world.seed ?? 42,
      onError: (thrown) => this.#fail(thrown),
    });
    const replyTo = (): ((action: () => void) => void) => this.#runtime.replyTo();
    const onError = (error: LiveError): void => this.#fail(error);
    this.#kafka = bootstrap === null ? null : new KafkajsBroker({ bootstrap, replyTo, onError });
    this.#broker = new ObservedBroker(this.#runtime, this.#kafka ?? noKafka);
    this.#sockets = new LiveSockets((action) => this.#runtime.deliver(action));
    this.#store = new FileCheckpoints({ root, replyTo });
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    trace.listen((event) => this.#count(event));
  }

  /** Runs until its end. Throws: LiveError BROKER_UNREACHABLE; ScenarioError BAD_WORLD. */
  async run(): Promise<LiveEnd> {
    readSettings(this.#world.conf ?? {});
    try {
      await this.#kafka?.connect();
      await this.#openTopics();
      this.#startMs = this.#runtime.now();
      this.#runtime.deliver(() => {
        if (this.#reason !== null) return;
        this.#begin();
        this.#startDriver();
      });
      await this.#ended;
    } finally {
      this.#runtime.stop();
      this.#sockets.close();
      await this.#kafka?.close();
    }
    return {
      reason: this.#reason ?? "stopped",
      failure: this.#failure,
      records: this.#records,
      batches: this.#batches,
      elapsedMs: this.#runtime.now() - this.#startMs,
      checkpointDirectory: this.#directory,
    };
  }

  /** Makes no more batches, finishes those under way with their checkpoint, then ends. */
  stop(): void {
    this.#runtime.deliver(() => this.#stop("stopped"));
  }

  #stop(reason: RunEnd): void {
    if (this.#stopping !== null || this.#reason !== null) return;
    this.#stopping = reason;
    if (this.#driver?.lastBatchMs === undefined || this.#driver.lastBatchMs === null) {
      this.#end(reason);
      return;
    }
    this.#driver.stop(() => this.#end(reason));
    // A broker that has gone for good must not keep the run from ending.
    this.#runtime.schedule(stopWithinMs, () => this.#end(reason));
  }

  #end(reason: RunEnd): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.#runtime.emit({ kind: "run.ended", reason });
    this.#runtime.stop();
    this.#resolveEnded();
  }

  #fail(thrown: unknown): void {
    this.#failure ??= this.#asFailure(thrown);
    this.#end("driver failed");
  }

  #asFailure(thrown: unknown): StreamscopeError {
    if (thrown instanceof AssertionFailure) {
      return new LiveError("CONTEXT_STATE", `${thrown.name}: ${thrown.message}`, { cause: thrown });
    }
    return asFailure(thrown, this.#source);
  }

  async #openTopics(): Promise<void> {
    const note = (text: string): void => this.#options.onNote?.(text);
    const topics: LiveTopic[] = [];
    for (const [topic, config] of Object.entries(this.#world.topics ?? {})) {
      if (this.#kafka !== null) topics.push(await openTopic(this.#kafka, topic, config, note));
    }
    this.#topics = topics;
  }

  #begin(): void {
    this.#runtime.emit({
      kind: "run.started",
      version: TRACE_VERSION,
      seed: this.#world.seed ?? 42,
      batchIntervalMs: this.#world.batchIntervalMs ?? 1000,
      defaultParallelism: this.#world.defaultParallelism ?? 2,
      brokers: new Set(this.#topics.flatMap(({ leaders }) => leaders)).size,
    });
    for (const { topic, leaders, ends } of this.#topics) {
      this.#runtime.emit({ kind: "topic.created", topic, leaders });
      for (const [partition, end] of ends.entries()) this.#broker.setEnd(topic, partition, end);
    }
  }

  #startDriver(): void {
    const world = this.#world;
    this.#driver = new Driver({
      runtime: this.#runtime,
      broker: this.#broker,
      storeFor: () => this.#store,
      files: new NodeFiles(),
      sockets: this.#sockets,
      build: (graph, rdds, lifecycle) => {
        this.#options.program(new StreamingContext(graph, rdds, lifecycle));
        this.#directory = graph.checkpointDirectory;
        this.#openInputs();
      },
      siteOf: siteFinder(this.#source),
      batchIntervalMs: world.batchIntervalMs ?? 1000,
      defaultParallelism: world.defaultParallelism ?? 2,
      executors: (world.executors ?? [{ cores: 1 }, { cores: 1 }]).map(({ cores }) => ({
        cores,
        speedPercent: 100,
        memoryRecords: null,
      })),
      cost: noCost,
      conf: world.conf ?? {},
      attempt: 1,
      collects: this.#options.collectOutputs ?? false,
      lens: null,
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
    this.#driver.start();
  }

  get #writers(): readonly (WorkloadSpec | LiveFeed)[] {
    return [...(this.#world.workload ?? []), ...(this.#options.feeds ?? [])];
  }

  /** After the program has named its checkpoint directory, before the driver asks for offsets. */
  #openInputs(): void {
    for (const writer of this.#writers) {
      const found = this.#topics.find(({ topic }) => topic === writer.topic);
      if (found === undefined || this.#inputs.some(({ topic }) => topic === found.topic)) continue;
      const input = LiveInput.open(found, this.#store, this.#directory);
      for (const [partition, offset] of input.startOffsets.entries()) {
        this.#broker.setStart(input.topic, partition, offset);
      }
      this.#inputs.push(input);
    }
  }

  /** Once the driver knows where it starts to read, so that it misses nothing. */
  #startWriters(): void {
    const startMs = this.#runtime.now();
    for (const writer of this.#writers) {
      const input = this.#inputs.find(({ topic }) => topic === writer.topic);
      if (input === undefined) continue;
      this.#writersLeft += 1;
      if (input.writtenBefore > 0) {
        this.#options.onNote?.(
          `${input.writtenBefore} records of topic ${input.topic} were written before; ` +
            "going on after them",
        );
      }
      input.begin((error) => {
        if (error !== null) this.#fail(cannotKeep(error));
        else if ("arrivals" in writer) this.#feed(writer, input);
        else this.#write(writer, input, startMs);
      });
    }
    this.#look();
  }

  #write(workload: WorkloadSpec, input: LiveInput, startMs: number): void {
    const random = this.#runtime.random(`workload ${workload.topic} ${this.#writersLeft}`);
    const records = input.remaining(workload.records(random), startMs);
    this.#produce(workload, input, records, () => {
      this.#writersLeft -= 1;
    });
  }

  #feed(feed: LiveFeed, input: LiveInput): void {
    void writeFeed(feed, input, {
      now: () => Date.now(),
      produce: (records, done) => {
        this.#runtime.deliver(() => this.#produce(feed, input, records, done));
      },
    }).then(
      () =>
        this.#runtime.deliver(() => {
          this.#writersLeft -= 1;
        }),
      (thrown: unknown) => this.#runtime.deliver(() => this.#fail(thrown)),
    );
  }

  #produce(
    of: Pick<WorkloadSpec, "topic" | "partitioner" | "lingerMs">,
    input: LiveInput,
    records: Iterable<ProducerRecord>,
    onDone: () => void,
  ): void {
    const { topic, partitioner = "default", lingerMs = 0 } = of;
    new Producer({
      runtime: this.#runtime,
      broker: this.#broker,
      topic,
      partitions: input.startOffsets.length,
      partitioner,
      lingerMs,
      records: records[Symbol.iterator](),
      onDone,
      onError: (error) => this.#fail(error),
    }).start();
  }

  /** Looks again and again whether the run is over. */
  #look(): void {
    const end = this.#shouldEnd();
    if (end !== null) {
      if (end === "input consumed") for (const input of this.#inputs) input.forget();
      this.#stop(end);
      return;
    }
    this.#runtime.schedule(lookEveryMs, () => this.#look());
  }

  #shouldEnd(): RunEnd | null {
    const { batches, untilMs } = this.#world;
    if (batches !== undefined) return this.#batches >= batches ? "batches" : null;
    if (untilMs !== undefined) {
      return this.#runtime.now() - this.#startMs >= untilMs ? "until" : null;
    }
    const driver = this.#driver;
    if (this.#inputs.length === 0 || this.#writersLeft > 0 || driver === null) return null;
    if (driver.lastBatchMs === null || !driver.isQuiet || driver.queuedBatches > 0) return null;
    return this.#broker.isConsumed(driver.positions) ? "input consumed" : null;
  }

  #count(event: TraceEvent): void {
    if (event.kind === "driver.started") {
      if (event.recoveredFrom !== null) {
        this.#options.onNote?.(`resuming from checkpoint ${event.recoveredFrom}`);
      }
      this.#runtime.schedule(0, () => this.#startWriters());
    }
    if (event.kind === "request.failed") this.#tellSilence(event);
    if (event.kind !== "batch.completed") return;
    this.#hasToldSilence = false;
    this.#batches += 1;
    if (event.batchTimeMs <= this.#countedMs) return;
    this.#countedMs = event.batchTimeMs;
    this.#records += event.records;
  }

  /** Once for each time the broker goes away. */
  #tellSilence(event: Extract<TraceEvent, { kind: "request.failed" }>): void {
    if (this.#hasToldSilence || event.retryInMs === null) return;
    this.#hasToldSilence = true;
    this.#options.onNote?.(
      `Kafka does not answer ${event.request} for topic ${event.topic} (${event.error}); ` +
        "trying again",
    );
  }
}

function cannotKeep(error: string): LiveError {
  return new LiveError("FILE_NOT_FOUND", `the checkpoint cannot be written: ${error}`);
}
